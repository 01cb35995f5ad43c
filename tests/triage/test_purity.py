"""The rules run on the standard library alone."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = (
    "triage.rules",
    "triage.roster",
    "triage.questionnaire",
    "triage.contradictions",
    "triage.examination",
    "triage.words",
)


def test_importing_the_rules_loads_nothing_but_the_standard_library() -> None:
    # -S leaves site-packages off the path: any other package fails to import.
    program = f"import {', '.join(MODULES)}"
    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
