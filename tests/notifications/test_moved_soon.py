"""That a visit is moved is told by night only where the former or the new time is near; else by day, under the caps."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.rescheduling import reschedule
from tests.factories import make_zip, phone_of, set_clock
from tests.notifications.called import with_nothing_owed
from tests.notifications.carrier import Carrier, a_text_owed
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(db: None) -> Ward:
    """A center at noon, in a place whose zone is known."""
    make_zip()
    return open_ward()


def _moved(ward: Ward, visit: Appointment, hour: int, *, days: int = 0) -> Message:
    starts_at = ward.place.at(hour, kind="consult", days=days).starts_at
    reschedule(ward.place.actor, appointment_id=visit.pk, starts_at=starts_at)
    return Message.objects.filter(purpose=Purpose.BOOKING_CHANGED).latest("id")


def _stands(message: Message) -> str:
    send_due()
    message.refresh_from_db()
    return message.status


def _at_night(ward: Ward) -> None:
    set_clock(ward.place.at(22).starts_at)


def test_by_night_nobody_is_texted_about_a_visit_days_ahead(ward: Ward, carrier: Carrier) -> None:
    visit = with_nothing_owed(ward, 10, days=2)
    _at_night(ward)
    message = _moved(ward, visit, 16, days=2)
    assert (message.urgent, _stands(message)) == (False, "due")
    assert message.due_at.astimezone(ZoneInfo(ward.place.center.zone)).hour == 8


def test_a_visit_days_ahead_waits_for_the_caps(ward: Ward, carrier: Carrier) -> None:
    visit = with_nothing_owed(ward, 10, days=2)
    assert visit.patient is not None
    a_text_owed(phone=phone_of(visit.patient), urgent=False)
    send_due()
    assert _stands(_moved(ward, visit, 16, days=2)) == "due"


@pytest.mark.parametrize(("former", "new"), [((16, 0), (16, 2)), ((16, 2), (17, 0))])
def test_whichever_time_is_near_it_waits_for_no_cap(
    ward: Ward, carrier: Carrier, former: tuple[int, int], new: tuple[int, int]
) -> None:
    visit = with_nothing_owed(ward, former[0], days=former[1])
    assert visit.patient is not None
    a_text_owed(phone=phone_of(visit.patient), urgent=False)
    send_due()
    message = _moved(ward, visit, new[0], days=new[1])
    assert (message.urgent, _stands(message)) == (True, "sent")


@pytest.mark.parametrize(
    ("former", "new", "due"),
    [
        # Who was to be there at ten may set out before a text of eight o'clock is read.
        ((10, 1), (16, 2), "at once"),
        ((16, 2), (10, 1), "at once"),
        ((14, 1), (16, 2), "in the morning"),
        ((16, 2), (14, 1), "in the morning"),
    ],
)
def test_by_night_it_waits_for_a_morning_that_is_early_enough(
    ward: Ward, carrier: Carrier, former: tuple[int, int], new: tuple[int, int], due: str
) -> None:
    visit = with_nothing_owed(ward, former[0], days=former[1])
    _at_night(ward)
    message = _moved(ward, visit, new[0], days=new[1])
    assert message.urgent
    if due == "at once":
        assert _stands(message) == "sent"
    else:
        assert _stands(message) == "due"
        local = message.due_at.astimezone(ZoneInfo(ward.place.center.zone))
        assert (local.hour, message.due_at < visit.starts_at) == (8, True)


def test_whoever_was_not_told_yet_that_today_s_visit_was_moved_is_told_at_once_when_it_is_moved_again(
    ward: Ward, carrier: Carrier
) -> None:
    visit = with_nothing_owed(ward, 16)
    _moved(ward, visit, 10, days=2)
    message = _moved(ward, visit, 16, days=2)
    assert (message.urgent, _stands(message)) == (True, "sent")
    assert not _moved(ward, visit, 11, days=2).urgent


def test_a_patient_who_is_late_and_given_another_day_hears_so_at_once(ward: Ward, carrier: Carrier) -> None:
    visit = with_nothing_owed(ward, 13)
    clock.advance(timedelta(minutes=65))
    assert _moved(ward, visit, 16, days=2).urgent
