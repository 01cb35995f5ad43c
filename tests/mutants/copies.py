"""Copies of the rules and their pure tests: the checkout is never touched, and no database is started."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutants.scope import TESTS

ROOT = Path(__file__).resolve().parents[2]
TEST_PATHS = tuple(f"tests/triage/{name}" for name in TESTS)
PYTEST = (sys.executable, "-m", "pytest", "-c", "pytest.ini", "-x", "-q", "-p", "no:cacheprovider", *TEST_PATHS)
# Plugins that are installed would start what the rules don't need.
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
# A mutant may loop for ever. All the tests take a second or two.
TIMEOUT_SECONDS = 60


class MutantsNotRun(RuntimeError):
    """The run itself failed, so that it says nothing of the tests."""


def prepare(copy: Path) -> None:
    """Make a copy below this folder, whose tests pass as long as nothing is mutated."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "triage", copy / "triage", ignore=ignored)
    shutil.copytree(ROOT / "tests" / "triage", copy / "tests" / "triage", ignore=ignored)
    (copy / "tests" / "__init__.py").touch()
    # A configuration of its own: none of the product's, which would start a database.
    (copy / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(PYTEST, cwd=copy, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        raise MutantsNotRun(f"The tests fail without any mutant:\n{done.stdout}{done.stderr}")


def is_noticed(copy: Path) -> bool:
    """Whether a test fails, or never ends, on the copy as it stands."""
    # Compiled files of the mutated module would outlive it.
    env = {**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return bool(subprocess.run(PYTEST, cwd=copy, env=env, capture_output=True, timeout=TIMEOUT_SECONDS).returncode)
    except subprocess.TimeoutExpired:
        return True
