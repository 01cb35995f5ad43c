"""A callback that nobody makes, told by the clock: text, call, the next, the supervisor, then advice to the patient."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import staff_actor
from clinic.models import LIVE_STEP, Role, Staff, Step, StepKind
from clinic.services.episodes import close_episode
from clinic.services.escalation import escalate_overdue
from clinic.services.steps import complete_step
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from scheduling.intake import IntakeResult, submit
from scheduling.intake.overriding import override
from tests.factories import make_scanner, set_clock
from tests.network import small_network
from tests.notifications.carrier import Carrier, asked_of_a_person, tells
from tests.notifications.pagers import OnCallCenter, make_on_call, take, until
from tests.scheduling.intakes import CONTACT, VISITOR, answers
from triage.overriding import Target
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db(transaction=True)
FAINTED = answers(emergency={"fainted": "unknown"})


@pytest.fixture
def crew(transactional_db: None) -> OnCallCenter:
    crew = make_on_call()
    make_scanner(crew.center)
    return crew


def _intake(language: str = "en") -> IntakeResult:
    result = submit(VISITOR, raw_answers=FAINTED, contact=CONTACT, language=language)
    assert (result.decision.disposition, result.decision.within_minutes) == ("CLINICIAN_CALLBACK", 10)
    return result


def _callback(result: IntakeResult) -> Step:
    return Step.objects.get(episode=result.episode, kind=StepKind.CALLBACK, status__in=LIVE_STEP)


def _overdue(result: IntakeResult) -> None:
    """Let everything happen until the callback is due, and a moment longer."""
    due_at = _callback(result).due_at
    assert due_at is not None
    until(due_at + timedelta(seconds=10))
    escalate_overdue()
    send_due()


def _advice() -> Message:
    return Message.objects.get(purpose=Purpose.SEEK_EMERGENCY_CARE)


def test_nobody_takes_the_call(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake()
    began = clock.now()
    first, second = crew.clinicians
    [supervisor] = crew.supervisors
    _overdue(result)
    _overdue(result)
    heard = [(call.to, "call" if call.rings else "text") for call in carrier.calls]
    assert heard == [
        (first.phone, "text"),
        (first.phone, "call"),
        (second.phone, "text"),
        (second.phone, "call"),
        (first.phone, "text"),
        (supervisor.phone, "text"),
        (supervisor.phone, "call"),
        (supervisor.phone, "text"),
        (supervisor.phone, "call"),
        (supervisor.phone, "text"),
        ("+13015550142", "text"),
    ]
    assert carrier.calls[-1].body == (
        "Vein Center: Ana, we could not reach you by phone. Go to the nearest emergency room now, or call 911. "
        "Our number: (240) 555-0100"
    )
    assert timedelta(minutes=20) <= clock.now() - began < timedelta(minutes=22)
    assert _advice().status == "sent"
    assert result.assessment.decisions.order_by("number").last().disposition == "ED_NOW"  # type: ignore[union-attr]
    live = Step.objects.filter(episode=result.episode, status__in=LIVE_STEP).values_list("kind", flat=True)
    assert set(live) == {"callback", "arrival_call"}
    until(clock.now() + timedelta(hours=2))
    assert len(carrier.calls) == 11


def test_the_advice_is_in_the_patients_language(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake("es")
    _overdue(result)
    _overdue(result)
    assert carrier.calls[-1].body == (
        "Vein Center: Ana, no pudimos hablar con usted. Vaya ahora a la sala de emergencias que le quede cerca, "
        "o llame al 911. Tel. (240) 555-0100"
    )


def test_the_advice_needs_no_consent(crew: OnCallCenter, carrier: Carrier) -> None:
    result = submit(VISITOR, raw_answers=FAINTED, contact=replace(CONTACT, consent_to_texts=False))
    _overdue(result)
    _overdue(result)
    assert _advice().status == "sent"


def test_who_takes_the_call_ends_the_paging_and_not_the_clock(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake()
    send_due()
    take(_callback(result), crew.clinicians[0])
    _overdue(result)
    assert [call.to for call in carrier.calls] == [crew.clinicians[0].phone, crew.supervisors[0].phone]


def test_who_was_reached_in_the_last_moment_is_not_told_otherwise(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake()
    _overdue(result)
    due_at = _callback(result).due_at
    assert due_at is not None
    set_clock(due_at + timedelta(seconds=10))
    escalate_overdue()
    before = len(carrier.calls)
    complete_step(staff_actor(crew.clinicians[0]), step=_callback(result), outcome="reached")
    send_due()
    assert (_advice().status, _advice().end_code) == ("cancelled", "reached")
    assert len(carrier.calls) == before


def test_what_was_decided_meanwhile_takes_the_place_of_the_advice(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake()
    _overdue(result)
    due_at = _callback(result).due_at
    assert due_at is not None
    set_clock(due_at + timedelta(seconds=10))
    escalate_overdue()
    target = Target(Disposition.CLINICIAN_CALLBACK, within_minutes=30)
    override(
        staff_actor(crew.clinicians[0]), assessment_id=result.assessment.pk, target=target, reason="Spoke with her son"
    )
    send_due()
    assert (_advice().status, _advice().end_code) == ("cancelled", "decided_anew")


def test_a_closed_episode_owes_no_advice(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake()
    _overdue(result)
    due_at = _callback(result).due_at
    assert due_at is not None
    set_clock(due_at + timedelta(seconds=10))
    escalate_overdue()
    assert result.episode is not None
    close_episode(staff_actor(crew.clinicians[0]), episode_id=result.episode.pk, reason="transferred")
    send_due()
    assert _advice().status == "cancelled"


def test_advice_that_does_not_arrive_is_somebodys_to_give(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake()
    _overdue(result)
    _overdue(result)
    call = carrier.calls[-1]
    tells(carrier.texts[call.to][-1].sid, "undelivered", call=call, code="30004")
    assert result.episode is not None
    [step] = asked_of_a_person(result.episode)
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(minutes=15)


def test_advice_that_could_not_be_sent_for_hours_is_somebodys_to_give(crew: OnCallCenter, carrier: Carrier) -> None:
    result = _intake()
    _overdue(result)
    due_at = _callback(result).due_at
    assert due_at is not None
    set_clock(due_at + timedelta(seconds=10))
    escalate_overdue()
    clock.advance(timedelta(hours=5))
    send_due()
    assert _advice().status == "expired"
    assert result.episode is not None
    assert len(asked_of_a_person(result.episode)) == 1


def _sunday_at_two(zone: str = "America/New_York") -> datetime:
    here = clock.now().astimezone(ZoneInfo(zone))
    sunday = here.date() + timedelta(days=(6 - here.weekday()) % 7 or 7)
    return datetime.combine(sunday, time(2), ZoneInfo(zone)).astimezone(UTC)


def test_on_sunday_at_two_in_the_night_only_remote_clinicians_are_paged_and_the_patient_is_told_then(
    transactional_db: None, carrier: Carrier
) -> None:
    network = small_network(days=12)
    set_clock(sunday := _sunday_at_two())
    result = _intake()
    _overdue(result)
    _overdue(result)
    *pages, advice = carrier.calls
    paged = Staff.objects.filter(phone__in=[call.to for call in pages])
    assert paged.count() >= 2
    assert set(paged.values_list("role", "resource__remote")) == {(Role.CLINICIAN, True)}
    assert network.staff["clara"] not in paged
    assert (advice.to, _advice().status) == ("+13015550142", "sent")
    assert advice.attempt.message.sent_at < sunday + timedelta(minutes=25)  # type: ignore[operator]
