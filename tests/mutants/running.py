"""One run: every mutant of the rules, and what came of it."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.mutants import functions, tables
from tests.mutants.copies import prepare
from tests.mutants.verdict import Verdict, explained

EXPLAINED = Path(__file__).with_name("explained.toml")


def run(folder: Path, *, tell: Callable[[str], None]) -> Verdict:
    """Try every mutant on copies below ``folder``; tell the progress, the score and the survivors."""
    since = time.monotonic()
    prepare(folder / "functions")
    outcomes = (functions.run(folder / "functions", tell), tables.run(folder / "tables", tell))
    verdict = Verdict(outcomes, explained(EXPLAINED))
    tell("\n".join([*verdict.lines(), f"It took {(time.monotonic() - since) / 60:.0f} min."]))
    return verdict
