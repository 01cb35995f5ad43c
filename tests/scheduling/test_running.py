"""How late a day runs, by hand."""

from datetime import UTC, datetime, timedelta

from scheduling.running import Turn, expected, late_now

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)
SAM, TOM = 1, 2


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def turn(id: int, start: int, *units: int, **more: object) -> Turn:
    return Turn(id, at(start), 30, 10, units or (SAM,), **more)  # type: ignore[arg-type]


def _minutes(turns: list[Turn], now: int) -> dict[int, int]:
    return {each.id: each.late_minutes for each in expected(turns, at(now))}


def test_a_visit_that_lasts_pushes_those_that_follow_until_a_pause_takes_it_up() -> None:
    day = [turn(1, 0, started_at=at(0)), turn(2, 40, here=True), turn(3, 80), turn(4, 160)]
    assert _minutes(day, 20) == {2: 0, 3: 0, 4: 0}
    assert _minutes(day, 60) == {2: 30, 3: 30, 4: 0}


def test_a_visit_that_began_late_ends_late() -> None:
    assert _minutes([turn(1, 0, started_at=at(25)), turn(2, 40)], 30) == {2: 25}


def test_whoever_has_not_come_holds_nobody_up() -> None:
    assert _minutes([turn(1, 0), turn(2, 10, here=True), turn(3, 60)], 20) == {1: 20, 2: 10, 3: 0}
    assert _minutes([turn(1, 0, here=True), turn(2, 10, here=True)], 20) == {1: 20, 2: 50}


def test_another_person_is_not_late_with_the_first() -> None:
    day = [turn(1, 0, SAM, started_at=at(20)), turn(2, 40, SAM), turn(3, 40, TOM)]
    assert _minutes(day, 30) == {2: 20, 3: 0}
    assert late_now(day, at(30)) == {SAM: 20}


def test_a_rule_out_whose_deadline_is_lost_by_the_delay_is_told() -> None:
    clocks = {"scan_by": at(50), "result_by": at(200), "reading_minutes": 30}
    late, early = turn(2, 40, **clocks), turn(3, 40, **clocks)
    day = [turn(1, 0, started_at=at(20)), late]
    assert [each.deadline_lost for each in expected(day, at(30))] == [True]
    assert [each.deadline_lost for each in expected([early], at(30))] == [False]
    known = turn(4, 60, **clocks)
    assert [each.deadline_lost for each in expected([known], at(90))] == [False]
    assert turn(5, 0, result_by=at(90), reading_minutes=30).latest_start == at(30)
