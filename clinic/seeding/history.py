"""The seeded past: how a visit ran, how its episode closed, and consultations from end to end."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.models import ClosingReason, Episode, EpisodeKind, EpisodeStatus, Role, Staff, Step, StepKind
from clinic.seeding.patients import register
from clinic.seeding.starts import Taken
from clinic.seeding.visits import Scene, book, end_step, open_episode, open_step, open_visit_step
from clinic.workdays import at_local, working_day_after
from scheduling.models import Appointment, AppointmentStatus
from scheduling.services.visit_steps import DECISION_WORKING_DAYS

MINUTE = timedelta(minutes=1)


def consultation(scene: Scene, taken: Taken, now: datetime) -> None:
    """Tell a consultation: booked days before, held, and signed off by the clinician on the next working day."""
    desk = scene.crew.representative(scene.chance)
    at = taken.starts_at - scene.chance.randint(20, 150) * timedelta(hours=1)
    patient = register(scene.ledger, scene.chance, scene.center, at=at, by=desk)
    episode = open_episode(scene, patient, EpisodeKind.CONSULT, at=at, by=desk)
    step = open_visit_step(scene, episode, taken, at=at, by=desk)
    visit = book(scene, step, taken, at=at, by=desk)
    clinician = scene.crew.clinicians[scene.center.pk]
    ended = run(scene, visit, clinician)
    zone = scene.center.zone
    on = ended.astimezone(ZoneInfo(zone)).date()
    due_at = at_local(working_day_after(on, DECISION_WORKING_DAYS), time(12), zone)
    decision = open_step(scene, episode, StepKind.DECISION, Role.CLINICIAN, due_at=due_at, at=ended, by=clinician)
    complete(scene, visit, taken, at=ended, by=clinician)
    signed_at = at_local(working_day_after(on), time(9), zone) + scene.chance.randint(0, 90) * MINUTE
    if signed_at < now:
        close(scene, episode, decision, ClosingReason.CONSULT_COMPLETED, at=signed_at, by=clinician)


def run(scene: Scene, visit: Appointment, by: Staff) -> datetime:
    """Take a visit through its day and end the step that it served; return when."""
    arrived_at = visit.starts_at - scene.chance.randint(2, 15) * MINUTE
    started_at = visit.starts_at + scene.chance.randint(0, 4) * MINUTE
    ended_at = visit.ends_at - scene.chance.randint(0, 3) * MINUTE
    visit.arrived_at, visit.started_at, visit.completed_at = arrived_at, started_at, ended_at
    visit.status = AppointmentStatus.COMPLETED
    scene.ledger.note_visit("appointment.arrived", visit, at=arrived_at, by=by)
    scene.ledger.note_visit("appointment.started", visit, at=started_at, by=by)
    if visit.step is not None:
        end_step(scene, visit.step, "visit_completed", at=ended_at, by=by)
    return ended_at


def complete(scene: Scene, visit: Appointment, taken: Taken, *, at: datetime, by: Staff) -> None:
    """Note that a visit is over, what follows from it being open; its time is free again."""
    scene.ledger.note_visit("appointment.completed", visit, at=at, by=by)
    scene.ledger.occupy(visit, taken.days, live=False)


def close(scene: Scene, episode: Episode, decision: Step, reason: ClosingReason, *, at: datetime, by: Staff) -> None:
    """Close an episode with a clinician's signature, which ends the decision that it owed."""
    end_step(scene, decision, "episode_closed", at=at, by=by, cancelled=True)
    episode.status = EpisodeStatus.CLOSED
    episode.closed_at, episode.closed_by, episode.closing_reason = at, by, reason
    codes = {"reason": reason}
    scene.ledger.note(
        "episode.closed", at=at, by=by, subject=episode, patient=episode.patient, episode=episode, codes=codes
    )
