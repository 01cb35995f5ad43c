"""The replay's table: one row for each size and each group of centers, as text, CSV and JSON."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from scheduling.simulation.replay import Outcome

ALL = "all"


@dataclass(frozen=True)
class Line:
    """What one size of the reserve does at one group of centers. Shares are percent; None where nobody asked."""

    size: int
    scanners: str
    rule_outs: int
    in_time: float | None
    tier_1_in_time: float | None
    tier_2_in_time: float | None
    tier_1_wait: float | None
    routine: int
    not_in_wanted_half_day: float | None
    delay_mean: float | None
    delay_90: int | None
    unplaced: int


#: Column → its heading, and what it means.
HEADINGS: dict[str, tuple[str, str]] = {
    "size": ("reserve", "scans kept in each half-day, at each center"),
    "scanners": ("scanners", "centers that can do so many scans side by side; 3+ is three or more"),
    "rule_outs": ("rule-outs", "that an empty network could have scanned in time"),
    "in_time": ("in time %", "of them got a scan with its start and result in time"),
    "tier_1_in_time": ("tier 1 %", "the same of tier 1: start within 180 min, result within 240"),
    "tier_2_in_time": ("tier 2 %", "the same of tier 2: on the same day, result within 720 min"),
    "tier_1_wait": ("wait min", "median minutes from the request to a tier-1 scan in time"),
    "routine": ("routine", "routine scans asked for"),
    "not_in_wanted_half_day": ("moved %", "of them found nothing in the half-day that they wanted"),
    "delay_mean": ("delay days", "mean days past the day wanted of those that found a time, without delay included"),
    "delay_90": ("delay p90", "nine of ten that found a time wait no more days than this"),
    "unplaced": ("none", "routine scans that found nothing within 30 days"),
}


def lines_of(size: int, groups: Sequence[str], outcomes: Sequence[Outcome]) -> list[Line]:
    """Return one size's lines: all centers, then each group, where there is more than one."""
    summed: dict[str, Outcome] = {ALL: Outcome()}
    for group, outcome in zip(groups, outcomes, strict=True):
        for name in (ALL, group):
            summed.setdefault(name, Outcome()).add(outcome)
    names = sorted(summed, key=lambda name: (name != ALL, name))
    return [_line(size, name, summed[name]) for name in (names if len(names) > 2 else names[:1])]


def group_of(scanners: int) -> str:
    """Return the group of a center."""
    return str(scanners) if scanners < 3 else "3+"


def _line(size: int, name: str, outcome: Outcome) -> Line:
    possible = outcome.asked.total() - outcome.impossible.total()
    delays = sorted(outcome.delays)
    waits = sorted(outcome.waits)
    return Line(
        size=size,
        scanners=name,
        rule_outs=possible,
        in_time=_percent(outcome.in_time.total(), possible),
        tier_1_in_time=_percent(outcome.in_time[1], outcome.asked[1] - outcome.impossible[1]),
        tier_2_in_time=_percent(outcome.in_time[2], outcome.asked[2] - outcome.impossible[2]),
        tier_1_wait=round(waits[len(waits) // 2], 0) if waits else None,
        routine=outcome.routine,
        not_in_wanted_half_day=_percent(outcome.elsewhen, outcome.routine),
        delay_mean=round(sum(delays) / len(delays), 2) if delays else None,
        delay_90=delays[min(len(delays) - 1, math.ceil(0.9 * len(delays)) - 1)] if delays else None,
        unplaced=outcome.unplaced,
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def as_text(lines: Iterable[Line]) -> str:
    """Return the table for a person to read, with what its columns mean below."""
    names = [field.name for field in fields(Line)]
    rows = [[HEADINGS[name][0] for name in names]]
    rows += [[_shown(getattr(line, name)) for name in names] for line in lines]
    widths = [max(len(row[at]) for row in rows) for at in range(len(names))]
    table = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    longest = max(len(heading) for heading, _ in HEADINGS.values())
    legend = [f"{heading.ljust(longest)}  {meaning}" for heading, meaning in HEADINGS.values()]
    return "\n".join([table[0], "-" * len(table[0]), *table[1:], "", *legend])


def as_csv(lines: Iterable[Line]) -> str:
    """Return the table as CSV, with the columns' own names."""
    file = io.StringIO()
    writer = csv.DictWriter(file, [field.name for field in fields(Line)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(line) for line in lines)
    return file.getvalue()


def as_json(lines: Iterable[Line], about: Mapping[str, object]) -> str:
    """Return the table as JSON, with what it was made from."""
    return json.dumps({"about": dict(about), "lines": [asdict(line) for line in lines]}, indent=2)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else str(value)
