"""Treatment of the seeded year: the first dose, and what was decided three months later or at the end of a course."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Model

from clinic.models import DoseSource, Drug, Plan, Role, StartRoute, Step, StepKind, TherapyChoice, TherapyDecision
from clinic.models import TreatmentStart as Start
from clinic.models.treatment import CHECKLIST
from clinic.pathway import STOP_OR_EXTEND, YEARLY_REVIEW
from clinic.seeding.odds import MINUTE
from clinic.seeding.visits import Scene, end_step
from clinic.services.plan_dates import as_step

#: A drug whose dose does not change on its way.
DRUG = Drug.EDOXABAN


def begin(scene: Scene, plan: Plan, *, at: datetime) -> None:
    """The first dose is taken on site, the prescriber's checklist clear."""
    clinician = scene.crew.clinicians[scene.center.pk]
    row = Start(
        episode=plan.episode,
        route=StartRoute.FIRST_DOSE,
        drug=DRUG,
        dose_source=DoseSource.ON_SITE,
        first_dose_taken_at=at,
        by=clinician,
        at=at + 2 * MINUTE,
        **dict.fromkeys(CHECKLIST, "clear"),
    )
    scene.ledger.starts.append(row)
    _note(scene, "treatment.recorded", row, plan, at=row.at, codes={"route": row.route, "drug": row.drug})


def stop(scene: Scene, plan: Plan, *, at: datetime) -> None:
    """A course is complete: its last dose was taken on this day."""
    _decide(scene, plan, TherapyChoice.STOP, at)


def extend(scene: Scene, plan: Plan, *, at: datetime) -> None:
    """Three months on treatment goes on: it is reviewed in a year."""
    asked = Step(
        episode=plan.episode,
        kind=StepKind.DECISION,
        owner_role=Role.CLINICIAN,
        center=scene.center,
        due_at=at,
        plan=plan,
        plan_code=STOP_OR_EXTEND,
        created_at=at,
    )
    scene.ledger.planned.append(asked)
    scene.ledger.note_step("step.opened", asked, at=at, by=None)
    later = at + 20 * MINUTE
    _decide(scene, plan, TherapyChoice.EXTEND, later)
    end_step(scene, asked, TherapyChoice.EXTEND, at=later, by=scene.crew.clinicians[scene.center.pk])
    new = as_step(plan, YEARLY_REVIEW, base=later.astimezone(ZoneInfo(scene.center.zone)).date())
    review = Step(
        episode=plan.episode,
        kind=new.kind,
        owner_role=new.owner_role,
        center=scene.center,
        due_at=new.due_at,
        window_start=new.window_start,
        window_end=new.window_end,
        plan=plan,
        plan_code=new.plan_code,
        created_at=later,
    )
    scene.ledger.planned.append(review)
    scene.ledger.note_step("step.opened", review, at=later, by=asked.ended_by)


def _decide(scene: Scene, plan: Plan, choice: TherapyChoice, at: datetime) -> None:
    last = at.astimezone(ZoneInfo(scene.center.zone)).date() if choice == TherapyChoice.STOP else None
    row = TherapyDecision(
        episode=plan.episode,
        choice=choice,
        last_dose_on=last,
        reason="Course complete" if last else "Unprovoked",
        by=scene.crew.clinicians[scene.center.pk],
        at=at,
    )
    scene.ledger.decisions.append(row)
    _note(scene, "therapy.decided", row, plan, at=at, codes={"choice": choice})


def _note(scene: Scene, kind: str, row: Model, plan: Plan, *, at: datetime, codes: dict[str, object]) -> None:
    by = scene.crew.clinicians[scene.center.pk]
    episode = plan.episode
    scene.ledger.note(kind, at=at, by=by, subject=row, patient=episode.patient, episode=episode, codes=codes)
