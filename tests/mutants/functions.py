"""Mutants of what stands in functions, by mutmut. It forks a process for each, which runs the tests that reach it."""

import ast
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.mutants import scope
from tests.mutants.copies import ENVIRONMENT, TEST_PATHS, MutantsNotRun
from tests.mutants.verdict import Mutation, Outcome, from_diff

WORKER = Path(__file__).with_name("worker.py")
SECONDS_BETWEEN = 60
# A mutant that no test reaches survives as well. A test that crashes or never ends has noticed.
SURVIVES = ("survived", "no tests")
NOTICED = ("killed", "timeout", "segfault")
_PROGRESS = re.compile(r"(\d+)/(\d+) ")
_RESULT = re.compile(r"^ +(\S+): (.+)$", re.MULTILINE)


def run(copy: Path, tell: Callable[[str], None]) -> Outcome:
    """Try every mutant that mutmut makes of the copy."""
    for module in scope.sources():
        path = copy / module
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")
    (copy / "setup.cfg").write_text(_settings())
    _try_all(copy, tell)
    _mutmut(copy, "export-cicd-stats")
    counts = json.loads((copy / "mutants" / "mutmut-cicd-stats.json").read_text())
    tried = counts["total"]
    alive = [name for name, status in _RESULT.findall(_mutmut(copy, "results")) if status in SURVIVES]
    if sum(counts[name] for name in NOTICED) + len(alive) != tried:
        raise MutantsNotRun(f"Not every mutant was tried: {counts}")
    return Outcome("In functions", tried, tuple(sorted((_shown(copy, name) for name in alive), key=str)))


def undecorated(source: str) -> str:
    """The module with its properties and cached functions as plain functions, the only ones that mutmut mutates.

    A property is made one below its function. A cache would keep what the rules said before they were mutated.
    """
    lines = source.splitlines(keepends=True)
    decorated = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(decorated, key=lambda node: node.lineno, reverse=True):
        for decorator in node.decorator_list:
            name = ast.unparse(decorator)
            if name == "property":
                lines.insert(node.end_lineno or 0, f"{' ' * node.col_offset}{node.name} = property({node.name})\n")
            if name in {"property", "cache"}:
                lines[decorator.lineno - 1] = "\n"
    return "".join(lines)


def _settings() -> str:
    settings = {
        "source_paths": ["triage"],
        "only_mutate": scope.sources(),
        "also_copy": ["tests", "pytest.ini"],
        "pytest_add_cli_args": ["-cpytest.ini", "-pno:cacheprovider"],
        "pytest_add_cli_args_test_selection": TEST_PATHS,
        "use_git_change_detection": ["false"],
    }
    rows = (f"{name} =\n" + "".join(f"    {value}\n" for value in values) for name, values in settings.items())
    return "[mutmut]\n" + "".join(rows).replace(" =\n    false", " = false")


def _try_all(copy: Path, tell: Callable[[str], None]) -> None:
    log = copy / "mutmut.log"
    with log.open("wb") as output:
        # A session of its own, so that the worker can end itself together with all that it forks.
        worker = subprocess.Popen(
            [sys.executable, str(WORKER), "run", "--max-children", str(os.cpu_count() or 1)],
            cwd=copy,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with worker:
        told = time.monotonic()
        while worker.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - told >= SECONDS_BETWEEN:
                told = time.monotonic()
                counts = _PROGRESS.findall(log.read_text(errors="replace")[-500:])
                tell("  in functions: {} of {}".format(*counts[-1]) if counts else "  making the mutants")
    if worker.returncode:
        raise MutantsNotRun(f"mutmut ended with {worker.returncode}:\n{log.read_text(errors='replace')[-4000:]}")


def _mutmut(copy: Path, *words: str) -> str:
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, cwd=copy, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout


def _shown(copy: Path, name: str) -> Mutation:
    diff = _mutmut(copy, "show", name).splitlines()
    (module,) = (line.removeprefix("--- ") for line in diff if line.startswith("--- "))
    return from_diff(module, diff)
