"""Delivered is not read: a result that nobody opens is told of once more, then by a call, then by a person."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.access import SYSTEM, patient_actor
from clinic.models import ConsentChannel, Report, Role
from clinic.services.consent import record_consent
from clinic.services.reports import Finding, amend
from clinic.services.telling import Call, record_call, record_opened
from clinic.watchdog import find_lost
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from tests.factories import phone_of, set_clock
from tests.notifications.called import calls_made, ends, result_sent, taken
from tests.notifications.carrier import Carrier, asked_of_a_person, tells
from tests.pages.staff import Ward, open_ward

pytestmark = [
    # The watchdog reads at an isolation level of its own.
    pytest.mark.django_db(transaction=True),
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def ward(db: None, settings: LazySettings) -> Ward:
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = "a-token-of-the-tests", "https://clinic.example"
    return open_ward()


def _goes_on_until(at: timedelta, report: Report, carrier: Carrier) -> None:
    """Time passes to so long after the release, all that is due being sent and delivered, every call being taken."""
    assert report.result_sent_at is not None
    end = report.result_sent_at + at
    mine = Message.objects.filter(episode=report.episode, about_kind="report", status="due")
    while (due := mine.order_by("due_at").first()) is not None and due.due_at <= end:
        set_clock(max(due.due_at, clock.now()))
        before = len(carrier.calls)
        send_due()
        for call in carrier.calls[before:]:
            if call.rings:
                taken(carrier, call)
            _arrives(carrier, call)
    set_clock(max(end, clock.now()))


def _arrives(carrier: Carrier, call: object) -> None:
    sid = carrier.texts[call.to][-1].sid  # type: ignore[attr-defined]
    tells(sid, "completed" if call.rings else "delivered", call=call)  # type: ignore[arg-type, attr-defined]


def _about(report: Report, carrier: Carrier) -> list[tuple[str, str]]:
    """What was sent about a result, and how, in order."""
    messages = [call.attempt.message for call in carrier.calls]
    return [(each.purpose, each.channel) for each in messages if each.about_kind == "report"]


def test_it_is_told_of_a_day_later_then_rung_about_then_a_person_is_asked(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    _goes_on_until(timedelta(hours=71), report, carrier)
    assert _about(report, carrier) == [
        (Purpose.RESULT_READY, "sms"),
        (Purpose.RESULT_WAITING, "sms"),
        (Purpose.RESULT_WAITING, "voice"),
    ]
    assert asked_of_a_person(report.episode) == []
    _goes_on_until(timedelta(hours=73), report, carrier)
    assert len(asked_of_a_person(report.episode)) == 1
    last = Message.objects.get(purpose=Purpose.RESULT_WAITING, channel="person")
    assert (last.status, last.end_code) == ("failed", "not_opened")
    assert not last.tries.exists()


def _opens(ward: Ward, report: Report) -> None:
    record_opened(patient_actor(report.episode.patient_id), report=report)


def _is_told(ward: Ward, report: Report) -> None:
    call = Call(audience="patient", outcome="reached", told_to="Ana", read_back=True, in_person=True)
    record_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call)


def _is_amended(ward: Ward, report: Report) -> None:
    finding = Finding(impression="", category="no_dvt_complete", side="left", reason="Second look")
    amend(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)


@pytest.mark.parametrize("seen", [_opens, _is_told, _is_amended])
def test_once_it_is_seen_told_or_amended_nobody_is_asked_to_open_it(ward: Ward, carrier: Carrier, seen: object) -> None:
    report = result_sent(ward)
    _goes_on_until(timedelta(hours=20), report, carrier)
    seen(ward, report)  # type: ignore[operator]
    rungs = Message.objects.filter(purpose=Purpose.RESULT_WAITING)
    assert set(rungs.values_list("status", flat=True)) == {"cancelled"}


def test_a_call_that_is_not_taken_asks_a_person_at_once_and_nothing_else_follows(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    _goes_on_until(timedelta(hours=47), report, carrier)
    call = Message.objects.get(purpose=Purpose.RESULT_WAITING, channel="voice")
    set_clock(call.due_at)
    send_due()
    ends(carrier, calls_made(carrier)[-1], "no-answer")
    assert len(asked_of_a_person(report.episode)) == 1
    last = Message.objects.get(purpose=Purpose.RESULT_WAITING, channel="person")
    assert (last.status, last.end_code) == ("cancelled", "with_a_person")


def _second_text_is_due(report: Report, carrier: Carrier) -> None:
    _goes_on_until(timedelta(hours=23), report, carrier)
    set_clock(Message.objects.get(purpose=Purpose.RESULT_WAITING, channel="sms").due_at)


def test_after_a_second_text_that_did_not_arrive_it_rings_at_once(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    _second_text_is_due(report, carrier)
    send_due()
    text = carrier.calls[-1]
    tells(carrier.texts[text.to][-1].sid, "undelivered", call=text, code="30003")
    assert asked_of_a_person(report.episode) == []
    assert not Message.objects.filter(dedupe_key__startswith="call:").exists()
    set_clock(clock.now() + timedelta(minutes=11))
    assert find_lost() == []
    send_due()
    assert _about(report, carrier)[-1] == (Purpose.RESULT_WAITING, "voice")


def test_a_second_text_that_is_not_wanted_asks_a_person_at_once(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    _second_text_is_due(report, carrier)
    phone = phone_of(report.episode.patient)
    record_consent(SYSTEM, phone=phone, granted=False, channel=ConsentChannel.REPLY, language="en")
    send_due()
    assert len(asked_of_a_person(report.episode)) == 1
    assert not Message.objects.filter(purpose=Purpose.RESULT_WAITING, status="due").exists()
