"""Replaying requests for each size of the reserve: by hand where it can be counted, and the same twice."""

import io
from datetime import UTC, date, datetime, timedelta
from random import Random
from xml.etree import ElementTree

import pytest

from scheduling import bits
from scheduling.reserve import AFTERNOON, MORNING, Policy
from scheduling.simulation.demand import Appetite, Request, made_up
from scheduling.simulation.history import Row, dates_of, read_history, requests_of, too_long
from scheduling.simulation.plot import as_svg
from scheduling.simulation.replay import Outcome, Replay, Scans
from scheduling.simulation.site import Day, Reach, Site
from scheduling.simulation.table import HEADINGS, Line, as_csv, as_json, as_text, group_of, lines_of
from scheduling.slots import Unit, VisitShape

TAKES = ("room", "sonographer")
SCANS = Scans(VisitShape(30, 10, 30, 20, TAKES), VisitShape(30, 10, 45, 20, TAKES))
ZONE, FIRST = "America/New_York", date(2026, 6, 1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HERE, FAR = (39.0, -76.88), (39.3, -76.88)


def _origin(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, tzinfo=UTC)


def _site(
    code: str = "C1", point: tuple[float, float] = HERE, *, days: int = 40, hours: tuple[int, int] = (8, 18)
) -> Site:
    """A center with one scanner that is open every day."""
    shift = bits.span(hours[0] * 12, hours[1] * 12)
    units = tuple(Unit(kind, shift, 0) for kind in TAKES)
    dates = [FIRST + timedelta(days=ahead) for ahead in range(days)]
    return Site(code, ZONE, point, 1, {on: Day(_origin(on), 144, units) for on in dates})


def _at(hour: int, minute: int = 0, *, on: date = FIRST) -> datetime:
    return _origin(on) + timedelta(hours=hour, minutes=minute)


def _rule_out(sites: list[Site], hour: int, *, tier: int = 1) -> Request:
    return Request(_at(hour), Reach(sites).of(HERE), tier, None, 0)


def _routine(sites: list[Site], half: str = MORNING, *, days_before: int = 3) -> Request:
    at = _at(9) - timedelta(days=days_before)
    return Request(at, Reach(sites).of(HERE)[:1], None, (FIRST, half), 0)


def _run(sites: list[Site], requests: list[Request], size: int = 0, release: tuple[object, ...] = ()) -> Outcome:
    replay = Replay(sites, SCANS, Policy(size, release))  # type: ignore[arg-type]
    replay.run(sorted(requests, key=lambda request: request.at), since=LONG_AGO)
    total = Outcome()
    for outcome in replay.outcomes:
        total.add(outcome)
    return total


def test_without_a_reserve_routine_scans_leave_a_rule_out_nothing() -> None:
    """Six scans fill a morning from eight to noon, nine the afternoon up to six."""
    sites = [_site()]
    day = [_routine(sites) for _ in range(6)] + [_routine(sites, AFTERNOON) for _ in range(9)]
    lost = _run(sites, [*day, _rule_out(sites, 9)])
    assert (lost.asked.total(), lost.in_time.total(), lost.elsewhen) == (1, 0, 0)


def test_a_reserve_of_one_scans_it_and_moves_routine_scans() -> None:
    sites = [_site()]
    day = [_routine(sites) for _ in range(6)] + [_routine(sites, AFTERNOON) for _ in range(9)]
    kept = _run(sites, [*day, _rule_out(sites, 9)], 1)
    assert kept.in_time == {1: 1}
    assert (kept.routine, kept.elsewhen, kept.unplaced) == (15, 3, 0)
    assert sorted(kept.delays) == [0] * 13 + [1] * 2


def test_a_rule_out_that_an_empty_center_could_not_scan_is_not_counted_against_it() -> None:
    sites = [_site()]
    late = _run(sites, [_rule_out(sites, 17), _rule_out(sites, 16, tier=2)])
    assert (late.impossible, late.in_time) == ({1: 1}, {2: 1})


def test_the_nearest_center_with_the_earliest_result_takes_a_rule_out_with_the_way_counted() -> None:
    sites = [_site(hours=(12, 18)), _site("C2", FAR)]
    found = _run(sites, [_rule_out(sites, 9)])
    ways = Reach(sites).of(HERE)
    assert found.waits == [60.0]
    assert [way.site for way in ways] == [0, 1]
    assert ways[1].minutes > ways[0].minutes


def test_what_comes_before_the_count_begins_only_fills_the_calendar() -> None:
    sites = [_site()]
    replay = Replay(sites, SCANS, Policy(0))
    replay.run([_routine(sites), _rule_out(sites, 9)], since=_origin(FIRST) + timedelta(days=1))
    assert (replay.outcomes[0].routine, replay.outcomes[0].asked.total()) == (0, 0)


def test_the_same_seed_makes_the_same_history_and_another_one_another() -> None:
    sites = [_site(), _site("C2", FAR)]
    dates = [FIRST + timedelta(days=ahead) for ahead in range(5)]
    once, twice, other = (
        made_up(sites, dates, appetite=Appetite(), scan=SCANS.routine, seed=seed) for seed in (1, 1, 2)
    )
    assert once == twice != other
    assert {request.tier for request in once} == {1, 2, None}
    assert all(request.at <= _at(24, on=request.wanted[0]) for request in once if request.wanted)
    alone = made_up(sites[:1], dates, appetite=Appetite(), scan=SCANS.routine, seed=1)
    assert [request.at for request in alone] == [request.at for request in once if request.site == 0]


def test_a_larger_reserve_never_loses_rule_outs_of_a_busy_center() -> None:
    sites = [_site()]
    dates = [FIRST + timedelta(days=ahead) for ahead in range(7)]
    busy = made_up(sites, dates, appetite=Appetite(3, 1.0), scan=SCANS.routine, seed=3)
    shares = [_run(sites, busy, size).in_time.total() for size in range(4)]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


HISTORY = """at,place,kind,tier,wanted
2026-06-01 09:10,20770,rule_out,1,
2026-06-01T13:25+00:00,C1,routine,,2026-06-02 morning
2026-06-01 10:00,C1,routine,,
"""


def _read(text: str) -> tuple[list[Row], list[str]]:
    rows, errors = read_history(io.BytesIO(text.encode()))
    return rows, [f"{error.line} {error.field} {error.rule}" for error in errors]


def test_a_history_is_read_with_local_times_and_wishes_drawn_where_it_has_none() -> None:
    rows, errors = _read(HISTORY)
    assert errors == []
    requests, faults = requests_of(rows, [_site()], {"20770": HERE}, seed=1)
    assert faults == []
    assert [request.at for request in requests] == [_at(9, 10), _at(9, 25), _at(10)]
    assert [request.tier for request in requests] == [1, None, None]
    assert requests[1].wanted == (date(2026, 6, 2), MORNING)
    assert requests[2].wanted is not None
    assert dates_of(rows) == (date(2026, 5, 30), date(2026, 6, 4))
    assert requests_of(rows, [_site()], {"20770": HERE}, seed=1) == (requests, [])


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("yesterday,C1,routine,,", "2 at not_a_time"),
        ("2026-06-01 09:10,,routine,,", "2 place empty"),
        ("2026-06-01 09:10,C1,scan,,", "2 kind unknown_kind"),
        ("2026-06-01 09:10,C1,rule_out,,", "2 tier unknown_tier"),
        ("2026-06-01 09:10,C1,routine,1,", "2 tier tier_of_routine"),
        ("2026-06-01 09:10,C1,routine,,noon", "2 wanted not_a_half_day"),
        ("2026-06-01 09:10,C1,routine,,2026-06-31 morning", "2 wanted not_a_half_day"),
        ("2026-06-01 09:10,C1,routine", "2  cell_count"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_field_and_rule(line: str, error: str) -> None:
    rows, errors = _read(f"at,place,kind,tier,wanted\n{line}\n")
    assert (rows, errors) == ([], [error])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "1  file_empty"),
        ("at,place,kind,tier\n", "1  no_rows"),
        ("at,place,kind\n2026-06-01 09:10,C1,routine\n", "1 tier column_missing"),
        ('at,place,kind,tier\n"2026-06-01,C1,routine,\n', "1  not_csv"),
    ],
)
def test_a_file_that_is_wrong_is_told_in_its_own_words(text: str, error: str) -> None:
    assert _read(text) == ([], [error])
    assert [fault.rule for fault in read_history(io.BytesIO(b"\xff\xfe"))[1]] == ["not_utf8"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("2026-06-01 09:10,90210,rule_out,1,", "unknown_place"),
        ("2026-06-05 09:10,C1,routine,,2026-06-04 morning", "wanted_in_the_past"),
        ("2026-06-01 09:10,C1,routine,,2027-01-04 morning", "closed_then"),
        ("2026-09-01 09:10,C1,routine,,", "never_open"),
    ],
)
def test_what_does_not_fit_the_network_is_named_by_its_row(line: str, error: str) -> None:
    rows, _ = _read(f"at,place,kind,tier,wanted\n{line}\n")
    _, errors = requests_of(rows, [_site()], {}, seed=1)
    assert [(fault.line, fault.rule) for fault in errors] == [(2, error)]


