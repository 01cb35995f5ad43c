"""That a visit is given up is told before its patient sets out: neither the caps nor the night hold it up."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services import visits
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


def _given_up(ward: Ward, visit: Appointment) -> Message:
    visits.cancel(ward.place.actor, appointment_id=visit.pk)
    return Message.objects.get(purpose=Purpose.BOOKING_CANCELLED)


def test_a_reminder_that_had_left_does_not_hold_it_up(ward: Ward, carrier: Carrier) -> None:
    visit = with_nothing_owed(ward, 10, days=1)
    assert visit.patient is not None
    a_text_owed(phone=phone_of(visit.patient), urgent=False)
    send_due()
    message = _given_up(ward, visit)
    send_due()
    message.refresh_from_db()
    assert message.status == "sent"


@pytest.mark.parametrize(
    ("hour", "due"),
    [
        # Who has to be there at ten may set out before a text of eight o'clock is read.
        (10, "at once"),
        (14, "in the morning"),
    ],
)
def test_by_night_it_waits_for_a_morning_that_is_early_enough(
    ward: Ward, carrier: Carrier, hour: int, due: str
) -> None:
    visit = with_nothing_owed(ward, hour, days=1)
    set_clock(ward.place.at(22).starts_at)
    message = _given_up(ward, visit)
    send_due()
    message.refresh_from_db()
    if due == "at once":
        assert message.status == "sent"
    else:
        local = message.due_at.astimezone(ZoneInfo(ward.place.center.zone))
        assert (message.status, local.hour, local.date()) == ("due", 8, visit.starts_at.astimezone(local.tzinfo).date())


def test_further_ahead_it_is_a_routine_text(ward: Ward) -> None:
    message = _given_up(ward, with_nothing_owed(ward, 16, days=2))
    assert (message.urgent, message.due_at - clock.now() < timedelta(minutes=1)) == (False, True)
