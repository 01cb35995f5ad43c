"""The pages on which staff read what patients wrote, and answer."""

from typing import Any

import pytest

from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Patient, Role
from clinic.services.consent import record_consent
from notifications.local_twilio.message import new_sid
from notifications.models import Conversation, Inbound, Message, Typed
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of, set_clock
from tests.notifications.carrier import Carrier
from tests.notifications.conftest import carrier as _carrier
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
carrier = _carrier
LIST = "/staff/conversations/"


def _visit(ward: Ward, patient: Patient | None = None, hour: int = 16) -> Appointment:
    someone = patient or make_patient()
    record_consent(SYSTEM, phone=phone_of(someone), granted=True, channel=ConsentChannel.PHONE, language="en")
    visit = book(ward.place.actor, patient=someone, slot=ward.place.at(hour, kind="consult"))
    send_due()
    return visit


def _writes(phone: str, body: str, media: int = 0) -> Inbound:
    sid = new_sid()
    store(sid=sid, phone=phone, body=body, opt_out_type="", media=media)
    handle_replies()
    return Inbound.objects.get(provider_sid=sid)


def _at(phone: str) -> str:
    return f"{LIST}{Conversation.objects.get(phone=phone).pk}/"


def _page(ward: Ward, address: str, role: str = Role.REPRESENTATIVE) -> str:
    answer = ward.browser(role).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _phone(visit: Appointment) -> str:
    assert visit.patient is not None
    return phone_of(visit.patient)


def _said(ward: Ward, address: str, **form: object) -> Any:
    browser = ward.browser(Role.REPRESENTATIVE)
    key = browser.get(address).context["form"]["key"].value()
    return browser.post(f"{address}say/", {"key": key, **form})


