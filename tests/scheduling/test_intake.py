"""From answers to the episode, its clock and its first step."""

from datetime import timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.errors import Invalid
from clinic.models import Center, Episode, Role, StepKind
from clinic.services.episodes import close_episode
from scheduling.intake import Contact, submit
from scheduling.intake.overriding import override
from scheduling.models import AppointmentStatus, HoldPurpose, Resource
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.holding import hold_slot
from scheduling.services.wanted import SlotChoice
from tests.factories import actor_of, make_scanner
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers
from triage.models import Assessment, Decision
from triage.overriding import Target
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_suspected_clot_opens_an_episode_whose_clock_started_at_the_first_answer(center: Center) -> None:
    first_answer = clock.now() - timedelta(minutes=5)
    result = submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT, first_answer_at=first_answer)
    assert (result.decision.disposition, result.decision.tier) == ("SAME_DAY_DVT_SCAN", 1)
    assert result.episode is not None
    assert result.episode.scan_by == first_answer + timedelta(minutes=180)
    assert result.episode.result_by == first_answer + timedelta(minutes=240)
    assert result.episode.center == center
    assert result.step is not None
    assert (result.step.kind, result.step.owner_role) == (StepKind.BOOKING, Role.REPRESENTATIVE)
    assert result.step.due_at is not None
    assert timedelta(0) < result.step.due_at - clock.now() <= timedelta(minutes=15)
    assert result.decision.site["next_result_min"] <= 240


def test_no_slot_in_time_becomes_a_further_decision_beside_the_first(center: Center) -> None:
    Resource.objects.filter(kind="sonographer").update(active=False)
    given = answers(**SUSPECTED | {"wells": {"entire_leg_swollen": "yes", "active_cancer": "yes"}})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    assert [(row.number, row.source, row.disposition) for row in result.decisions] == [
        (1, "rules", "SAME_DAY_DVT_SCAN"),
        (2, "fallback", "ED_NOW"),
    ]
    assert result.step is not None
    assert result.step.kind == StepKind.ARRIVAL_CALL


def test_an_emergency_opens_a_call_to_see_whether_they_arrived(center: Center) -> None:
    result = submit(VISITOR, raw_answers=answers(emergency={"chest_pain": "yes"}), contact=CONTACT)
    assert result.decision.disposition == "EMERGENCY_911"
    assert result.step is not None
    assert (result.step.kind, result.step.owner_role) == (StepKind.ARRIVAL_CALL, Role.CLINICIAN)


@pytest.mark.parametrize("contact", [None, Contact(given_name="", family_name="", phone="1", zip="00000")])
def test_an_emergency_is_never_held_up_by_a_missing_or_wrong_contact(center: Center, contact: Contact | None) -> None:
    result = submit(VISITOR, raw_answers=answers(emergency={"chest_pain": "yes"}), contact=contact)
    assert result.decision.disposition == "EMERGENCY_911"
    assert (result.patient, result.episode) == (None, None)


def test_a_scan_needs_to_know_where_the_patient_is(center: Center) -> None:
    with pytest.raises(Invalid) as refused:
        submit(VISITOR, raw_answers=answers(**SUSPECTED))
    assert "zip" in refused.value.fields
    assert not Assessment.objects.exists()


