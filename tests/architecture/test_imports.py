"""Imports point one way, and a planted violation is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.local import places

APPS = ("clinic", "triage", "scheduling", "notifications")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, to plant violations in."""
    root = tmp_path_factory.mktemp("sources")
    for app in APPS:
        shutil.copytree(places.CHECKOUT / app, root / app, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(places.CHECKOUT / "pyproject.toml", root)
    return root


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run([sys.executable, "-c", command, "--no-cache"], cwd=root, capture_output=True, text=True)


def test_the_sources_keep_to_the_direction(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("clinic/phones.py", "import scheduling.models"),
        ("triage/apps.py", "import clinic.settings"),
        ("triage/wells.py", "import django.db.models"),
        ("clinic/local/ports.py", "import django.conf"),
    ],
)
def test_a_planted_violation_is_found(copy: Path, file: str, line: str) -> None:
    original = (copy / file).read_text()
    (copy / file).write_text(f"{original}\n{line}\n")
    done = lint(copy)
    (copy / file).write_text(original)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout
