"""Somebody stands at the desk: the danger signs first, then who they are, then the first gap that somebody accepts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from clinic import clock
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, refusing
from clinic.errors import Invalid, NotFound
from clinic.models import (
    LIVE_STEP,
    Center,
    ConsentChannel,
    Episode,
    EpisodeKind,
    EpisodeStatus,
    Language,
    Patient,
    PretestCategory,
    Sex,
    Step,
    StepKind,
    StepStatus,
)
from clinic.services.access_needs import Access, add_access
from clinic.services.episodes import Risk, open_episode
from clinic.services.other_ways import OtherWay
from clinic.services.patients import register
from scheduling.errors import AddOnsFull, DangerSign, PatientBusy, SignsTooOld, VisitBookedAlready
from scheduling.models import Appointment, AppointmentStatus, HoldPurpose, ResourceDay, VisitKind, VisitType
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.gaps import add_ons, limit_of
from scheduling.services.booking import locked_episode, locked_patient, step_for
from scheduling.services.callers import is_clinician
from scheduling.services.holding import CHOOSING_TIME
from scheduling.services.news import record
from scheduling.services.refusals import Asked, refusable
from scheduling.services.scan_orders import owe_scan_order
from scheduling.services.taking import insert_hold
from scheduling.services.visit_steps import SERVES, new_step, on_arrival
from scheduling.services.wanted import SlotChoice, Wanted, want
from scheduling.slots import Deadline
from scheduling.states import MOVABLE
from triage import models as triage
from triage.answers import Site, parse
from triage.answers.groups import Emergency, LimbThreat
from triage.models import DecisionSource, Occasion
from triage.rules import ask_again
from triage.services.recording import Answered, record_assessment, record_decision

#: The answers of somebody at the desk hold so long.
SIGNS_HOLD = timedelta(hours=1)
#: Somebody who comes in with a suspected clot and was not asked the whole questionnaire is at least tier 1.
TIER = 1
_GROUPS = {
    "emergency": [each.name for each in fields(Emergency)],
    "limb_threat": [each.name for each in fields(LimbThreat)],
}


@dataclass(frozen=True)
class Screened:
    """The answers that were kept, and the decision where a danger sign is there; None where all were a no."""

    assessment: triage.Assessment
    decision: triage.Decision | None


@dataclass(frozen=True, kw_only=True)
class Registration:
    """Who they are, where they are new."""

    given_name: str
    family_name: str
    zip: str
    phone: str = ""
    sex: str = Sex.OTHER
    language: str = Language.ENGLISH
    birth_date: Any = None
    consent_to_texts: bool | None = None
    access: Access | None = None


def screen_walk_in(actor: Actor, *, center: Center, answers: Mapping[str, Mapping[str, str]]) -> Screened:
    """Keep the danger signs of somebody at the desk, of whom nothing else is known yet.

    Raises `Invalid` that names each question without a yes or a no: whoever asks stands before them.
    """
    require(actor, Permission.RUN_VISIT)
    raw = {group: {name: _answer(answers, group, name) for name in names} for group, names in _GROUPS.items()}
    wrong = {
        f"{group}.{name}": "Answer yes or no."
        for group, items in raw.items()
        for name, answer in items.items()
        if answer not in ("yes", "no")
    }
    if wrong:
        raise Invalid(fields=wrong)

    def work() -> Screened:
        assessment = record_assessment(
            actor,
            answered=Answered(
                raw_answers=raw, language=Language.ENGLISH, answered_by="staff", first_answer_at=clock.now()
            ),
            zip=center.zip,
            occasion=Occasion.WALK_IN,
        )
        decision = ask_again(parse(raw, on=None))
        if decision is None:
            return Screened(assessment, None)
        source = DecisionSource.RULES
        row = record_decision(actor, assessment=assessment, decision=decision, source=source, site=Site())
        return Screened(assessment, row)

    return in_transaction(work)


def place_walk_in(
    actor: Actor,
    *,
    assessment_id: int,
    center: Center,
    visit_type: VisitType,
    accepted_by: int,
    starts_at: datetime,
    patient_id: int | None = None,
    registration: Registration | None = None,
    episode: Episode | None = None,
) -> Appointment:
    """Give somebody at the desk, whose danger signs were asked, the gap that a person on duty accepted.

    ``accepted_by`` is that person's resource. The visit is arrived at once, and nobody is texted. It belongs to the
    episode named, or to the one of the patient that waits for such a visit; a rule-out without one opens one, tier 1,
    its clock started with the first answer at the desk.

    What the patient needs to be seen chooses the room. Raises `SignsTooOld` and `DangerSign`, before anybody is
    registered; `AddOnsFull`, past which only a clinician may go; `SlotTaken`, `ReservedForSameDay` and the other
    refusals of a booking. All or nothing is done.
    """
    require(actor, Permission.RUN_VISIT)
    if (patient_id is None) == (registration is None):
        raise Invalid(fields={"patient": "Name a patient, or register one."})
    slot = SlotChoice(visit_type, center, starts_at)

    def work() -> Appointment:
        signs = _signs(assessment_id, center)
        patient = locked_patient(_patient(actor, patient_id, registration))
        return _placed(actor, signs, patient, episode or _waiting(patient, visit_type), slot, accepted_by)

    def asked() -> Asked:
        # Whoever was registered only for this is not there any more.
        known = Patient.objects.filter(pk=patient_id).first() if patient_id is not None else None
        return Asked(act="walk_in", slot=slot, patient=known, episode=episode)

    return refusable(actor, asked, work)


def _placed(
    actor: Actor,
    signs: triage.Assessment,
    patient: Patient,
    waiting: Episode | None,
    slot: SlotChoice,
    accepted_by: int,
) -> Appointment:
    """Take the gap for a locked patient, in the episode that waits for it or one of its own: they have arrived."""
    episode = locked_episode(waiting, patient) if waiting else None
    opens = episode is None and slot.visit_type.kind == VisitKind.DVT_SCAN
    if opens and Appointment.objects.filter(patient=patient, visit_type=slot.visit_type, status__in=MOVABLE).exists():
        raise VisitBookedAlready
    wanted = _wanted(accepted_by, replace(slot, needs=needs_of_patient(patient.pk)))
    hold = _held(actor, wanted, accepted_by)
    step = _opened(actor, patient, wanted, signs) if opens else step_for(actor, hold, patient, episode)
    visit = _arrived(actor, hold, patient, step, signs)
    owe_scan_order(actor, visit)
    record(actor, "appointment.walked_in", visit, accepted_by=accepted_by, assessment=signs.pk)
    return visit


def _answer(answers: Mapping[str, Mapping[str, str]], group: str, name: str) -> str:
    given = answers.get(group)
    return str(given.get(name, "")) if isinstance(given, Mapping) else ""


def _signs(assessment_id: int, center: Center) -> triage.Assessment:
    """Lock and return the danger signs that were asked at this desk, and not yet used for anybody."""
    asked_here = triage.Assessment.objects.filter(
        pk=assessment_id, occasion=Occasion.WALK_IN, patient=None, zip=center.zip, at__gt=clock.now() - SIGNS_HOLD
    )
    # Locked, so that of two who place somebody on the same answers the second hears that they are used.
    found = asked_here.select_for_update(no_key=True).first()
    if found is None or Appointment.objects.filter(signs=found).exists():
        raise SignsTooOld
    decision = found.decisions.order_by("-number").first()
    if decision is not None:
        raise DangerSign(extra={"disposition": decision.disposition})
    return found


def _patient(actor: Actor, patient_id: int | None, registration: Registration | None) -> Patient:
    if registration is not None:
        given = dict(vars(registration))
        access = given.pop("access")
        way = access.other_way if access else OtherWay()
        patient = register(actor, **given, other_way=way, consent_channel=ConsentChannel.IN_PERSON)
        if access is not None:
            add_access(actor, patient=patient, access=access)
        return patient
    found = Patient.objects.filter(pk=patient_id).first() if patient_id is not None else None
    if found is None:
        raise NotFound("There is no such patient.")
    return found


def _waiting(patient: Patient, visit_type: VisitType) -> Episode | None:
    """Return the patient's episode that waits for such a visit, where there is exactly one.

    A rule-out of today that was missed or given up waits for it too, though a clinician is to call just now: the clock
    of whoever comes late is not started anew.
    """
    waits = Q(kind__in=[SERVES[VisitKind(visit_type.kind)].kind, StepKind.BOOKING])
    if visit_type.kind == VisitKind.DVT_SCAN:
        scanned = Step.objects.filter(episode=OuterRef("episode"), kind=StepKind.SCAN, status=StepStatus.DONE)
        today = Q(episode__tier__isnull=False, episode__clock_started_at__gt=clock.now() - timedelta(days=1))
        # Whoever has booked another one is checked in for that.
        ahead = Appointment.objects.filter(patient=patient, visit_type=visit_type, status__in=MOVABLE)
        waits |= Q(~Exists(scanned), ~Exists(ahead), kind=StepKind.CALLBACK) & today
    theirs = Step.objects.filter(episode__patient=patient, episode__status=EpisodeStatus.OPEN, attended_since=None)
    steps = theirs.filter(waits, status__in=LIVE_STEP).exclude(status=StepStatus.SCHEDULED)
    found = {step.episode_id: step.episode for step in steps.select_related("episode")}
    return next(iter(found.values())) if len(found) == 1 else None


def _wanted(accepted_by: int, choice: SlotChoice) -> Wanted:
    center, today = choice.center, clock.today(choice.center.zone)
    # Who is lent to another center today accepts nobody here, and who is lent to this one does.
    here = ResourceDay.objects.filter(resource=accepted_by, center=center, on=today, resource__active=True)
    if not here.filter(kind__in=choice.visit_type.takes).exists():
        raise Invalid(fields={"accepted_by": "Name who on duty here accepts the visit."})
    wanted = want(choice)
    if wanted.on != today:
        raise Invalid(fields={"starts_at": "Somebody at the desk is seen today. Book another day instead."})
    return replace(wanted, by=accepted_by)


def _held(actor: Actor, wanted: Wanted, accepted_by: int) -> Appointment:
    """Take the time. Raises `AddOnsFull` where the person's shift has its add-ons: asked while their day is locked, so
    that none slips past."""
    until = clock.now() + CHOOSING_TIME
    hold = insert_hold(wanted, holder=actor.key, purpose=HoldPurpose.CHOOSING, expires_at=until)
    day = hold.occupancies.get(resource_id=accepted_by).day_id
    if add_ons([day]).get(day, 0) >= limit_of(hold.center) and not is_clinician(actor):
        raise AddOnsFull
    return hold


def _opened(actor: Actor, patient: Patient, wanted: Wanted, signs: triage.Assessment) -> Step:
    """Open the episode of somebody who walked in with a suspected clot; what is not known counts as a yes."""
    deadline = Deadline(TIER, signs.first_answer_at)
    episode = open_episode(
        actor,
        patient=patient,
        kind=EpisodeKind.SUSPECTED_DVT,
        center=wanted.center,
        clock_started_at=signs.first_answer_at,
        first_steps=[new_step(wanted.visit_type.kind, center=wanted.center, starts_at=wanted.starts_at)],
        tier=TIER,
        scan_by=deadline.scan_by(wanted.center.zone),
        result_by=deadline.result_by,
        risk=Risk(pretest_category=PretestCategory.INDETERMINATE, pregnant=patient.sex != Sex.MALE, active_cancer=True),
    )
    return episode.steps.get()


def _arrived(actor: Actor, hold: Appointment, patient: Patient, step: Step, signs: triage.Assessment) -> Appointment:
    """Turn the hold into a visit that has arrived, by one UPDATE."""
    now = clock.now()
    with refusing(patient_in_one_place=PatientBusy):
        Appointment.objects.filter(pk=hold.pk, status=AppointmentStatus.HELD).update(
            status=AppointmentStatus.ARRIVED,
            patient=patient,
            episode=step.episode,
            step=step,
            signs=signs,
            booked_at=now,
            booked_by_id=actor.staff_id,
            arrived_at=now,
            hold_expires_at=None,
        )
    related = ("center", "visit_type", "patient", "episode", "step")
    visit = Appointment.objects.select_related(*related).get(pk=hold.pk)
    on_arrival(actor, visit)
    return visit
