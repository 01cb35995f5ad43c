"""The pure rules of the line: who is first, who may be asked now, and until when an offer stands."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.waiting import Waiter, answer_by, may_be_asked, rank

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_rule_outs_by_the_time_that_is_left_then_who_waited_longest() -> None:
    line = [
        Waiter(1, None, 0, NOON - 5 * HOUR),
        Waiter(2, NOON + 3 * HOUR, 0, NOON),
        Waiter(3, None, 0, NOON - 9 * HOUR),
        Waiter(4, NOON + HOUR, 2, NOON),
        Waiter(5, None, 1, NOON - 20 * HOUR),
    ]
    assert [each.entry for each in sorted(line, key=rank)] == [4, 2, 3, 1, 5]


@pytest.mark.parametrize(
    ("hour", "urgent", "asked"),
    [(7, False, False), (8, False, True), (18, False, True), (19, False, False), (3, True, True)],
)
def test_only_a_rule_out_is_asked_at_night(hour: int, urgent: bool, asked: bool) -> None:
    # June in New York: four hours behind.
    at = datetime(2026, 6, 1, 0, tzinfo=UTC) + timedelta(hours=hour + 4)
    assert may_be_asked(at, "America/New_York", urgent=urgent) is asked


@pytest.mark.parametrize(
    ("ahead", "way", "urgent", "short", "minutes"),
    [
        (timedelta(hours=3), 30, True, False, 15),
        (timedelta(minutes=40), 30, True, False, 10),
        (timedelta(minutes=34), 30, True, False, None),
        (timedelta(days=2), 30, False, False, 120),
        (timedelta(hours=23), 30, False, False, None),
        (timedelta(hours=23), 30, False, True, 120),
        (timedelta(minutes=90), 30, False, True, 60),
        (timedelta(minutes=50), 30, False, True, None),
    ],
)
def test_who_accepts_at_the_last_moment_still_gets_there(
    ahead: timedelta, way: int, urgent: bool, short: bool, minutes: int | None
) -> None:
    until = answer_by(NOON, starts_at=NOON + ahead, way=timedelta(minutes=way), urgent=urgent, short_notice=short)
    assert until == (None if minutes is None else NOON + timedelta(minutes=minutes))
