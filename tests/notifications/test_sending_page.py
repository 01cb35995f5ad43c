"""The operators' page of sending: which sender is in use, why one is stopped, and the buttons that stop and resume."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.models import Role
from notifications.models import Circuit
from notifications.services import circuit
from notifications.services.sending import send_due
from tests.notifications.called import calls_made, ends, refuses_the_text, result_sent, taken
from tests.notifications.carrier import Carrier, a_text_owed, tells
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
PAGE = "/staff/sending/"
FIRST, SECOND = "+12025550100", "+12025550155"


@pytest.fixture
def ward(db: None, settings: LazySettings, carrier: Carrier) -> Ward:
    settings.TWILIO_SENDERS, settings.TWILIO_VOICE_SENDERS = [FIRST, SECOND], [FIRST]
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = "a-token-of-the-tests", "https://clinic.example"
    return open_ward()


def _rows(page: str) -> list[str]:
    """The senders' rows as they are read."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_it_says_which_sender_is_in_use_and_what_became_of_its_messages(
    ward: Ward, carrier: Carrier, role: str
) -> None:
    message = a_text_owed()
    send_due()
    tells(carrier.texts[message.phone][-1].sid, "delivered", call=carrier.calls[-1])
    rows = _rows(ward.browser(role).get(PAGE).content.decode())
    assert "(202) 555-0100 Texts&nbsp;1 In use 1 1 0" in rows[1]
    assert "(202) 555-0155 Texts&nbsp;2 Next in line 0 0 0" in rows[2]
    assert "(202) 555-0100 Calls&nbsp;1 In use 0 0 0" in rows[3]
    assert any("Arrived 1" in row for row in rows)


def test_a_stopped_sender_says_why_in_words(ward: Ward) -> None:
    circuit.open_circuit("30034", channel="sms", sender=FIRST, by_receipt=True)
    said = words(ward.browser(Role.MANAGER).get(PAGE))
    assert "Our number is not registered for texts (30034)" in said
    assert "only you let it go on" in said


def test_a_sender_with_a_rate_says_how_far_it_is_behind(ward: Ward, settings: LazySettings) -> None:
    settings.TWILIO_SENDER_RATES = ["0.01", "3"]
    a_text_owed()
    send_due()
    rows = _rows(ward.browser(Role.MANAGER).get(PAGE).content.decode())
    assert re.search(r"Texts&nbsp;1 In use 0.01 a second at most, \d+ s behind", rows[1])
    assert "Texts&nbsp;2 Next in line 3 a second at most, 0 s behind" in rows[2]
    assert "a second" not in rows[3]


def test_its_buttons_stop_a_sender_and_let_it_go_on(ward: Ward) -> None:
    browser, named = ward.browser(Role.MANAGER), {"channel": "sms", "sender": FIRST}
    assert "Stopped." in words(browser.post(f"{PAGE}stop/", named, follow=True))
    assert Circuit.objects.get(sender=FIRST).code == "operator"
    assert "stopped already" in words(browser.post(f"{PAGE}stop/", {**named, "next": PAGE}, follow=True))
    assert "Sending goes on" in words(browser.post(f"{PAGE}resume/", named, follow=True))
    assert Circuit.objects.get(sender=FIRST).opened_at is None


def test_an_account_that_is_in_order_again_is_resumed_by_hand(ward: Ward) -> None:
    circuit.open_circuit("30002")
    browser = ward.browser(Role.ADMINISTRATOR)
    assert "Our account is suspended (code 30002)" in words(browser.get(PAGE))
    browser.post(f"{PAGE}resume/", {"account": "yes"})
    assert circuit.opened() is None


def test_a_sender_that_is_none_of_ours_is_refused_in_words(ward: Ward) -> None:
    browser = ward.browser(Role.MANAGER)
    for named in ({}, {"channel": "sms", "sender": "+12025550199"}, {"channel": "person", "sender": FIRST}):
        answer = browser.post(f"{PAGE}stop/", {**named, "next": PAGE}, follow=True)
        assert "senders" in words(answer)
    assert not Circuit.objects.exists()


def test_all_staff_are_told_where_no_sender_of_texts_is_left(ward: Ward) -> None:
    browser = ward.browser(Role.REPRESENTATIVE)
    circuit.open_circuit("30034", channel="sms", sender=FIRST)
    assert "No texts are leaving" not in words(browser.get("/staff/", follow=True))
    circuit.open_circuit("30034", channel="sms", sender=SECOND)
    assert "No texts are leaving" in words(browser.get("/staff/", follow=True))


def test_a_patients_page_tells_texts_from_calls_and_what_became_of_each(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    refuses_the_text(carrier)
    call = calls_made(carrier)[-1]
    taken(carrier, call, "machine_end_beep")
    ends(carrier, call, "completed")
    clock.advance(timedelta(minutes=1))
    page = ward.browser(Role.REPRESENTATIVE).get(f"/staff/patients/{report.episode.patient_id}/texts/")
    rows = _rows(page.content.decode())
    assert any("Call" in row and "Left on voicemail" in row and "(202) 555-0100" in row for row in rows)
    assert any("Text" in row and "A landline: takes no texts" in row for row in rows)