def test_a_patient_on_a_blood_thinner_is_called_with_a_slot_held(center: Center) -> None:
    given = answers(**SUSPECTED, context={"anticoagulant": "therapeutic"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    assert (result.decision.disposition, result.decision.within_minutes) == ("CLINICIAN_CALLBACK", 30)
    assert result.step is not None
    assert result.hold is not None
    assert (result.hold.hold_purpose, result.hold.episode) == (HoldPurpose.CALLBACK, result.episode)
    assert result.step.due_at is not None
    assert result.hold.hold_expires_at == result.step.due_at + timedelta(minutes=15)
    # Whoever waits for the call can still come: no slot starts before it.
    assert result.hold.starts_at >= result.step.due_at
    clinician = actor_of(Role.CLINICIAN)
    assert result.patient is not None
    booked = book(clinician, patient=result.patient, hold_id=result.hold.pk, episode=result.episode)
    assert booked.status == AppointmentStatus.BOOKED
    result.step.refresh_from_db()
    assert (result.step.status, result.step.outcome) == ("done", "booked")


def test_the_slot_that_was_kept_does_not_stand_in_the_way_of_another_one_for_the_same_patient(center: Center) -> None:
    make_scanner(center)
    materialise(days=20)
    given = answers(**SUSPECTED, context={"anticoagulant": "therapeutic"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    hold, patient = result.hold, result.patient
    assert hold is not None
    assert patient is not None
    slot = SlotChoice(hold.visit_type, hold.center, hold.starts_at)
    visit = book(actor_of(Role.CLINICIAN), patient=patient, slot=slot, episode=result.episode)
    hold.refresh_from_db()
    assert (visit.status, hold.status, hold.end_reason) == ("booked", "cancelled", "released")


@pytest.mark.parametrize("end", ["emergency care", "closed"])
def test_a_slot_that_nobody_will_come_to_is_kept_no_longer(center: Center, end: str) -> None:
    given = answers(**SUSPECTED, context={"anticoagulant": "therapeutic"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    hold, episode, clinician = result.hold, result.episode, actor_of(Role.CLINICIAN)
    assert hold is not None
    assert episode is not None
    if end == "closed":
        close_episode(clinician, episode_id=episode.pk, reason="declined")
    else:
        override(clinician, assessment_id=result.assessment.pk, target=Target(Disposition.ED_NOW), reason="Worse.")
    hold.refresh_from_db()
    assert (hold.status, hold.end_reason) == ("cancelled", "released")
    # Somebody else can have it.
    assert hold_slot(clinician, slot=SlotChoice(hold.visit_type, hold.center, hold.starts_at)).status == "held"


def test_a_callback_nobody_can_make_in_time_sends_a_suspected_clot_to_emergency_care(center: Center) -> None:
    Resource.objects.filter(kind="clinician").update(active=False)
    given = answers(**SUSPECTED, context={"anticoagulant": "therapeutic"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    # Without a prescriber on duty there is no tier-1 slot to keep either: that is said first.
    assert [row.source for row in result.decisions] == ["rules", "fallback", "roster"]
    assert not result.decision.hold_slot
    assert result.decision.disposition == "ED_NOW"


def test_all_no_is_self_care_with_a_check_on_day_14(center: Center) -> None:
    result = submit(VISITOR, raw_answers=answers(limb="both_legs", worsening="no"), contact=CONTACT)
    assert result.decision.disposition == "SELF_CARE", result.decision.reasons
    assert result.step is not None
    assert result.step.due_at is not None
    assert result.step.kind == StepKind.SELF_CARE_CHECK
    assert timedelta(days=13, hours=23) < result.step.due_at - clock.now() <= timedelta(days=14)


def test_history_alone_is_a_consultation_to_be_booked(center: Center) -> None:
    given = answers(worsening="no", history={"varicose_veins_established": "yes"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    assert (result.decision.disposition, result.decision.within_days) == ("VASCULAR_CONSULT", 14)
    assert result.episode is not None
    assert result.episode.kind == "consult"
    assert result.step is not None
    assert result.step.kind == StepKind.BOOKING


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"wells": {"calf_3cm": "yes"}}, "wells.calf_3cm"),
        ({"wells": {"alternative_dx_clinician": "yes"}}, "wells.alternative_dx_clinician"),
        ({"symptoms": {"swelling": "maybe"}}, "symptoms.swelling"),
        ({"patient": {"age": 200}}, "patient.age"),
    ],
)
def test_wrong_answers_are_named_and_nothing_is_kept(
    center: Center, wrong: dict[str, dict[str, Any]], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        submit(VISITOR, raw_answers=answers(**wrong), contact=CONTACT)
    assert field in refused.value.fields
    assert not Decision.objects.exists()
    assert not Episode.objects.exists()


def test_a_caller_cannot_say_what_the_network_offers(center: Center) -> None:
    Resource.objects.filter(kind="sonographer").update(active=False)
    raw = answers(**SUSPECTED) | {"site": {"next_result_min": 5, "upper_extremity": True, "iliac_duplex": True}}
    result = submit(VISITOR, raw_answers=raw, contact=CONTACT)
    assert result.decision.disposition != "SAME_DAY_DVT_SCAN"


def test_a_relatives_name_is_kept_beside_the_relation_and_may_be_missing(center: Center) -> None:
    submit(VISITOR, raw_answers=answers(), contact=CONTACT, answered_by="relative", relation="son", relative_name="Leo")
    submit(VISITOR, raw_answers=answers(), contact=CONTACT, answered_by="relative", relation="son")
    assert [row.relative_name for row in Assessment.objects.order_by("id")] == ["Leo", ""]
    with pytest.raises(Invalid) as refused:
        submit(
            VISITOR, raw_answers=answers(), answered_by="relative", relation="son", relative_name="x" * 81, zip="20770"
        )
    assert set(refused.value.fields) == {"relative_name"}
