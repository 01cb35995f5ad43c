"""The same-day reserve, as whole-number arithmetic: against a plain search that tries every packing."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import bits, calendar
from scheduling.reserve import AFTERNOON, MORNING, DayReserve, Policy, Release, Span, half_days
from scheduling.slots import Unit, VisitShape, free_starts, unit_starts

SCAN = VisitShape(minutes=30, buffer_minutes=10, reading_minutes=30, step_minutes=20, takes=("room", "sonographer"))
REPEAT = VisitShape(minutes=30, buffer_minutes=10, reading_minutes=45, step_minutes=20, takes=("room", "sonographer"))
LENGTH = bits.units(40)
ORIGIN = datetime(2026, 6, 1, 4, tzinfo=UTC)
#: Two hours of a morning: few enough starts that every packing can be tried.
FIRST, END = 96, 120
HOURS = bits.span(FIRST, END)
STARTS = HOURS & bits.grid(20)
spans = st.lists(st.tuples(st.integers(FIRST, END), st.integers(1, 8)), max_size=2)


def _unit(kind: str, pieces: list[tuple[int, int]]) -> Unit:
    busy = 0
    for at, length in pieces:
        busy |= bits.span(at, at + length)
    return Unit(kind, HOURS, busy)


def day(rooms: int, people: int) -> st.SearchStrategy[list[Unit]]:
    kinds = ["room"] * rooms + ["sonographer"] * people
    return st.tuples(*(st.builds(_unit, st.just(kind), spans) for kind in kinds)).map(list)


def most(units: list[Unit], window: int) -> int:
    """Try every packing of rule-outs."""
    best = 0
    for bit in bits.positions(free_starts(SCAN, units) & window):
        for pair in _pairs(SCAN, units, bit):
            best = max(best, 1 + most(_taken(units, pair, bit), window >> bit << bit))
    return best


def _pairs(shape: VisitShape, units: list[Unit], bit: int) -> list[tuple[int, ...]]:
    return list(
        product(
            *(
                [
                    n
                    for n, unit in enumerate(units)
                    if unit.kind == kind and unit_starts(shape, unit.shift, unit.busy) >> bit & 1
                ]
                for kind in shape.takes
            )
        )
    )


def _taken(units: list[Unit], chosen: tuple[int, ...], bit: int) -> list[Unit]:
    taken = bits.span(bit, bit + LENGTH)
    return [Unit(unit.kind, unit.shift, unit.busy | (taken if at in chosen else 0)) for at, unit in enumerate(units)]


def _kept(owed: int) -> DayReserve:
    return DayReserve(SCAN, (Span(MORNING, STARTS, owed, 0),))


@settings(max_examples=60)
@given(day(1, 1), st.integers(0, 3))
def test_with_one_scanner_exactly_the_starts_that_leave_the_reserve_whole_are_open(
    units: list[Unit], owed: int
) -> None:
    before = most(units, HOURS)
    free = free_starts(REPEAT, units)
    expected = [bit for bit in bits.positions(free) if most(_taken(units, (0, 1), bit), HOURS) >= min(owed, before)]
    assert list(_kept(owed).starts(REPEAT, units, free)) == expected


@settings(max_examples=40)
@given(day(2, 2), st.integers(1, 4))
def test_whatever_a_routine_scan_takes_as_many_rule_outs_fit_as_are_promised(units: list[Unit], owed: int) -> None:
    reserve = _kept(owed)
    promised = reserve.room_for(reserve.spans[0], units, owed)
    assert promised <= most(units, HOURS)
    for bit in bits.positions(free_starts(REPEAT, units)):
        chosen = reserve.choice(REPEAT, units, bit)
        if chosen is not None:
            assert chosen in _pairs(REPEAT, units, bit)
            assert most(_taken(units, chosen, bit), HOURS) >= promised


@settings(max_examples=60)
@given(day(2, 2), st.integers(1, 4), st.randoms())
def test_the_order_in_which_units_are_read_changes_no_answer(units: list[Unit], owed: int, chance: object) -> None:
    mixed = list(units)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    free = free_starts(REPEAT, units)
    assert list(_kept(owed).starts(REPEAT, units, free)) == list(_kept(owed).starts(REPEAT, mixed, free))


def test_a_full_reserve_leaves_what_no_rule_out_could_use() -> None:
    units = [_unit("room", []), _unit("sonographer", [])]
    early = STARTS & bits.span(FIRST, FIRST + 12)
    reserve = DayReserve(SCAN, (Span(MORNING, early, 9, 0),))
    assert list(reserve.starts(REPEAT, units, free_starts(REPEAT, units))) == [112]


def test_booked_rule_outs_use_the_reserve_up() -> None:
    assert [Span(MORNING, HOURS, kept, used).owed for kept, used in ((2, 0), (2, 1), (2, 2), (1, 2))] == [2, 1, 0, 0]


def test_a_visit_that_moves_may_keep_what_it_had() -> None:
    """A half-day that is short already: a routine scan in it moves, and takes nothing more from the reserve."""
    before = [_unit("room", [(FIRST, 8)]), _unit("sonographer", [(FIRST, 8)])]
    freed = [_unit("room", []), _unit("sonographer", [])]
    reserve = _kept(3)
    assert reserve.choice(REPEAT, freed, FIRST + 8) is None
    assert reserve.choice(REPEAT, freed, FIRST + 8, instead_of=before) == (0, 1)


def test_the_release_goes_down_its_steps_at_their_instants() -> None:
    begins = datetime(2026, 6, 1, 12, tzinfo=UTC)
    policy = Policy(3, (Release(24 * 60, 100), Release(240, 50), Release(-60, 0)))
    hours_before = {30: 3, 24: 3, 4.1: 3, 4: 2, 0: 2, -0.9: 2, -1: 0, -5: 0}
    found = {hours: policy.kept(begins, begins - timedelta(hours=hours)) for hours in hours_before}
    assert found == hours_before
    assert Policy(2, ()).kept(begins, begins + timedelta(hours=9)) == 2


def _spans(zone: str, on: date, now: datetime) -> tuple[datetime, int, tuple[Span, ...]]:
    origin, noon = calendar.origin(zone, on), calendar.noon(zone, on)
    opens = calendar.own_mask(
        zone, on, calendar.Hours(1, datetime.min.time().replace(hour=8), datetime.min.time().replace(hour=18))
    )
    both = {MORNING: Policy(1), AFTERNOON: Policy(2)}
    spans = half_days(SCAN, policies=both, used={AFTERNOON: 1}, origin=origin, noon=noon, staffed=opens, now=now)
    return origin, noon, spans


def test_half_days_are_split_at_local_noon_on_the_days_on_which_clocks_change() -> None:
    for zone in ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu"):
        for on, hours in ((date(2026, 3, 8), 11), (date(2026, 11, 1), 13), (date(2026, 6, 1), 12)):
            elapsed = 12 if zone == "Pacific/Honolulu" else hours
            origin, noon, spans = _spans(zone, on, datetime(2026, 1, 1, tzinfo=UTC))
            assert noon == elapsed * 12
            assert [(span.half, span.kept, span.owed) for span in spans] == [(MORNING, 1, 1), (AFTERNOON, 2, 1)]
            last_of_morning, last = (max(bits.positions(span.window)) for span in spans)
            assert bits.instant_of(origin, last_of_morning) == bits.instant_of(origin, noon) - timedelta(minutes=20)
            # Reading and treatment end by six: the scan starts at four.
            assert bits.instant_of(origin, last) == bits.instant_of(origin, noon) + timedelta(hours=4)


def test_time_that_has_passed_keeps_nothing() -> None:
    zone, on = "America/New_York", date(2026, 6, 1)
    origin = calendar.origin(zone, on)
    _, _, spans = _spans(zone, on, origin + timedelta(hours=14, minutes=1))
    assert [bool(span.window) for span in spans] == [False, True]
    assert min(bits.positions(spans[1].window)) == (14 * 60 + 20) // 5
