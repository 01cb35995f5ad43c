"""What a call says to who took it, over the provider's signed requests: a person hears more than a mailbox."""

from xml.etree import ElementTree

import pytest
from django.conf import LazySettings

from clinic.models import Consent
from clinic.phones import spoken
from clinic.selectors.consent import may_call, may_text
from notifications.lint import FORBIDDEN
from notifications.models import Message, Receipt
from tests.clinical_words import clinical
from tests.notifications.called import asks, calls_made, ends, refuses_the_text, result_sent, taken, the_call
from tests.notifications.carrier import Call, Carrier, status_of
from tests.pages.staff import Ward, open_ward

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
BASE = "https://clinic.example"


@pytest.fixture
def ward(db: None, settings: LazySettings) -> Ward:
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = "a-token-of-the-tests", BASE
    return open_ward()


@pytest.fixture
def call(ward: Ward, carrier: Carrier) -> Call:
    """A call about a result, which is on its way."""
    result_sent(ward)
    refuses_the_text(carrier)
    return calls_made(carrier)[-1]


def _says(answer: object) -> list[tuple[str, str]]:
    """What is heard, with the voice's language, in order."""
    content = answer.content  # type: ignore[attr-defined]
    return [(say.text or "", say.get("language") or "") for say in ElementTree.fromstring(content).iter("Say")]


def _presses(carrier: Carrier, call: Call, key: str) -> object:
    sid = carrier.texts[call.to][-1].sid
    url = f"{BASE}/webhooks/twilio/call/keys/?attempt={call.attempt.pk}"
    return asks(url, {"CallSid": sid, "Digits": key})


def test_a_person_hears_for_whom_it_is_whom_to_call_and_what_the_keys_do(carrier: Carrier, call: Call) -> None:
    answer = taken(carrier, call)
    assert answer.headers["Content-Type"] == "text/xml"
    [(greeting, voice), (keys, _), _] = _says(answer)
    message = the_call()
    assert message.patient is not None
    assert message.patient.given_name in greeting
    assert spoken(message.episode.center.phone) in greeting  # type: ignore[union-attr]
    assert voice == "en-US"
    assert "press 1" in keys
    [gather] = ElementTree.fromstring(answer.content).iter("Gather")
    assert gather.get("action") == f"{BASE}/webhooks/twilio/call/keys/?attempt={call.attempt.pk}"


def test_a_mailbox_hears_the_clinic_and_the_number_and_nothing_else(carrier: Carrier, call: Call) -> None:
    answer = taken(carrier, call, "machine_end_beep")
    [(words, _)] = _says(answer)
    message = the_call()
    assert message.patient is not None
    assert message.patient.given_name not in words
    number = spoken(message.episode.center.phone)  # type: ignore[union-attr]
    assert words == f"This is Vein Center. Please call us at {number}. Once more: {number}."
    assert not list(ElementTree.fromstring(answer.content).iter("Gather"))


def test_a_spanish_speaker_hears_spanish(carrier: Carrier, call: Call) -> None:
    Message.objects.filter(pk=the_call().pk).update(language="es")
    [(greeting, voice), *_rest] = _says(taken(carrier, call))
    assert greeting.startswith("Hola. Le habla Vein Center")
    assert voice == "es-US"


@pytest.mark.parametrize("key", ["1", "2"])
def test_a_key_tells_more_or_the_same_again_and_nothing_clinical(carrier: Carrier, call: Call, key: str) -> None:
    first = _says(taken(carrier, call))
    then = _says(_presses(carrier, call, key))
    assert (then == first) is (key == "2")
    heard = " ".join(words for words, _ in then)
    assert not FORBIDDEN.search(heard)
    assert clinical([heard]) == []


def test_who_may_be_a_machine_counts_as_reached_by_a_key_only(carrier: Carrier, call: Call) -> None:
    taken(carrier, call, "unknown")
    _presses(carrier, call, "1")
    ends(carrier, call, "completed")
    assert status_of(the_call()) == "delivered"


def test_nine_ends_calls_by_machine_and_says_nothing_of_texts(carrier: Carrier, call: Call) -> None:
    taken(carrier, call)
    for _ in range(2):
        [(words, _)] = _says(_presses(carrier, call, "9"))
        assert "no more calls from this machine" in words
    assert (may_call(call.to), may_text(call.to)) == (False, True)
    assert Consent.objects.filter(phone=call.to, granted=False).count() == 1


def test_asked_again_the_answer_is_the_same(carrier: Carrier, call: Call) -> None:
    assert taken(carrier, call).content == taken(carrier, call).content
    assert Receipt.objects.filter(attempt=call.attempt, status="answered-human").count() == 1


def test_only_the_provider_may_ask_and_only_about_a_call_of_ours(carrier: Carrier, call: Call) -> None:
    form = {"CallSid": carrier.texts[call.to][-1].sid, "AnsweredBy": "human"}
    before = Receipt.objects.count()
    assert asks(call.url, form, signed=False).status_code == 403
    assert asks(f"{BASE}/webhooks/twilio/call/?attempt=999999", form).status_code == 404
    assert asks(f"{BASE}/webhooks/twilio/call/", form).status_code == 404
    assert asks(call.url, form | {"CallSid": "SM" + "0" * 32}).status_code == 400
    assert asks(call.url, form | {"AnsweredBy": "a cat"}).status_code == 400
    keys = f"{BASE}/webhooks/twilio/call/keys/?attempt={call.attempt.pk}"
    for digits in ("", "11", "x"):
        assert asks(keys, {"CallSid": form["CallSid"], "Digits": digits}).status_code == 400
    assert Receipt.objects.count() == before


def test_whoever_types_a_name_does_not_choose_what_our_call_says(carrier: Carrier, call: Call) -> None:
    """A visitor may give any number as theirs, and any name."""
    patient = the_call().recipient
    typed = "Ana. Your bank account is closed, call 900 555 0199 now to open it"
    type(patient).objects.filter(pk=patient.pk).update(given_name=typed)
    [(greeting, _), *_] = _says(taken(carrier, call))
    assert "900" not in greeting
    assert "to open it" not in greeting
    type(patient).objects.filter(pk=patient.pk).update(given_name="María Guadalupe")
    assert "María Guadalupe" in _says(taken(carrier, call))[0][0]
