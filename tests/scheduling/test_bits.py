"""Bit arithmetic against a plain, slow reading of the same question."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduling import bits

masks = st.integers(min_value=0, max_value=bits.FULL)
lengths = st.integers(min_value=1, max_value=24)
MIDNIGHT = datetime(2026, 6, 1, 4, tzinfo=UTC)


def _set(mask: int) -> set[int]:
    return {bit for bit in range(bits.WIDTH) if mask >> bit & 1}


@given(masks, lengths)
def test_runs_are_the_starts_of_enough_bits_in_a_row(mask: int, length: int) -> None:
    have = _set(mask)
    assert _set(bits.runs(mask, length)) == {bit for bit in have if have >= set(range(bit, bit + length))}


@given(masks, lengths)
def test_free_runs_may_pass_the_end_of_the_day(busy: int, length: int) -> None:
    taken = _set(busy)
    expected = {bit for bit in range(bits.WIDTH) if not taken & set(range(bit, bit + length))}
    assert _set(bits.free_runs(busy, length)) == expected


@given(masks)
def test_positions_and_stored_bytes_keep_every_bit(mask: int) -> None:
    assert set(bits.positions(mask)) == _set(mask)
    assert bits.decode(bits.encode(mask)) == mask
    assert len(bits.encode(mask)) == bits.SIZE


@given(st.integers(-400, 2000), st.integers(1, 600))
def test_between_is_every_bit_that_an_interval_touches(first_minute: int, minutes: int) -> None:
    start = MIDNIGHT + timedelta(minutes=first_minute)
    touched = {(first_minute + minute) // 5 for minute in range(minutes)}
    expected = {bit for bit in touched if 0 <= bit < bits.WIDTH}
    assert _set(bits.between(MIDNIGHT, start, start + timedelta(minutes=minutes))) == expected


@given(st.integers(-10_000, 100_000))
def test_an_instant_lies_within_one_bit_and_before_the_next(seconds: int) -> None:
    instant = MIDNIGHT + timedelta(seconds=seconds)
    within, following = bits.bit_within(MIDNIGHT, instant), bits.first_bit_from(MIDNIGHT, instant)
    assert bits.instant_of(MIDNIGHT, within) <= instant < bits.instant_of(MIDNIGHT, within + 1)
    assert bits.instant_of(MIDNIGHT, following - 1) < instant <= bits.instant_of(MIDNIGHT, following)
