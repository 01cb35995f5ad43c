"""A reply that can't be handled holds up no other, and is not overlooked: a person may read it meanwhile."""

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError

from clinic.selectors.consent import opted_out
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound
from notifications.replies import Meaning, meaning_of
from notifications.selectors.conversations import waiting_conversations
from notifications.services import hearing
from notifications.services.conversing import mark_handled
from notifications.services.hearing import handle_replies, store
from tests.factories import make_patient, phone_of
from tests.notifications.carrier import Carrier
from tests.notifications.writing_back import conversation_about, number_for, representative, status_of, told_of
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.django_db
FAULTY = "faulty, chest pain"


@pytest.fixture(autouse=True)
def ward(db: None) -> Ward:
    """A center at noon."""
    return open_ward()


def _fails_with(error: type[Exception], monkeypatch: pytest.MonkeyPatch, *, words: str = FAULTY) -> None:
    def broken(body: str, opt_out_type: str = "") -> Meaning:
        if body == words:
            raise error
        return meaning_of(body, opt_out_type)

    monkeypatch.setattr(hearing, "meaning_of", broken)


def _wrote(body: str) -> Inbound:
    store(sid=(sid := new_sid()), phone=phone_of(make_patient()), body=body, opt_out_type="")
    return Inbound.objects.get(provider_sid=sid)


@pytest.mark.parametrize("error", [IntegrityError, DataError, ValueError])
def test_what_one_reply_is_refused_for_holds_up_no_other(
    carrier: Carrier, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    _wrote(FAULTY)
    after = _wrote("I can't breathe")
    _fails_with(error, monkeypatch)
    assert handle_replies() == 1
    after.refresh_from_db()
    assert after.handled_as == "emergency"


@pytest.mark.parametrize("error", [OperationalError, DatabaseError])
def test_a_database_that_is_gone_ends_the_sweep(
    carrier: Carrier, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    _wrote(FAULTY)
    _fails_with(error, monkeypatch)
    with pytest.raises(DatabaseError):
        handle_replies()


def test_what_can_t_be_handled_waits_in_the_list_and_an_emergency_is_seen_as_one(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = _wrote(FAULTY)
    _fails_with(ValueError, monkeypatch)
    handle_replies()
    [waiting] = waiting_conversations()
    assert (waiting.conversation.phone, waiting.urgent, waiting.last) == (faulty.phone, True, faulty)


def test_once_it_is_handled_it_waits_only_for_what_it_asks(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = _wrote("STOP")
    _fails_with(ValueError, monkeypatch, words="STOP")
    handle_replies()
    monkeypatch.setattr(hearing, "meaning_of", meaning_of)
    handle_replies()
    faulty.refresh_from_db()
    assert (faulty.handled_as, faulty.waits_for_person) == ("stop", False)


def test_who_writes_again_after_a_text_that_can_t_be_handled_is_heard(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = _wrote(FAULTY).phone
    _fails_with(ValueError, monkeypatch)
    store(sid=(sid := new_sid()), phone=phone, body="STOP", opt_out_type="STOP")
    handle_replies()
    assert Inbound.objects.get(provider_sid=sid).handled_as == "stop"


def test_an_emergency_is_heard_behind_however_many_that_can_t_be_handled(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "MOST", 3)
    for _ in range(4):
        _wrote(FAULTY)
    _fails_with(ValueError, monkeypatch)
    for _ in range(2):
        handle_replies()
    emergency = _wrote("I can't breathe")
    handle_replies()
    emergency.refresh_from_db()
    assert emergency.handled_as == "emergency"


def test_what_a_person_has_taken_care_of_meanwhile_is_not_done_after_all(
    ward: Ward, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = told_of(ward)
    phone = number_for(visit)
    _fails_with(ValueError, monkeypatch, words="X")
    store(sid=(sid := new_sid()), phone=phone, body="X", opt_out_type="")
    handle_replies()
    mark_handled(representative(ward), conversation_id=conversation_about(visit).pk)
    monkeypatch.setattr(hearing, "meaning_of", meaning_of)
    handle_replies()
    assert status_of(visit) == "booked", "they were called, and keep it"
    assert Inbound.objects.get(provider_sid=sid).handled_at is not None
    assert waiting_conversations() == []


def test_no_more_texts_beside_an_emergency_holds_though_a_person_has_taken_care_of_it(
    ward: Ward, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = told_of(ward)
    phone, words = number_for(visit), "Stop texting me, chest pain"
    _fails_with(ValueError, monkeypatch, words=words)
    store(sid=new_sid(), phone=phone, body=words, opt_out_type="")
    handle_replies()
    mark_handled(representative(ward), conversation_id=conversation_about(visit).pk)
    monkeypatch.setattr(hearing, "meaning_of", meaning_of)
    handle_replies()
    assert opted_out(phone)