def test_who_waits_is_listed_with_what_they_wrote_and_leads_to_the_thread(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?")
    _writes("+13015559999", "Hello?")
    page = _page(ward, LIST)
    assert str(visit.patient) in page
    assert "Where do I park?" in page
    assert "Unknown number" in page
    assert f'href="{_at(_phone(visit))}#latest"' in page


def test_the_thread_shows_both_sides_with_delivery_and_consent(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?", media=1)
    page = _page(ward, _at(_phone(visit)))
    for shown in ("Where do I park?", "Confirmation of a visit", "Sent", "Agreed to texts", "Waits for an answer"):
        assert shown in page
    assert "With a picture" in page
    assert str(visit.patient) in page


def test_a_thread_s_address_and_title_say_nothing_of_whom_it_is(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?")
    assert _phone(visit)[2:] not in _at(_phone(visit))
    assert "<title>Conversation" in _page(ward, _at(_phone(visit)))


def test_an_answer_is_sent_and_shown_with_its_author(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?")
    address = _at(_phone(visit))
    answer = _said(ward, address, words="Behind the building, by the oak.")
    assert answer.headers["Location"] == f"{address}#latest"
    send_due()
    assert carrier.calls[-1].body.endswith("Behind the building, by the oak.")
    page = _page(ward, address)
    assert "Behind the building, by the oak." in page
    assert str(ward.people[Role.REPRESENTATIVE]) in page
    assert "Nobody waits" in _page(ward, LIST)


def test_what_is_wrong_with_the_words_is_said_beside_them_and_they_stay(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?")
    answer = _said(ward, _at(_phone(visit)), words="Your scan is behind the building")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A text never says" in page
    assert "Your scan is behind the building</textarea>" in page
    assert "1 text, 45 characters with our name" in page
    assert not Typed.objects.exists()


def test_the_length_is_said_while_they_type(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?")
    measured = ward.browser(Role.REPRESENTATIVE).post(f"{_at(_phone(visit))}measure/", {"words": "a" * 400})
    assert "3 texts, 413 characters" in measured.content.decode()
    assert not Typed.objects.exists()


def test_who_wants_no_texts_is_called(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "STOP")
    page = _page(ward, _at(_phone(visit)))
    assert "This number wants no texts." in page
    assert f'href="tel:{_phone(visit)}"' in page
    assert "<textarea" not in page


def test_by_night_it_is_said_when_the_text_will_leave(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?")
    set_clock(ward.place.at(23).starts_at)
    page = _page(ward, _at(_phone(visit)))
    assert "Your text waits for their morning" in page
    _said(ward, _at(_phone(visit)), words="Behind the building.")
    assert Message.objects.get(purpose="staff_reply").due_at.astimezone(None) > Typed.objects.get().at


def test_who_share_a_number_are_named_and_the_text_is_for_one_of_them(ward: Ward, carrier: Carrier) -> None:
    mother = make_patient(given_name="Maria")
    daughter = make_patient(given_name="Luz", phone=mother.phone)
    _visit(ward, mother, 15)
    _visit(ward, daughter, 17)
    _writes(phone_of(mother), "Where do I park?")
    address = _at(phone_of(mother))
    page = _page(ward, address)
    assert "Shared number" in page
    assert "Choose a patient" in page
    refused = _said(ward, address, words="Behind the building.")
    assert "Say for which of the patients" in refused.content.decode()
    _said(ward, address, words="Behind the building.", patient=daughter.pk)
    assert Typed.objects.get().patient == daughter


def test_what_needs_no_answer_is_marked_as_handled(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    inbound = _writes(_phone(visit), "Thank you so much")
    ward.browser(Role.MANAGER).post(f"{_at(_phone(visit))}handled/")
    inbound.refresh_from_db()
    assert inbound.attended_by == ward.people[Role.MANAGER]
    assert "Marked as handled" in _page(ward, _at(_phone(visit)))


def test_it_is_reached_from_the_patient_the_episode_the_step_and_the_menu(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    inbound = _writes(_phone(visit), "Where do I park?")
    by_patient = f"/staff/patients/{visit.patient_id}/conversation/"
    assert by_patient in _page(ward, f"/staff/patients/{visit.patient_id}/")
    assert by_patient in _page(ward, f"/staff/episodes/{visit.episode_id}/")
    assert ward.browser(Role.REPRESENTATIVE).get(by_patient).headers["Location"] == _at(_phone(visit))
    step = _page(ward, f"/staff/steps/{inbound.steps.get().pk}/")
    assert "Where do I park?" in step
    assert f"{_at(_phone(visit))}#latest" in step
    assert f'href="{LIST}"' in _page(ward, "/staff/")


def test_what_patients_write_is_for_those_who_answer_them(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    inbound = _writes(_phone(visit), "My leg is worse")
    for address in (LIST, _at(_phone(visit))):
        assert ward.browser(Role.SONOGRAPHER).get(address).status_code == 403
        assert ward.browser(Role.ADMINISTRATOR).get(address).status_code == 403
    assert "My leg is worse" not in _page(ward, f"/staff/steps/{inbound.steps.get().pk}/", Role.SONOGRAPHER)
    assert "/conversation/" not in _page(ward, f"/staff/patients/{visit.patient_id}/", Role.SONOGRAPHER)


@pytest.mark.parametrize("handled_as", ["emergency", "stranger", ""])
def test_an_emergency_is_shown_as_one_whoever_wrote_it(ward: Ward, carrier: Carrier, handled_as: str) -> None:
    """One that was stored as a stranger's, or that can't be handled, too."""
    inbound = _writes("+13015559999", "I can't breathe")
    Inbound.objects.filter(pk=inbound.pk).update(handled_as=handled_as)
    page = _page(ward, _at("+13015559999"))
    assert '<span class="chip tone-critical">Emergency</span>' in page
    assert "Unknown number</span>" not in page


def test_what_came_after_the_page_was_opened_is_not_taken_for_read(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    _writes(_phone(visit), "Where do I park?")
    address = _at(_phone(visit))
    browser = ward.browser(Role.REPRESENTATIVE)
    opened = browser.get(address)
    form = {"key": opened.context["form"]["key"].value(), "seen": opened.context["seen"]}
    assert opened.content.decode().count(f'name="seen" value="{form["seen"]}"') == 2
    later = _writes(_phone(visit), "I can't come after all, what now?")
    refused = browser.post(f"{address}handled/", form, follow=True)
    assert "Read it first" in refused.content.decode()
    browser.post(f"{address}say/", {**form, "words": "Behind the building."})
    later.refresh_from_db()
    assert later.attended_at is None
    assert "what now?" in _page(ward, LIST)
