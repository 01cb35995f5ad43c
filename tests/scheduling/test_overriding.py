"""A person's decision beside the table's: who may go where, and what the episode does then."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from clinic import clock
from clinic.access import Actor
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import LIVE_STEP, Center, Episode, Role, Step
from scheduling.errors import NoClinicianInTime, SignsNotAsked
from scheduling.intake import IntakeResult, submit
from scheduling.intake.asking_again import ask_signs
from scheduling.intake.overriding import override
from scheduling.models import Appointment, Resource, VisitKind, VisitType
from scheduling.services.booking import book
from scheduling.services.editing import Down, apply
from scheduling.services.visits import check_in
from scheduling.services.wanted import SlotChoice
from tests.factories import actor_of, set_clock
from tests.scheduling.intakes import CONTACT, NO_SIGNS, SUSPECTED, VISITOR, answers
from triage.models import Decision, Occasion
from triage.overriding import Target
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db(transaction=True)
CONSULT = answers(worsening="no", history={"varicose_veins_established": "yes"})
SCAN_1, SCAN_2 = Target(Disposition.SAME_DAY_DVT_SCAN, tier=1), Target(Disposition.SAME_DAY_DVT_SCAN, tier=2)
NEXT_DAY = Target(Disposition.NEXT_DAY_DVT_SCAN, interim_anticoagulant="given")


def intake(given: dict[str, Any]) -> IntakeResult:
    return submit(VISITOR, raw_answers=given, contact=CONTACT)


def live(result: IntakeResult) -> list[str]:
    steps = Step.objects.filter(episode=result.episode, status__in=LIVE_STEP).order_by("due_at", "id")
    return [step.kind for step in steps]


def episode_of(result: IntakeResult) -> Episode:
    assert result.episode is not None
    return Episode.objects.get(pk=result.episode.pk)


def booked(result: IntakeResult, *, hours: int = 2) -> Appointment:
    assert result.episode is not None
    assert result.patient is not None
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    scan = VisitType.objects.get(kind=VisitKind.DVT_SCAN)
    choice = SlotChoice(scan, result.episode.center, start)
    return book(actor_of(Role.REPRESENTATIVE), patient=result.patient, slot=choice, episode=result.episode)


def overridden(actor: Actor, result: IntakeResult, target: Target, reason: str = "Spoke with the patient.") -> Decision:
    return override(actor, assessment_id=result.assessment.pk, target=target, reason=reason).decision


def test_a_representative_raises_a_consultation_to_a_scan_today(center: Center) -> None:
    result = intake(CONSULT)
    row = overridden(actor_of(Role.REPRESENTATIVE), result, SCAN_1)
    assert (row.number, row.source, row.disposition, row.tier, row.within_minutes) == (
        2,
        "override",
        "SAME_DAY_DVT_SCAN",
        1,
        240,
    )
    episode = episode_of(result)
    assert (episode.kind, episode.tier) == ("suspected_dvt", 1)
    assert episode.result_by == episode.clock_started_at + timedelta(minutes=240)
    assert live(result) == ["booking"]
    assert result.assessment.decisions.get(number=1).disposition == "VASCULAR_CONSULT"


def test_a_representative_never_lowers(center: Center) -> None:
    result = intake(answers(**SUSPECTED))
    with pytest.raises(Forbidden) as refused:
        overridden(actor_of(Role.REPRESENTATIVE), result, SCAN_2)
    assert refused.value.code == "may_only_raise"
    with pytest.raises(Forbidden):
        overridden(actor_of(Role.REPRESENTATIVE), result, NEXT_DAY)
    assert result.assessment.decisions.count() == 1


def test_a_clinician_lowers_with_a_reason_and_the_visit_is_freed(center: Center) -> None:
    result = intake(answers(**SUSPECTED))
    visit = booked(result)
    row = overridden(actor_of(Role.CLINICIAN), result, Target(Disposition.VASCULAR_CONSULT), "Examined: a torn muscle.")
    assert (row.disposition, row.within_days, row.override_reason) == (
        "VASCULAR_CONSULT",
        14,
        "Examined: a torn muscle.",
    )
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason) == ("cancelled", "decision_changed")
    assert not visit.occupancies.filter(live=True).exists()
    episode = episode_of(result)
    assert (episode.kind, episode.tier, episode.scan_by, episode.result_by) == ("consult", None, None, None)
    assert live(result) == ["booking"]


def test_a_visit_that_is_booked_stays_while_somebody_is_sent_to_emergency_care(center: Center) -> None:
    result = intake(answers(**SUSPECTED))
    visit = booked(result)
    overridden(actor_of(Role.REPRESENTATIVE), result, Target(Disposition.ED_NOW), "Now short of breath on the phone.")
    visit.refresh_from_db()
    assert visit.status == "booked"
    assert sorted(live(result)) == ["arrival_call", "scan"]


def test_a_visit_too_late_for_the_new_deadline_is_to_be_moved_by_somebody(center: Center) -> None:
    result = intake(answers(**SUSPECTED | {"wells": {"entire_leg_swollen": "no"}}))
    assert result.decision.tier == 1
    overridden(actor_of(Role.CLINICIAN), result, SCAN_2)
    visit = booked(result, hours=5)
    overridden(actor_of(Role.REPRESENTATIVE), result, SCAN_1, "Getting worse.")
    visit.refresh_from_db()
    assert visit.status == "booked"
    assert live(result) == ["contact", "scan"]


def test_a_scan_on_the_next_day_has_its_own_deadline_and_asks_for_the_signs_again(center: Center) -> None:
    result = intake(answers(**SUSPECTED))
    before = clock.now()
    row = overridden(actor_of(Role.CLINICIAN), result, NEXT_DAY)
    assert (row.disposition, row.interim_anticoagulant, row.within_minutes) == ("NEXT_DAY_DVT_SCAN", "given", 1440)
    episode = episode_of(result)
    assert episode.scan_by is not None
    assert timedelta(hours=24) <= episode.scan_by - before < timedelta(hours=24, minutes=1)
    assert sorted(live(result)) == ["booking", "safety_check"]


def test_nobody_comes_in_for_a_next_day_scan_before_the_signs_were_asked_again(center: Center) -> None:
    result = intake(answers(**SUSPECTED))
    overridden(actor_of(Role.CLINICIAN), result, NEXT_DAY)
    visit = booked(result, hours=3)
    set_clock(visit.starts_at - timedelta(minutes=5))
    desk = actor_of(Role.REPRESENTATIVE)
    with pytest.raises(SignsNotAsked):
        check_in(desk, appointment_id=visit.pk)
    ask_signs(desk, episode_id=visit.episode_id or 0, answers=NO_SIGNS, occasion=Occasion.ARRIVAL)
    assert check_in(desk, appointment_id=visit.pk).status == "arrived"


def test_a_call_is_promised_only_where_the_roster_can_keep_it(center: Center) -> None:
    Resource.objects.filter(kind="clinician").update(active=False)
    result = intake(CONSULT)
    with pytest.raises(NoClinicianInTime):
        overridden(actor_of(Role.REPRESENTATIVE), result, Target(Disposition.CLINICIAN_CALLBACK, within_minutes=10))
    assert result.assessment.decisions.count() == 1


@pytest.mark.parametrize(
    ("target", "reason", "field"),
    [
        (Target(Disposition.SAME_DAY_DVT_SCAN), "Because.", "tier"),
        (Target(Disposition.ED_NOW, tier=1), "Because.", "tier"),
        (Target(Disposition.CLINICIAN_CALLBACK), "Because.", "within_minutes"),
        (Target(Disposition.CLINICIAN_CALLBACK, within_minutes=15), "Because.", "within_minutes"),
        (Target(Disposition.NEXT_DAY_DVT_SCAN), "Because.", "interim_anticoagulant"),
        (Target(Disposition.ED_NOW), "  ", "reason"),
        (Target(Disposition.ED_NOW), "x" * 501, "reason"),
    ],
)
def test_what_is_missing_is_named(center: Center, target: Target, reason: str, field: str) -> None:
    result = intake(CONSULT)
    with pytest.raises(Invalid) as refused:
        overridden(actor_of(Role.CLINICIAN), result, target, reason)
    assert list(refused.value.fields) == [field]


def test_what_is_so_already_is_refused(center: Center) -> None:
    result = intake(CONSULT)
    with pytest.raises(Conflict) as refused:
        overridden(actor_of(Role.CLINICIAN), result, Target(Disposition.VASCULAR_CONSULT))
    assert refused.value.code == "same_decision"


def test_the_database_keeps_a_next_day_scan_to_signed_overrides(center: Center) -> None:
    row = intake(CONSULT).decision
    row.pk, row.number, row.disposition = None, 2, "NEXT_DAY_DVT_SCAN"
    with pytest.raises(DatabaseError):
        row.save(force_insert=True)


def test_what_was_kept_for_a_call_is_free_for_its_patient_once_a_scan_is_decided_on(center: Center) -> None:
    result = intake(answers(**SUSPECTED, context={"anticoagulant": "therapeutic"}))
    assert result.hold is not None
    assert result.patient is not None
    overridden(actor_of(Role.CLINICIAN), result, SCAN_1)
    kept = SlotChoice(result.hold.visit_type, result.hold.center, result.hold.starts_at)
    representative = actor_of(Role.REPRESENTATIVE)
    visit = book(representative, patient=result.patient, slot=kept, episode=episode_of(result))
    assert (visit.starts_at, live(result)) == (result.hold.starts_at, ["scan"])


def test_a_scan_that_nobody_would_read_is_moved_by_somebody_once_it_is_tier_1(center: Center) -> None:
    result = intake(answers(**SUSPECTED))
    overridden(actor_of(Role.CLINICIAN), result, SCAN_2)
    reader = Resource.objects.select_related("center").get(kind="physician")
    apply(actor_of(Role.MANAGER), Down(resource=reader, until=clock.now() + timedelta(hours=8)))
    booked(result)
    assert live(result) == ["scan"]
    overridden(actor_of(Role.REPRESENTATIVE), result, SCAN_1)
    assert live(result) == ["contact", "scan"]
