"""Treatment start: done on the first dose taken, an ED's acceptance, or a documented decision why not; never else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import (
    LIVE_STEP,
    Checked,
    DoseSource,
    Drug,
    Episode,
    NotTreatedReason,
    Role,
    StartRoute,
    Step,
    StepKind,
    TreatmentStart,
)
from clinic.models.treatment import CHECKLIST
from clinic.selectors.plans import live_plan
from clinic.services.dose_changes import owe_dose_change
from clinic.services.plans import decision_where_last, locked_episode
from clinic.services.refusals import noted
from clinic.services.steps import NewStep, complete_step, open_step

#: Whoever was sent to an ED is asked for there an hour after they left, and never sooner than in a quarter of an hour.
ARRIVES_WITHIN, ASKED_NO_SOONER = timedelta(minutes=60), timedelta(minutes=15)
#: A page gives whole minutes.
WHOLE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class FirstDose:
    """The first dose as it was taken, with the prescriber's checklist: an answer to each of its items."""

    drug: str
    taken_at: datetime
    source: str
    pack_lot: str = ""
    pack_expires_on: date | None = None
    pharmacy: str = ""
    checklist: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """An emergency department, or a vascular service, has accepted the patient: who, and when they left and arrived."""

    facility: str
    acceptor: str
    departed_at: datetime
    arrived_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NotTreated:
    """A clinician's decision why no treatment begins, in their own words."""

    reason: str
    statement: str


Start = FirstDose | Acceptance | NotTreated


def record_start(actor: Actor, *, episode_id: int, start: Start) -> TreatmentStart:
    """Record how treatment began, or why it did not, and end the steps that owed it.

    A first dose raises the call about the drug's change of dose; an acceptance without an arrival has somebody ask for
    it. Raises `Invalid` that names the field, `Conflict` where no treatment is owed or it has begun already.
    """

    def work(by: int) -> TreatmentStart:
        episode = locked_episode(episode_id)
        wrong = _faults(episode, start)
        if wrong:
            raise Invalid(fields=wrong)
        owed = _owed(episode, start)
        row = TreatmentStart.objects.create(episode=episode, by_id=by, at=clock.now(), **_columns(start))
        codes = {"route": row.route, "drug": row.drug}
        events.record("treatment.recorded", actor=actor, episode=episode, subject=row, codes=codes)
        _follow(actor, episode, start)
        for step in owed:
            complete_step(actor, step=step, outcome=row.route, then=decision_where_last(step))
        settle()
        return row

    with noted(actor, "treatment", episode_id=episode_id):
        require(actor, Permission.WRITE_TREATMENT)
        if actor.staff_id is None:
            raise Forbidden("A start of treatment is recorded by the clinician who answers for it.")
        return in_transaction(partial(work, actor.staff_id))


def _owed(episode: Episode, start: Start) -> list[Step]:
    """Return the steps that this start ends: an acceptance ends the handover as well."""
    kinds = (
        [StepKind.TREATMENT_START, StepKind.HANDOVER] if isinstance(start, Acceptance) else [StepKind.TREATMENT_START]
    )
    owed = list(Step.objects.filter(episode=episode, kind__in=kinds, status__in=LIVE_STEP).order_by("id"))
    before = TreatmentStart.objects.filter(episode=episode)
    if not owed and before.filter(route=StartRoute.FIRST_DOSE).exists():
        raise Conflict("The first dose is recorded already.", code="treatment_started")
    if not owed and not before.exists():
        raise Conflict("No treatment is owed in this episode.", code="no_treatment_owed")
    return owed


def _follow(actor: Actor, episode: Episode, start: Start) -> None:
    plan = live_plan(episode)
    if isinstance(start, FirstDose) and plan is not None:
        owe_dose_change(actor, plan=plan)
    if isinstance(start, Acceptance) and start.arrived_at is None:
        due_at = max(start.departed_at + ARRIVES_WITHIN, clock.now() + ASKED_NO_SOONER)
        new = NewStep(
            kind=StepKind.ARRIVAL_CALL, owner_role=Role.REPRESENTATIVE, center_id=episode.center_id, due_at=due_at
        )
        open_step(actor, episode=episode, new=new)


def _columns(start: Start) -> dict[str, object]:
    if isinstance(start, FirstDose):
        return {
            "route": StartRoute.FIRST_DOSE,
            "drug": start.drug,
            "first_dose_taken_at": start.taken_at,
            "dose_source": start.source,
            "pack_lot": start.pack_lot.strip(),
            "pack_expires_on": start.pack_expires_on,
            "pharmacy": start.pharmacy.strip(),
            **start.checklist,
        }
    if isinstance(start, Acceptance):
        return {
            "route": StartRoute.ED_ACCEPTED,
            "facility": start.facility.strip(),
            "acceptor": start.acceptor.strip(),
            "departed_at": start.departed_at,
            "arrived_at": start.arrived_at,
        }
    return {
        "route": StartRoute.NOT_TREATED,
        "not_treated_reason": start.reason,
        "statement": start.statement.strip(),
    }


def _faults(episode: Episode, start: Start) -> dict[str, str]:
    if isinstance(start, FirstDose):
        return _faults_of_dose(episode, start)
    if isinstance(start, Acceptance):
        return _faults_of_acceptance(episode, start)
    wrong = {}
    if start.reason not in NotTreatedReason.values:
        wrong["not_treated_reason"] = f"Choose one of: {', '.join(NotTreatedReason.values)}."
    if not start.statement.strip():
        wrong["statement"] = "Say in your own words why no treatment begins."
    return wrong


def _faults_of_dose(episode: Episode, dose: FirstDose) -> dict[str, str]:
    wrong = {}
    if dose.drug not in Drug.values:
        wrong["drug"] = f"Choose one of: {', '.join(Drug.values)}."
    if fault := _not_within(episode, dose.taken_at):
        wrong["first_dose_taken_at"] = fault
    if dose.source not in DoseSource.values:
        wrong["dose_source"] = "Say where the dose came from. A prescription alone starts no treatment."
    if dose.source == DoseSource.STARTER_PACK:
        if not dose.pack_lot.strip():
            wrong["pack_lot"] = "Give the pack's lot."
        if dose.pack_expires_on is None or dose.pack_expires_on < dose.taken_at.date():
            wrong["pack_expires_on"] = "Give the pack's expiry: a pack that has expired is not given."
    if dose.source == DoseSource.PHARMACY and not dose.pharmacy.strip():
        wrong["pharmacy"] = "Name the pharmacy, and how it is known to be open."
    for item in CHECKLIST:
        if dose.checklist.get(item) not in Checked.values:
            wrong[item] = "Answer each item of the checklist."
    return wrong


def _faults_of_acceptance(episode: Episode, start: Acceptance) -> dict[str, str]:
    wrong = {}
    if not start.facility.strip():
        wrong["facility"] = "Name where the patient goes."
    if not start.acceptor.strip():
        wrong["acceptor"] = "Name who accepted the patient there."
    if fault := _not_within(episode, start.departed_at):
        wrong["departed_at"] = fault
    if start.arrived_at is not None and not start.departed_at <= start.arrived_at <= clock.now():
        wrong["arrived_at"] = "Nobody arrives before they left, or in the future."
    return wrong


def _not_within(episode: Episode, at: datetime) -> str:
    if at > clock.now():
        return "This lies in the future: record it when it has happened."
    return "This lies before the episode was opened." if at < episode.opened_at - WHOLE_MINUTE else ""
