"""Runs the mutants with cosmic-ray, on copies: the checkout is never touched."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkResult

from tests.mutants import scope
from tests.mutants.verdict import Mutation, Verdict, explained, from_diff

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = Path(__file__).with_name("explained.toml")
# A mutant may loop for ever. The tests take a second or two.
TIMEOUT_SECONDS = 60
SECONDS_BETWEEN = 15
CONFIG = "mutants.toml"
SESSION = "mutants.sqlite"
MOST_WORKERS = 8

Tell = Callable[[str], None]


class MutantsNotRun(RuntimeError):
    """The run itself failed, so that it says nothing of the tests."""


def run(folder: Path, *, tell: Tell) -> Verdict:
    """Try every mutant on copies below ``folder``; tell the progress, the score and the survivors."""
    since = time.monotonic()
    copies = [folder / str(number) for number in range(max(1, min(MOST_WORKERS, os.cpu_count() or 1)))]
    for copy, modules in zip(copies, _shares(len(copies)), strict=True):
        _prepare(copy, modules)
    tell(f"Mutants of the clinical rules: {sum(map(_pending, copies))} to try.")
    _check_that_all_is_well_without_a_mutant(copies[0])
    with _workers(copies) as workers:
        _watch(workers, copies, tell)
    verdict = _verdict(copies)
    tell("\n".join([*verdict.lines(), f"It took {(time.monotonic() - since) / 60:.0f} min."]))
    return verdict


def _shares(count: int) -> list[list[str]]:
    """The mutated files, parted into so many shares of about the same size."""
    shares: list[list[str]] = [[] for _ in range(count)]
    sizes = [0] * count
    for path in sorted(scope.sources(ROOT), key=lambda path: path.stat().st_size, reverse=True):
        least = sizes.index(min(sizes))
        shares[least].append(path.relative_to(ROOT).as_posix())
        sizes[least] += path.stat().st_size
    return shares


def _prepare(copy: Path, modules: list[str]) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "triage", copy / "triage", ignore=ignored)
    shutil.copytree(ROOT / "tests" / "triage", copy / "tests" / "triage", ignore=ignored)
    (copy / "tests" / "__init__.py").touch()
    # A configuration of its own: none of the product's, which would start a database.
    (copy / "pytest.ini").write_text("[pytest]\n")
    words = ", ".join(f'"{module}"' for module in modules)
    (copy / CONFIG).write_text(
        f'[cosmic-ray]\nmodule-path = [{words}]\ntimeout = {TIMEOUT_SECONDS}\ntest-command = "{_test_command()}"\n'
        '[cosmic-ray.distributor]\nname = "local"\n'
    )
    subprocess.run(
        [sys.executable, "-m", "cosmic_ray.cli", "init", CONFIG, SESSION], cwd=copy, env=_environment(), check=True
    )
    with use_db(copy / SESSION, mode=WorkDB.Mode.open) as db:
        for item in db.work_items:
            (mutation,) = item.mutations
            source = (copy / mutation.module_path).read_text(encoding="utf-8")
            if scope.is_idle(mutation.operator_name, mutation.start_pos, mutation.end_pos, source):
                db.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))


def _test_command() -> str:
    tests = " ".join(f"tests/triage/{name}" for name in scope.TESTS)
    return f"{sys.executable} -m pytest -c pytest.ini -x -q -p no:cacheprovider {tests}"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}


def _check_that_all_is_well_without_a_mutant(copy: Path) -> None:
    done = subprocess.run(_test_command().split(), cwd=copy, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise MutantsNotRun(f"The tests fail without any mutant:\n{done.stdout}{done.stderr}")


@contextmanager
def _workers(copies: list[Path]) -> Iterator[list[subprocess.Popen[bytes]]]:
    worker = str(Path(__file__).with_name("worker.py"))
    started = [
        subprocess.Popen([sys.executable, worker, CONFIG, SESSION], cwd=copy, env=_environment(), stdin=subprocess.PIPE)
        for copy in copies
    ]
    try:
        yield started
    finally:
        for each in started:
            each.terminate()
            each.wait()


def _watch(workers: list[subprocess.Popen[bytes]], copies: list[Path], tell: Tell) -> None:
    told = time.monotonic()
    while any(worker.poll() is None for worker in workers):
        time.sleep(0.5)
        if time.monotonic() - told >= SECONDS_BETWEEN:
            told = time.monotonic()
            tell(f"  {sum(map(_pending, copies))} to go")


def _pending(copy: Path) -> int:
    with use_db(copy / SESSION, mode=WorkDB.Mode.open) as db:
        return int(db.num_work_items - db.num_results)


def _verdict(copies: list[Path]) -> Verdict:
    killed = idle = 0
    survivors: list[Mutation] = []
    for copy in copies:
        if _pending(copy):
            raise MutantsNotRun("Not every mutant was tried: what cosmic-ray says above tells why.")
        with use_db(copy / SESSION, mode=WorkDB.Mode.open) as db:
            for item, result in db.completed_work_items:
                if result.worker_outcome == WorkerOutcome.SKIPPED:
                    idle += 1
                elif result.worker_outcome != WorkerOutcome.NORMAL:
                    raise MutantsNotRun(f"A mutant of {item.mutations[0].module_path} was not tried: {result.output}")
                elif result.is_killed:
                    killed += 1
                else:
                    survivors.append(from_diff(item.mutations[0].module_path.as_posix(), result.diff or ""))
    survivors.sort(key=lambda mutation: (mutation.module, mutation.was, mutation.becomes))
    return Verdict(killed, tuple(survivors), explained(EXPLAINED), idle)
