"""The two clocks of section 4.5, without a database: when the next is alerted, and when a silent patient is pursued."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.result_ladder import LADDER, Unreached, next_rung

AT = datetime(2027, 3, 1, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _calls(*minutes: int, asked: bool = False, advised: bool = False) -> Unreached:
    return Unreached(tuple(AT + minute * MINUTE for minute in minutes), asked, advised)


def test_the_ladder_is_climbed_rung_by_rung_and_ends() -> None:
    climbed: list[str] = []
    while (above := next_rung(climbed)) is not None:
        climbed.append(above[0])
    assert climbed == [rung for rung, _ in LADDER]
    assert climbed == ["clinician", "second_clinician", "medical_director", "emergency_transfer"]


@pytest.mark.parametrize(
    ("calls", "minutes"),
    [((0,), 30), ((0, 10), 30), ((0, 8, 16), 16), ((0, 8, 16, 24), 16), ((0, 20, 40), 30)],
)
def test_the_emergency_contact_is_called_after_three_calls_or_half_an_hour(
    calls: tuple[int, ...], minutes: int
) -> None:
    assert _calls(*calls).contact_due() == AT + minutes * MINUTE


def test_emergency_care_is_advised_forty_five_minutes_after_the_first_call_in_vain() -> None:
    assert _calls(0, 5, 10, asked=True).next_due() == AT + 45 * MINUTE


def test_whom_nobody_has_called_or_who_was_seen_to_is_not_pursued() -> None:
    assert _calls().next_due() is None
    assert _calls(0, 5, 10, asked=True, advised=True).next_due() is None
