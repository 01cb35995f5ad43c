"""Which event owes which text, when, and what takes it back: a text about what is no longer so never leaves."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Report, Role
from clinic.services.consent import record_consent
from clinic.services.episodes import close_episode
from clinic.services.reports import Finding, amend, finalize
from clinic.services.telling import Call, record_call, release_result
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.rescheduling import reschedule
from tests.factories import actor_of, make_patient, phone_of, set_clock
from tests.kernel import make_wet_read
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
CONFIRMATION, REMINDER = Purpose.BOOKING_CONFIRMATION, Purpose.VISIT_REMINDER
CHANGED, CANCELLED = Purpose.BOOKING_CHANGED, Purpose.BOOKING_CANCELLED


def _owed(visit: Appointment) -> list[tuple[str, str]]:
    """The texts about a visit and how they stand, in the order in which they were owed."""
    about = Message.objects.filter(about_kind="appointment", about_id=visit.pk)
    return list(about.order_by("id").values_list("purpose", "status"))


def _message(purpose: Purpose) -> Message:
    return Message.objects.get(purpose=purpose)


def _agrees(visit: Appointment) -> None:
    assert visit.patient is not None
    phone = phone_of(visit.patient)
    record_consent(SYSTEM, phone=phone, granted=True, channel=ConsentChannel.PHONE, language="en")


def _consult(ward: Ward, hour: int, minute: int = 0, days: int = 0) -> Appointment:
    slot = ward.place.at(hour, minute, kind="consult", days=days)
    return book(ward.place.actor, patient=make_patient(), slot=slot)


def test_a_booking_owes_its_confirmation_at_once_and_it_may_pass_the_night(ward: Ward) -> None:
    before = clock.now()
    visit = _consult(ward, 16)
    message = _message(CONFIRMATION)
    assert before <= message.due_at <= clock.now()
    assert message.urgent
    assert message.expires_at == visit.starts_at
    assert (message.patient, message.episode) == (visit.patient, visit.episode)
    assert not _message(REMINDER).urgent


@pytest.mark.parametrize(
    ("hour", "minute", "days", "before"),
    [
        (13, 0, 0, None),  # the confirmation has just been read
        (13, 20, 0, timedelta(minutes=45)),
        (19, 0, 0, timedelta(minutes=45)),
        (12, 40, 1, timedelta(minutes=45)),
        (12, 50, 1, timedelta(hours=24)),
        (14, 0, 2, timedelta(hours=24)),
    ],
)
def test_a_reminder_is_due_a_day_before_or_shortly_before_or_not_at_all(
    ward: Ward, hour: int, minute: int, days: int, before: timedelta | None
) -> None:
    visit = _follow_up(ward, hour, minute, days)
    found = Message.objects.filter(purpose=REMINDER).values_list("due_at", flat=True)
    assert list(found) == ([] if before is None else [visit.starts_at - before])


def _follow_up(ward: Ward, hour: int, minute: int, days: int) -> Appointment:
    episode = ward.suspected()
    slot = ward.place.at(hour, minute, kind="follow_up_visit", days=days)
    return book(ward.place.actor, patient=episode.patient, slot=slot, episode=episode)


def test_an_event_that_is_heard_twice_owes_once(ward: Ward) -> None:
    visit = _consult(ward, 16)
    with transaction.atomic():
        events.record("appointment.booked", actor=SYSTEM, episode=visit.episode, subject=visit)
    assert _owed(visit) == [(CONFIRMATION, "due"), (REMINDER, "due")]


class _Undone(Exception):
    pass


def test_what_did_not_happen_owes_nothing(ward: Ward) -> None:
    def undone() -> None:
        with transaction.atomic():
            _consult(ward, 16)
            assert Message.objects.count() == 2
            raise _Undone

    with pytest.raises(_Undone):
        undone()
    assert not Message.objects.exists()


def test_moving_a_visit_replaces_what_is_owed_about_it(ward: Ward, carrier: Carrier) -> None:
    visit = _consult(ward, 16)
    _agrees(visit)
    moved = reschedule(ward.place.actor, appointment_id=visit.pk, starts_at=ward.place.at(18).starts_at)
    assert _owed(visit) == [
        (CONFIRMATION, "cancelled"),
        (REMINDER, "cancelled"),
        (CHANGED, "due"),
        (REMINDER, "due"),
    ]
    new = Message.objects.get(purpose=REMINDER, status="due")
    assert new.due_at == moved.starts_at - timedelta(minutes=45)
    set_clock(new.due_at)
    send_due()
    assert [call.attempt.message.purpose for call in carrier.calls] == [CHANGED, REMINDER]
    assert all("6:00 PM" in call.body for call in carrier.calls)


def test_a_visit_that_is_moved_twice_tells_of_its_last_time_only(ward: Ward, carrier: Carrier) -> None:
    visit = _consult(ward, 16)
    _agrees(visit)
    for hour in (18, 17):
        reschedule(ward.place.actor, appointment_id=visit.pk, starts_at=ward.place.at(hour).starts_at)
    send_due()
    assert [call.attempt.message.purpose for call in carrier.calls] == [CHANGED]
    assert "5:00 PM" in carrier.calls[0].body


def test_a_cancelled_visit_is_told_of_and_never_reminded_of(ward: Ward, carrier: Carrier) -> None:
    visit = _consult(ward, 16)
    _agrees(visit)
    send_due()
    visits.cancel(ward.place.actor, appointment_id=visit.pk)
    assert _owed(visit) == [(CONFIRMATION, "sent"), (REMINDER, "cancelled"), (CANCELLED, "due")]
    clock.advance(timedelta(hours=3, minutes=30))
    send_due()
    assert [call.attempt.message.purpose for call in carrier.calls] == [CONFIRMATION, CANCELLED]


def test_a_text_that_a_worker_has_taken_is_asked_once_more_whether_it_is_true(ward: Ward, carrier: Carrier) -> None:
    visit = _consult(ward, 16)
    _agrees(visit)
    # Taken by a worker just before the visit is given up, so that nobody can withdraw it any more.
    Message.objects.filter(purpose=CONFIRMATION).update(status="sending", claimed_at=clock.real_now())
    visits.cancel(ward.place.actor, appointment_id=visit.pk)
    Message.objects.filter(purpose=CONFIRMATION).update(status="due")
    send_due()
    assert [call.attempt.message.purpose for call in carrier.calls] == [CANCELLED]
    assert (_message(CONFIRMATION).status, _message(CONFIRMATION).end_code) == ("cancelled", "visit_cancelled")


def test_who_is_here_or_did_not_come_is_not_reminded(ward: Ward) -> None:
    here, absent = _consult(ward, 16), _consult(ward, 18)
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=here.pk)
    set_clock(absent.starts_at + timedelta(minutes=1))
    visits.no_show(ward.actor(Role.SONOGRAPHER), appointment_id=absent.pk)
    assert dict(_owed(here))[REMINDER] == "cancelled"
    assert dict(_owed(absent))[REMINDER] == "cancelled"


def _negative(ward: Ward) -> Report:
    report = ward.read()
    finding = Finding(impression="", category="no_dvt_complete", side="left", findings="")
    return finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)


def test_a_result_that_is_released_owes_its_text_for_a_week(ward: Ward) -> None:
    release_result(actor_of(Role.REPRESENTATIVE), report_id=_negative(ward).pk)
    message = _message(Purpose.RESULT_READY)
    assert message.urgent
    assert message.expires_at - message.due_at == timedelta(days=7)


def test_a_result_that_was_amended_before_its_text_left_is_not_announced(ward: Ward, carrier: Carrier) -> None:
    report = _negative(ward)
    _consents(report)
    release_result(actor_of(Role.REPRESENTATIVE), report_id=report.pk)
    finding = Finding(impression="", category="acute_proximal_dvt", side="left", reason="Second look")
    amend(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    send_due()
    message = _message(Purpose.RESULT_READY)
    assert (message.status, message.end_code) == ("cancelled", "amended")
    assert not [call for call in carrier.calls if "result" in call.body]


def _consents(report: Report) -> None:
    phone = phone_of(report.episode.patient)
    record_consent(SYSTEM, phone=phone, granted=True, channel=ConsentChannel.PHONE, language="en")


@pytest.mark.parametrize(
    ("audience", "outcome", "texts"),
    [
        ("patient", "no_answer", 1),
        ("patient", "left_message", 1),
        ("patient", "reached", 0),
        # Whoever has that number is not to read the patient's name.
        ("patient", "wrong_number", 0),
        ("referrer", "no_answer", 0),
    ],
)
def test_a_patient_whom_a_call_did_not_reach_is_asked_to_call(
    ward: Ward, audience: str, outcome: str, texts: int
) -> None:
    call = Call(
        audience=audience,
        outcome=outcome,
        told_to="Ana" if outcome == "reached" else "",
        read_back=True,
        in_person=True,
    )
    report = ward.read("positive")
    make_wet_read(report)
    record_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call)
    assert Message.objects.filter(purpose=Purpose.PLEASE_CALL, urgent=True).count() == texts


def test_each_missed_call_asks_anew_and_none_once_the_patient_was_told(ward: Ward, carrier: Carrier) -> None:
    report = ward.read("positive")
    _consents(report)
    send_due()
    before = len(carrier.calls)
    missed = Call(audience="patient", outcome="no_answer")
    clara = ward.actor(Role.CLINICIAN)
    record_call(clara, report_id=report.pk, call=missed)
    send_due()
    record_call(clara, report_id=report.pk, call=missed)
    make_wet_read(report)
    told = Call(audience="patient", outcome="reached", told_to="Ana", read_back=True, in_person=True)
    record_call(clara, report_id=report.pk, call=told)
    send_due()
    statuses = Message.objects.filter(purpose=Purpose.PLEASE_CALL).order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["sent", "cancelled"]
    assert len(carrier.calls) == before + 1


def test_a_closed_episode_owes_nothing_more_but_a_result_that_was_released(ward: Ward) -> None:
    report = _negative(ward)
    release_result(actor_of(Role.REPRESENTATIVE), report_id=report.pk)
    open_now = Message.objects.filter(episode=report.episode, status="due")
    assert open_now.filter(purpose=Purpose.FOLLOW_UP_REMINDER).exists()
    close_episode(ward.actor(Role.CLINICIAN), episode_id=report.episode_id, reason="transferred")
    assert set(open_now.values_list("purpose", flat=True)) == {Purpose.RESULT_READY, Purpose.RESULT_WAITING}


def test_a_text_is_rendered_when_it_leaves_and_shows_the_visit_as_it_is_then(ward: Ward, carrier: Carrier) -> None:
    visit = _consult(ward, 16)
    _agrees(visit)
    send_due()
    [call] = carrier.calls
    shown: datetime = visit.starts_at.astimezone(ZoneInfo(visit.center.zone))
    assert f"{shown:%a %b} {shown.day} 4:00 PM" in call.body
    assert visit.center.short_name in call.body
    assert "/l/" in call.body
