"""Every way of being lost, each one query in a file of its own.

The first line of a file says what it finds, as a comment. A query returns (episode, subject) rows: the episode's id,
and the id of the row that shows it. ``%(now)s`` is the product's time. A grace in a query is longer than the sweep that
should have noticed first takes.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("sql")

#: In the order of a patient's way.
CODES = (
    "no_next_step",
    "nobody_owns",
    "overdue_not_escalated",
    "triaged_not_booked",
    "scheduled_without_visit",
    "displaced_not_rebooked",
    "order_missing",
    "booked_not_arrived",
    "arrived_not_seen",
    "scanned_not_read",
    "pressing_not_acknowledged",
    "read_not_told",
    "sent_not_delivered",
    "office_not_told",
    "left_unrecorded",
    "positive_not_treated",
    "negative_not_rescanned",
    "plan_with_a_gap",
    "out_of_reach",
)


@dataclass(frozen=True, slots=True)
class Loss:
    """One way of being lost: its code, what it means, and the query that finds it."""

    code: str
    title: str
    query: str


def _read(code: str) -> Loss:
    first, _, query = (FOLDER / f"{code}.sql").read_text(encoding="utf-8").partition("\n")
    return Loss(code, first.removeprefix("-- ").removesuffix("."), query)


LOSSES: tuple[Loss, ...] = tuple(_read(code) for code in CODES)
