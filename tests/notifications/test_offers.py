"""Which offer is texted, how pressing it is, and that an offer which is over is never told of."""

from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import ConsentChannel
from clinic.services.consent import record_consent
from notifications.models import Message, MessageStatus, Purpose
from notifications.services.rendering import NoLongerTrue, render
from scheduling.models import Offer
from scheduling.waitlist.answering import accept, decline
from tests.factories import phone_of, set_clock
from tests.pages.staff import open_ward
from tests.scheduling.conftest import Place
from tests.scheduling.line import full, give_back, offered, open_offers, waits, waits_for_consult
from tests.scheduling.test_making_room import asked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db: None) -> Place:
    """One center with one scanner, at noon."""
    return open_ward().place


def _urgent(place: Place) -> Offer:
    kept = full(place)
    waits(place)
    give_back(list(kept.values())[3])
    return offered()


def test_a_rule_out_is_texted_at_any_hour_until_its_offer_ends(place: Place) -> None:
    offer = _urgent(place)
    message = Message.objects.get(purpose=Purpose.SLOT_OFFERED)
    assert (message.urgent, message.expires_at, message.patient) == (True, offer.expires_at, offer.patient)
    text = render(message).words
    assert "/l/" in text
    assert offer.center.short_name in text


def test_a_routine_patient_is_texted_in_the_day_only(place: Place) -> None:
    waits_for_consult(place)
    offered()
    assert not Message.objects.get(purpose=Purpose.SLOT_OFFERED).urgent


def test_who_is_asked_to_move_is_told_the_new_time(place: Place) -> None:
    visit, _, offer = asked(place)
    message = Message.objects.get(purpose=Purpose.MOVE_ASKED)
    assert (message.patient, message.urgent) == (visit.patient, False)
    local = offer.starts_at.astimezone(ZoneInfo("America/New_York"))
    assert f"{local:%I:%M %p}".lstrip("0") in render(message).words


@pytest.mark.parametrize("answer", [accept, decline])
def test_what_was_answered_is_not_told_of_any_more(place: Place, answer: object) -> None:
    offer = _urgent(place)
    answer(place.actor, offer_id=offer.pk)  # type: ignore[operator]
    assert Message.objects.get(purpose=Purpose.SLOT_OFFERED).status == MessageStatus.CANCELLED


def test_what_ran_out_is_not_said_by_a_worker_that_has_taken_it(place: Place) -> None:
    offer = _urgent(place)
    message = Message.objects.get(purpose=Purpose.SLOT_OFFERED)
    set_clock(offer.expires_at)
    with pytest.raises(NoLongerTrue):
        render(message)


def test_a_yes_to_make_room_texts_both_their_times(place: Place) -> None:
    visit, entry, offer = asked(place)
    record_consent(SYSTEM, phone=phone_of(entry.patient), granted=True, channel=ConsentChannel.PHONE, language="en")
    accept(place.actor, offer_id=offer.pk)
    owed = Message.objects.filter(status=MessageStatus.DUE, due_at__lte=clock.now())
    assert set(owed.values_list("patient_id", "purpose")) >= {
        (visit.patient_id, Purpose.BOOKING_CHANGED),
        (entry.patient_id, Purpose.BOOKING_CONFIRMATION),
    }
    assert open_offers() == []
