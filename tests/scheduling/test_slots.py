"""Slots against a plain, slow oracle that walks minute by minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import bits
from scheduling.slots import Deadline, Duty, Unit, VisitShape, covered_starts, free_starts, latest_start

SCAN = VisitShape(minutes=30, buffer_minutes=10, reading_minutes=30, step_minutes=20, takes=("room", "sonographer"))
MIDNIGHT = datetime(2026, 6, 1, 4, tzinfo=UTC)
spans = st.lists(st.tuples(st.integers(0, 287), st.integers(1, 80)), max_size=4)


def _mask(pieces: list[tuple[int, int]]) -> int:
    mask = 0
    for first, length in pieces:
        mask |= bits.span(first, min(first + length, 288))
    return mask


units = st.builds(
    lambda kind, shift, busy: Unit(kind, _mask(shift), _mask(busy)),
    st.sampled_from(["room", "sonographer", "clinician"]),
    spans,
    spans,
)


def _is_free(unit: Unit, bit: int) -> bool:
    on_duty = all(unit.shift >> at & 1 for at in range(bit, bit + 6))
    return on_duty and not any(unit.busy >> at & 1 for at in range(bit, bit + 8))


@settings(deadline=None)
@given(st.lists(units, max_size=6))
def test_a_start_is_offered_exactly_where_one_of_each_kind_is_free(day: list[Unit]) -> None:
    expected = {
        bit
        for bit in range(bits.WIDTH)
        if bit * 5 % 20 == 0
        and all(any(unit.kind == kind and _is_free(unit, bit) for unit in day) for kind in SCAN.takes)
    }
    assert set(bits.positions(free_starts(SCAN, day))) == expected


people = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([-24, -3, 0, 3, 24]), spans), max_size=5)


@settings(deadline=None)
@given(people, people)
def test_cover_is_one_reader_for_the_reading_then_one_prescriber_for_the_hour(
    readers: list[tuple[int, int, list[tuple[int, int]]]], prescribers: list[tuple[int, int, list[tuple[int, int]]]]
) -> None:
    def duties(rows: list[tuple[int, int, list[tuple[int, int]]]]) -> list[Duty]:
        return [Duty(person, MIDNIGHT + timedelta(hours=hours), _mask(pieces)) for person, hours, pieces in rows]

    def on_duty(rows: list[Duty], first: int, length: int) -> bool:
        for person in {duty.person for duty in rows}:
            held = {
                bit + bits.bit_within(MIDNIGHT, duty.origin)
                for duty in rows
                if duty.person == person
                for bit in bits.positions(duty.shift)
            }
            if held >= set(range(first, first + length)):
                return True
        return False

    read, treat = duties(readers), duties(prescribers)
    expected = {bit for bit in range(bits.WIDTH) if on_duty(read, bit + 6, 6) and on_duty(treat, bit + 12, 12)}
    assert set(bits.positions(covered_starts(SCAN, MIDNIGHT, read, treat))) == expected


def test_the_latest_start_leaves_reading_and_treatment_before_the_close() -> None:
    closes_at_five = bits.span(8 * 12, 17 * 12)
    last = max(bits.positions(latest_start(SCAN, closes_at_five)))
    assert last * 5 == 17 * 60 - 30 - 30 - 60
    assert latest_start(SCAN, bits.span(0, 10)) == 0


def test_tier_1_counts_minutes_and_tier_2_the_centers_own_day() -> None:
    began = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
    first = Deadline(1, began)
    at = began + timedelta(minutes=180)
    assert first.met_by(at, began + timedelta(minutes=240), "America/New_York")
    assert not first.met_by(at + timedelta(minutes=1), began + timedelta(minutes=240), "America/New_York")
    assert not first.met_by(at, began + timedelta(minutes=241), "America/New_York")
    evening = Deadline(2, datetime(2026, 6, 1, 23, 0, tzinfo=UTC))
    midnight_in_new_york = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)
    result = midnight_in_new_york + timedelta(hours=1)
    assert not evening.met_by(midnight_in_new_york, result, "America/New_York")
    assert evening.met_by(midnight_in_new_york, result, "America/Los_Angeles")
