"""A day as a whole number: bit n stands for the five minutes that start 5·n minutes after local midnight.

Minutes are elapsed, not read off a clock, so that a day of 23 or 25 hours needs no special case. Whole-number
arithmetic then answers every question about free time: a length is a shift-and of a mask with itself, "any of them"
is an OR, "all of them" is an AND.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

#: Minutes that one bit stands for.
UNIT = 5
#: Bytes of a stored mask; 304 bits hold the 300 of the longest day.
SIZE = 38
WIDTH = SIZE * 8
FULL = (1 << WIDTH) - 1
#: Two hours past the day's end, where nothing is stored and nothing is taken: a buffer may run into them.
_BEYOND = ((1 << 24) - 1) << WIDTH
_SECONDS = UNIT * 60


def decode(stored: bytes | memoryview) -> int:
    """Return the mask of its stored bytes."""
    return int.from_bytes(stored, "little")


def encode(mask: int) -> bytes:
    """Return the bytes that a mask is stored as."""
    return mask.to_bytes(SIZE, "little")


def units(minutes: int) -> int:
    """Return how many bits a length takes, rounded up."""
    return -(-minutes // UNIT)


def span(first: int, end: int) -> int:
    """Return the mask of the bits from ``first`` up to, not including, ``end``, cut to the day."""
    first, end = max(first, 0), min(end, WIDTH)
    return ((1 << (end - first)) - 1) << first if end > first else 0


@lru_cache(maxsize=4096)
def runs(mask: int, length: int) -> int:
    """Return the bits at which ``length`` set bits in a row begin."""
    have = 1
    while have < length and mask:
        step = min(have, length - have)
        mask &= mask >> step
        have += step
    return mask


def free_runs(busy: int, length: int) -> int:
    """Return the bits at which ``length`` units in a row are not taken; the time past the day's end is free."""
    return runs((FULL | _BEYOND) & ~busy, length) & FULL


def positions(mask: int) -> Iterator[int]:
    """Yield the set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@lru_cache(maxsize=64)
def grid(step_minutes: int) -> int:
    """Return the bits whose minute of the hour is a multiple of ``step_minutes``.

    Elapsed minutes serve, since the zones that we work in change their clocks by whole hours.
    """
    return sum(1 << bit for bit in range(WIDTH) if bit * UNIT % 60 % step_minutes == 0)


def first_bit_from(origin: datetime, instant: datetime) -> int:
    """Return the first bit that starts at or after ``instant``; negative before the day's origin."""
    return int(-((origin - instant).total_seconds() // _SECONDS))


def bit_within(origin: datetime, instant: datetime) -> int:
    """Return the bit in which ``instant`` lies; negative before the day's origin."""
    return int((instant - origin).total_seconds() // _SECONDS)


def instant_of(origin: datetime, bit: int) -> datetime:
    """Return when a bit starts."""
    return origin + timedelta(minutes=bit * UNIT)


def between(origin: datetime, start: datetime, end: datetime) -> int:
    """Return every bit that [start, end) touches, cut to the day."""
    return span(bit_within(origin, start), first_bit_from(origin, end))
