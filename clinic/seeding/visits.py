"""Booking a seeded visit: its episode, the step that it serves, and the row of the visit itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from clinic.models import (
    Center,
    Episode,
    EpisodeKind,
    Order,
    OrderPriority,
    OrderSource,
    OrderStatus,
    Patient,
    Role,
    Staff,
    Step,
    StepKind,
    StepStatus,
)
from clinic.seeding.crew import Crew
from clinic.seeding.ledger import Ledger
from clinic.seeding.patients import register
from clinic.seeding.starts import Taken
from clinic.services.orders import protocol_of
from scheduling.models import Appointment, AppointmentStatus, HoldPurpose, VisitKind
from scheduling.services.scan_orders import SCANS
from scheduling.services.visit_steps import SERVES
from scheduling.slots import Deadline


@dataclass(frozen=True)
class Scene:
    """Where a story is written, at which center, by whom, and by what chance."""

    ledger: Ledger
    chance: Random
    crew: Crew
    center: Center


def book_ahead(scene: Scene, taken: Taken, now: datetime) -> None:
    """Book a visit to come: one or a few days ago, by a representative on the phone. Some have confirmed since."""
    at = now - timedelta(minutes=scene.chance.randint(30, 6 * 24 * 60))
    by = scene.crew.representative(scene.chance)
    patient = register(scene.ledger, scene.chance, scene.center, at=at, by=by)
    consult = taken.visit_type.kind == VisitKind.CONSULT
    kind = EpisodeKind.CONSULT if consult else EpisodeKind.SUSPECTED_DVT
    episode = open_episode(scene, patient, kind, at=at, by=by)
    step = open_visit_step(scene, episode, taken, at=at, by=by)
    visit = book(scene, step, taken, at=at, by=by)
    if scene.chance.random() < 0.3:
        visit.status = AppointmentStatus.CONFIRMED
        visit.confirmed_at = at + (now - at) / 2
        scene.ledger.note_visit("appointment.confirmed", visit, at=visit.confirmed_at, by=by)
    scene.ledger.occupy(visit, taken.days, live=True)


def open_episode(
    scene: Scene,
    patient: Patient,
    kind: EpisodeKind,
    *,
    at: datetime,
    by: Staff,
    clock: Deadline | None = None,
) -> Episode:
    """Open an episode; ``clock`` is the clinical one, where the patient was sent for a same-day scan."""
    episode = Episode(
        patient=patient,
        kind=kind,
        center=scene.center,
        tier=clock.tier if clock else None,
        clock_started_at=clock.clock_started_at if clock else at,
        scan_by=clock.scan_by(scene.center.zone) if clock else None,
        result_by=clock.result_by if clock else None,
        opened_at=at,
    )
    scene.ledger.episodes.append(episode)
    codes = {"kind": kind, "tier": episode.tier}
    scene.ledger.note("episode.opened", at=at, by=by, subject=episode, patient=patient, episode=episode, codes=codes)
    return episode


def open_step(
    scene: Scene,
    episode: Episode,
    kind: StepKind,
    role: Role,
    *,
    due_at: datetime,
    at: datetime,
    by: Staff | None,
    scheduled: bool = False,
) -> Step:
    """Open a step."""
    step = Step(
        episode=episode,
        kind=kind,
        status=StepStatus.SCHEDULED if scheduled else StepStatus.OPEN,
        owner_role=role,
        center=scene.center,
        due_at=due_at,
        created_at=at,
    )
    scene.ledger.steps.append(step)
    scene.ledger.note_step("step.opened", step, at=at, by=by)
    return step


def end_step(scene: Scene, step: Step, outcome: str, *, at: datetime, by: Staff, cancelled: bool = False) -> None:
    """End a step with what came of it."""
    step.status = StepStatus.CANCELLED if cancelled else StepStatus.DONE
    step.outcome, step.ended_at, step.ended_by = outcome, at, by
    scene.ledger.note_step("step.cancelled" if cancelled else "step.done", step, at=at, by=by)


def open_visit_step(scene: Scene, episode: Episode, taken: Taken, *, at: datetime, by: Staff) -> Step:
    """Open the step that a visit of this kind serves."""
    serves = SERVES[VisitKind(taken.visit_type.kind)]
    return open_step(scene, episode, serves.kind, serves.role, due_at=taken.starts_at, at=at, by=by, scheduled=True)


def book(scene: Scene, step: Step, taken: Taken, *, at: datetime, by: Staff) -> Appointment:
    """Book the visit that serves a step."""
    visit = Appointment(
        visit_type=taken.visit_type,
        center=scene.center,
        patient=step.episode.patient,
        episode=step.episode,
        step=step,
        status=AppointmentStatus.BOOKED,
        starts_at=taken.starts_at,
        ends_at=taken.starts_at + timedelta(minutes=taken.visit_type.minutes),
        holder=f"staff:{by.pk}",
        hold_purpose=HoldPurpose.CHOOSING,
        created_at=at,
        booked_at=at,
        booked_by=by,
    )
    scene.ledger.appointments.append(visit)
    scene.ledger.note_visit("appointment.booked", visit, at=at, by=by)
    if taken.visit_type.kind in SCANS:
        scene.ledger.orders.append(_ordered(step, at=at))
    return visit


def _ordered(step: Step, *, at: datetime) -> Order:
    """The order that the center's standing protocol signs for a scan."""
    return Order(
        episode=step.episode,
        step=step,
        status=OrderStatus.SIGNED,
        source=OrderSource.STANDING_PROTOCOL,
        priority=OrderPriority.URGENT if step.episode.tier else OrderPriority.ROUTINE,
        practitioner=protocol_of(step.center or step.episode.center),
        signed_at=at,
        created_at=at,
    )