def test_a_history_of_more_than_a_year_is_a_wrong_year() -> None:
    rows, _ = _read(f"{HISTORY}2062-06-01 10:00,C1,routine,,\n")
    assert [(fault.line, fault.rule) for fault in too_long(rows)] == [(5, "over_a_year")]


def _lines() -> list[Line]:
    chance = Random(1)
    outcomes = []
    for _ in range(3):
        outcome = Outcome(
            routine=10, elsewhen=2, delays=[0] * 9 + [3], waits=[chance.randint(20, 90) for _ in range(5)]
        )
        outcome.asked.update({1: 6, 2: 4})
        outcome.in_time.update({1: 4, 2: 4})
        outcome.impossible.update({1: 1})
        outcomes.append(outcome)
    return [line for size in range(3) for line in lines_of(size, ["1", "1", "3+"], outcomes)]


def test_the_table_counts_by_size_and_by_group() -> None:
    first = _lines()[0]
    assert (first.size, first.scanners, first.rule_outs, first.in_time, first.tier_1_in_time) == (
        0,
        "all",
        27,
        88.9,
        80.0,
    )
    assert (first.not_in_wanted_half_day, first.delay_mean, first.delay_90) == (20.0, 0.3, 0)
    assert [line.scanners for line in _lines()[:3]] == ["all", "1", "3+"]
    assert [group_of(scanners) for scanners in (1, 2, 3, 7)] == ["1", "2", "3+", "3+"]


def test_the_table_is_told_as_text_csv_and_json_and_drawn() -> None:
    lines = _lines()
    text = as_text(lines)
    assert all(heading in text for heading, _ in HEADINGS.values())
    assert len(as_csv(lines).splitlines()) == len(lines) + 1
    assert '"replayed": "a"' in as_json(lines, {"replayed": "a"})
    drawn = ElementTree.fromstring(as_svg(lines, about="<3 centers>"))
    words = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"<3 centers>", "Rule-outs scanned in time", "days past the wanted day, mean"} <= set(words)


def test_nobody_at_all_still_makes_a_table_and_a_plot() -> None:
    lines = lines_of(0, ["1"], [Outcome()])
    assert "-" in as_text(lines)
    assert as_svg(lines, about="nothing").startswith("<svg")
