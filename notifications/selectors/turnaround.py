"""Turnaround: how long rule-outs take from promise to promise, and what was missed, by center and week. Three queries.

Weeks begin on Monday where the center is; a rule-out belongs to the week of its first answer, a missed step to that in
which its time passed, a text to that in which it was due.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from clinic.models import Center
from clinic.result_rules import TELL_WITHIN_MINUTES

FOLDER = Path(__file__).with_name("sql")
QUERIES = ("spans", "late_steps", "texts")
#: Minutes from the telling to the first dose (clinical.md section 5: treatment start within the hour).
TREAT_WITHIN_MINUTES = 60
WEEK = timedelta(days=7)

#: A center's id and a week's Monday; None where the figures are of all of them.
Key = tuple[int | None, date | None]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """How many kept a clock, of those whose clock has run out or who were served."""

    met: int = 0
    due: int = 0

    @property
    def percent(self) -> float | None:
        """The share that kept it; None where nobody was due."""
        return 100 * self.met / self.due if self.due else None


@dataclass(frozen=True)
class Span:
    """How long it took, in minutes: how many are counted, their median and 90th percentile, and the clock kept."""

    count: int = 0
    median: float | None = None
    ninetieth: float | None = None
    kept: Kept = Kept()


@dataclass(frozen=True)
class Figures:
    """What a manager looks at, of one center and week, or of all."""

    asked: int = 0
    scan: Span = Span()
    told: Span = Span()
    treated: Span = Span()
    result: Kept = Kept()
    missed: int = 0
    rescued: int = 0
    still_open: int = 0
    given_up: int = 0
    texts: int = 0
    undelivered: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look at."""
        return not (self.asked or self.missed or self.texts)


@dataclass(frozen=True)
class Turnaround:
    """All figures of a span of weeks."""

    weeks: list[date]
    centers: list[Center]
    figures: Mapping[Key, Figures]

    @property
    def total(self) -> Figures:
        """Of all centers and weeks."""
        return self.of()

    def of(self, center: Center | None = None, week: date | None = None) -> Figures:
        """Of one center, of one week, or of both."""
        return self.figures.get((center.pk if center else None, week), Figures())


def turnaround(*, now: datetime, weeks: int, center: Center | None = None) -> Turnaround:
    """Return the figures of so many weeks, the running one included; of one center where it is named."""
    this_monday = now.date() - timedelta(days=now.date().weekday())
    mondays = [this_monday - WEEK * ago for ago in reversed(range(weeks))]
    asked = {
        "first": mondays[0],
        "until": this_monday + WEEK,
        "now": now,
        "center": center.pk if center else None,
        "tell_within": timedelta(minutes=TELL_WITHIN_MINUTES),
        "treat_within": timedelta(minutes=TREAT_WITHIN_MINUTES),
    }
    figures: dict[Key, Figures] = defaultdict(Figures)
    for name, read in zip(QUERIES, (_spans, _late_steps, _texts), strict=True):
        for row in _rows(name, asked):
            key = (row["center_id"], row["week"])
            figures[key] = replace(figures[key], **read(row))
    seen = {center_id for center_id, _ in figures if center_id is not None}
    return Turnaround(mondays, list(Center.objects.filter(pk__in=seen).order_by("code")), dict(figures))


def _rows(name: str, asked: Mapping[str, Any]) -> Iterable[Row]:
    query = (FOLDER / f"{name}.sql").read_text()
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _spans(row: Row) -> dict[str, Any]:
    return {
        "asked": row["asked"],
        "scan": Span(row["scans"], *_of_two(row["to_scan"]), Kept(row["scan_met"], row["scan_due"])),
        "told": Span(row["tellings"], *_of_two(row["to_told"]), Kept(row["told_met"], row["told_due"])),
        "treated": Span(row["treatments"], *_of_two(row["to_treated"]), Kept(row["treated_met"], row["treated_due"])),
        "result": Kept(row["result_met"], row["result_due"]),
    }


def _of_two(percentiles: list[float] | None) -> tuple[float | None, float | None]:
    return (percentiles[0], percentiles[1]) if percentiles else (None, None)


def _late_steps(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("missed", "rescued", "still_open", "given_up")}


def _texts(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("texts", "undelivered")}
