"""Who is paged about a callback, how, and when: the ladder, and who is on call for it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from clinic.models import Center, License, Role, Staff
from scheduling import bits
from scheduling.models import ResourceKind
from scheduling.paging import CALL_AFTER, LADDER_WITHIN, TURN, OnCall, in_line, pages
from scheduling.selectors.roster import on_call
from scheduling.slots import Duty
from tests.factories import make_center, make_resource, make_shift, make_staff, make_zip, open_calendar, tomorrow_at

MIDNIGHT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)
TEN, THIRTY, SIXTY = (timedelta(minutes=minutes) for minutes in (10, 30, 60))


def person(
    number: int, *, remote: bool = True, callbacks: int = 0, starts: datetime = MIDNIGHT, ends: datetime | None = None
) -> OnCall:
    """Somebody on duty from one instant to another of the day, or all day."""
    shift = bits.between(MIDNIGHT, starts, ends or MIDNIGHT + timedelta(hours=24))
    return OnCall(number, remote, callbacks, (Duty(number, MIDNIGHT, shift),))


def told(people: list[OnCall], within: timedelta = TEN, at: datetime = NOON) -> list[tuple[int, str, float]]:
    """The pages as (to whom, how, minutes after the callback was opened)."""
    return [
        (page.staff, page.channel.value, (page.at - at).total_seconds() / 60)
        for page in pages(people, at=at, due_at=at + within)
    ]


def test_a_text_then_a_call_then_the_next_until_the_call_is_due() -> None:
    assert told([person(1), person(2), person(3), person(4)]) == [
        (1, "sms", 0),
        (1, "voice", 2),
        (2, "sms", 4),
        (2, "voice", 6),
        (3, "sms", 8),
    ]


def test_after_the_last_in_line_it_is_the_first_ones_turn_again() -> None:
    assert [page[:2] for page in told([person(1)])] == [(1, "sms"), (1, "voice"), (1, "sms"), (1, "voice"), (1, "sms")]
    assert [page[0] for page in told([person(1), person(2)])] == [1, 1, 2, 2, 1]


def test_on_site_first_then_the_one_with_the_fewest_callbacks_and_always_the_same_order() -> None:
    on_site = person(9, remote=False, callbacks=5)
    people = [person(3, callbacks=1), person(2), on_site, person(1)]
    assert [each.staff for each in in_line(people)] == [9, 1, 2, 3]
    assert told(people) == told(people[::-1])


@pytest.mark.parametrize("within", [THIRTY, SIXTY, LADDER_WITHIN + timedelta(seconds=1)])
def test_a_callback_that_has_half_an_hour_sends_one_text(within: timedelta) -> None:
    assert told([person(1), person(2)], within) == [(1, "sms", 0)]


def test_a_callback_of_later_in_the_day_pages_nobody() -> None:
    assert told([person(1)], SIXTY + timedelta(seconds=1)) == []


def test_nobody_on_call_is_nobody_paged() -> None:
    assert told([]) == []
    assert told([person(1, ends=NOON)]) == []


def test_who_comes_on_duty_before_the_call_is_due_is_paged_then() -> None:
    late = person(1, starts=NOON + timedelta(minutes=5))
    assert told([late]) == [(1, "sms", 5), (1, "voice", 7), (1, "sms", 9)]
    assert told([late], THIRTY) == [(1, "sms", 5)]


def test_who_goes_off_duty_is_not_called_any_more() -> None:
    leaving = person(1, remote=False, ends=NOON + timedelta(minutes=5))
    at = NOON + timedelta(minutes=4)
    assert told([leaving, person(2)], at=at) == [(1, "sms", 0), (2, "sms", 4), (2, "voice", 6), (2, "sms", 8)]


def test_every_page_is_before_the_call_is_due_and_in_order() -> None:
    for minutes in range(1, 11):
        due_at = NOON + timedelta(minutes=minutes)
        rungs = pages([person(1), person(2)], at=NOON, due_at=due_at)
        instants = [rung.at for rung in rungs]
        assert instants == sorted(set(instants))
        assert all(NOON <= at < due_at for at in instants)
        assert len(rungs) == -(-minutes // 2)
    assert CALL_AFTER < TURN


@pytest.fixture
def greenbelt(db: None) -> Center:
    make_zip()
    return make_center()


def _clinician(center: Center, *, remote: bool = False, phone: str, states: tuple[str, ...] = ("MD",)) -> int:
    staff = make_staff(Role.CLINICIAN, licensed_in=states)
    staff.phone = phone
    staff.save()
    make_shift(make_resource(center, ResourceKind.CLINICIAN, staff=staff, remote=remote), time(8), time(20))
    return staff.pk


def _paged(center: Center, at: datetime, in_hand: dict[int, int] | None = None) -> list[int]:
    people = on_call(ResourceKind.CLINICIAN, center=center, state="MD", at=at, in_hand=in_hand or {})
    return [page.staff for page in pages(people, at=at, due_at=at + TEN)][::2]


def test_on_call_are_those_at_the_center_and_the_remote_ones_licensed_where_it_is(greenbelt: Center) -> None:
    elsewhere = make_center()
    remote = _clinician(elsewhere, remote=True, phone="+13015550171")
    here = _clinician(greenbelt, phone="+13015550172")
    _clinician(elsewhere, phone="+13015550173")
    _clinician(greenbelt, phone="+13015550174", states=("VA",))
    _clinician(greenbelt, phone="")
    gone = _clinician(greenbelt, phone="+13015550175")
    License.objects.filter(staff=gone).update(expires_on=tomorrow_at(12).date() - timedelta(days=1))
    open_calendar(days=3)
    assert _paged(greenbelt, tomorrow_at(12)) == [here, remote, here]
    assert _paged(greenbelt, tomorrow_at(21)) == []


def test_who_left_is_not_paged(greenbelt: Center) -> None:
    pk = _clinician(greenbelt, phone="+13015550172")
    open_calendar(days=3)
    assert _paged(greenbelt, tomorrow_at(12)) == [pk, pk, pk]
    Staff.objects.filter(pk=pk).update(is_active=False)
    assert _paged(greenbelt, tomorrow_at(12)) == []


def test_who_has_callbacks_in_hand_is_paged_after_who_has_none(greenbelt: Center) -> None:
    first, second = (_clinician(greenbelt, remote=True, phone=f"+1301555017{digit}") for digit in (1, 2))
    open_calendar(days=3)
    assert _paged(greenbelt, tomorrow_at(12), {first: 1}) == [second, first, second]
