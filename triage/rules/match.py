"""A rule that matched: what it asks for, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from triage.answers import Answers
from triage.urgency import Disposition, Urgency, urgency_of

ED_MINUTES = 60
TIER_1_MINUTES = 240
TIER_2_MINUTES = 720
CONSULT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Match:
    """One clause of the table that holds, such as ``R8.tier1``; ``fired`` names the answers that fired it."""

    clause: str
    disposition: Disposition
    fired: tuple[str, ...]
    tier: int | None = None
    within_minutes: int | None = None
    within_days: int | None = None
    hold_slot: bool = False

    @property
    def rule(self) -> str:
        """The rule without its clause."""
        return self.clause.partition(".")[0]

    @property
    def urgency(self) -> Urgency:
        """Its place in the order of urgency."""
        return urgency_of(self.disposition, self.tier, self.within_minutes)


def emergency(clause: str, fired: tuple[str, ...]) -> Match:
    """Call 911, now."""
    return Match(clause, Disposition.EMERGENCY_911, fired, within_minutes=0)


def ed_now(clause: str, fired: tuple[str, ...]) -> Match:
    """To an emergency department within the hour."""
    return Match(clause, Disposition.ED_NOW, fired, within_minutes=ED_MINUTES)


def callback(clause: str, minutes: int, fired: tuple[str, ...], *, hold_slot: bool = False) -> Match:
    """A clinician calls within ``minutes``."""
    return Match(clause, Disposition.CLINICIAN_CALLBACK, fired, within_minutes=minutes, hold_slot=hold_slot)


def scan(clause: str, tier: int, fired: tuple[str, ...]) -> Match:
    """A scan today: tier 1 with its result within 240 minutes of the request, tier 2 within 720."""
    minutes = TIER_1_MINUTES if tier == 1 else TIER_2_MINUTES
    return Match(clause, Disposition.SAME_DAY_DVT_SCAN, fired, tier=tier, within_minutes=minutes)


def consult(clause: str, fired: tuple[str, ...]) -> Match:
    """A consultation within 14 days."""
    return Match(clause, Disposition.VASCULAR_CONSULT, fired, within_days=CONSULT_DAYS)


def named(answers: Answers, paths: tuple[str, ...], *values: Any) -> tuple[str, ...]:
    """Those of ``paths`` (``group.key``) whose answer is one of ``values``."""
    return tuple(path for path in paths if answer_at(answers, path) in values)


def answer_at(answers: Answers, path: str) -> Any:
    """The answer at ``group.key``, or at a key of the top level."""
    return _reader(path)(answers)


@cache
def _reader(path: str) -> Callable[[Answers], Any]:
    """Paths are the rules' own, and few: looking one up takes longer than reading the answer."""
    return attrgetter(path)
