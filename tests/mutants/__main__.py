"""Run every mutant of the clinical rules against their tests: ``python -m tests.mutants``."""

import sys
import tempfile
from pathlib import Path

from tests.mutants.running import run

with tempfile.TemporaryDirectory(prefix="ruleout-mutants-") as folder:
    verdict = run(Path(folder), tell=lambda words: print(words, flush=True))
sys.exit(verdict.fails)
