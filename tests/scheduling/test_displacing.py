"""Where a displaced visit may go: plain rules on instants, without a database."""

from datetime import UTC, datetime, time, timedelta

import pytest

from scheduling.calendar import without
from scheduling.displacing import NOTICE, ROUTINE_WITHIN, Standing, clock_of

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


def _at(hour: int, minute: int = 0) -> datetime:
    return NOW.replace(hour=hour, minute=minute)


def _may(standing: Standing, start: datetime, *, elsewhere: bool = False, minutes: int = 60) -> bool:
    return standing.allows(start, result_at=start + timedelta(minutes=minutes), now=NOW, elsewhere=elsewhere)


RULE_OUT = Standing(_at(14), rule_out=True, scan_by=_at(15), result_by=_at(16))


def test_a_rule_out_moves_within_both_of_its_limits() -> None:
    assert _may(RULE_OUT, _at(15))
    assert not _may(RULE_OUT, _at(15, 5))
    assert not _may(RULE_OUT, _at(14, 40), minutes=85)
    assert _may(RULE_OUT, _at(13))
    assert RULE_OUT.latest == _at(15)


def test_a_rule_out_past_its_deadline_or_without_one_moves_to_no_later_time() -> None:
    for standing in (
        Standing(_at(14), rule_out=True, scan_by=_at(13), result_by=_at(13, 30)),
        Standing(_at(14), rule_out=True),
    ):
        assert standing.latest == _at(14)
        assert _may(standing, _at(14), elsewhere=True)
        assert not _may(standing, _at(14, 20))


def test_an_earlier_time_and_another_center_leave_time_to_hear_of_them() -> None:
    soon = NOW + NOTICE - timedelta(minutes=1)
    assert not _may(RULE_OUT, soon)
    assert not _may(RULE_OUT, soon, elsewhere=True)
    assert _may(RULE_OUT, NOW + NOTICE, elsewhere=True)
    # Whoever does not hear of a later time at the same center comes too early, and waits.
    nearly = Standing(NOW + timedelta(minutes=10), rule_out=True, scan_by=_at(15), result_by=_at(16))
    assert _may(nearly, NOW + timedelta(minutes=30))
    assert not _may(nearly, NOW + timedelta(minutes=30), elsewhere=True)


def test_a_routine_visit_keeps_to_the_window_of_its_step() -> None:
    within = Standing(_at(14), rule_out=False, window=(_at(13, 30), _at(17)))
    assert _may(within, _at(17))
    assert not _may(within, _at(17, 10))
    assert not _may(within, _at(13, 20))
    assert _may(Standing(_at(14), rule_out=False), _at(14) + ROUTINE_WITHIN)
    assert not _may(Standing(_at(14), rule_out=False), _at(14, 10) + ROUTINE_WITHIN)


def test_a_routine_visit_that_was_booked_past_its_window_is_not_lost_over_it() -> None:
    late = Standing(_at(14), rule_out=False, window=(_at(8), _at(10)))
    assert _may(late, _at(14, 20))
    assert _may(late, _at(14) + ROUTINE_WITHIN)
    assert not _may(late, _at(14, 10) + ROUTINE_WITHIN)


def test_the_nearest_time_comes_first_and_a_nearer_center_before_it() -> None:
    starts = [_at(16), _at(13), _at(14, 20), _at(13, 40)]
    assert sorted(starts, key=lambda start: RULE_OUT.rank(start, miles=0)) == [
        _at(13, 40),
        _at(14, 20),
        _at(13),
        _at(16),
    ]
    assert RULE_OUT.rank(_at(16), miles=1) < RULE_OUT.rank(_at(14), miles=2)


def test_a_rule_out_is_ordered_by_its_deadline_and_a_routine_visit_by_its_start() -> None:
    limits = {"scan_by": _at(15), "result_by": _at(14, 30), "starts_at": _at(14)}
    assert clock_of(rule_out=True, **limits) == _at(14, 30)
    assert clock_of(rule_out=False, **limits) == _at(14)


@pytest.mark.parametrize(
    ("spans", "gap", "left"),
    [
        ([(8, 17)], (12, 13), [(8, 12), (13, 17)]),
        ([(8, 12), (13, 17)], (11, 14), [(8, 11), (14, 17)]),
        ([(8, 12)], (8, 9), [(9, 12)]),
        ([(8, 12)], (7, 13), []),
        ([(8, 12)], (13, 14), [(8, 12)]),
        ([(19, 7)], (2, 3), [(19, 2), (3, 7)]),
        ([(19, 0)], (20, 21), [(19, 20), (21, 0)]),
    ],
)
def test_a_break_is_taken_out_of_weekly_hours(
    spans: list[tuple[int, int]], gap: tuple[int, int], left: list[tuple[int, int]]
) -> None:
    found = without([(time(first), time(last)) for first, last in spans], time(gap[0]), time(gap[1]))
    assert found == [(time(first), time(last)) for first, last in left]
