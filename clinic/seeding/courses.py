"""The course of each rule-out of the seeded year: from the first answer to a result that was told, and what follows."""

from datetime import timedelta

from clinic.models import ClosingReason, EpisodeKind, PretestCategory, Report, Role, Step, StepKind
from clinic.seeding import odds
from clinic.seeding.aftercare import follow
from clinic.seeding.history import close, complete, run
from clinic.seeding.odds import MINUTE, Pace
from clinic.seeding.patients import register
from clinic.seeding.starts import Taken
from clinic.seeding.studies import Study, Year, end_in_time_or_raised, read, send, tell
from clinic.seeding.visits import book, open_episode, open_step, open_visit_step
from notifications.models import Purpose
from scheduling.models import VisitType
from scheduling.slots import Deadline

#: Of a hundred rule-outs, those of tier 1.
TIER_1 = 0.55
#: A visit at least this far ahead is reminded of, so long before.
REMINDED, BEFORE = timedelta(minutes=75), timedelta(minutes=45)


def course(year: Year, taken: Taken, types: dict[str, VisitType], pace: Pace) -> None:
    """Tell one rule-out: asked, booked, scanned, read, told, treated where it must be, and followed."""
    scan = _booked(year, taken, pace)
    if scan is None:
        return
    study = _scanned(year, scan, taken)
    found = odds.category(year.scene.chance)
    report = report_of(year, study, found, taken, pace)
    told_at = tell(year, report, pace)
    follow(year, report, told_at, types, pace)


def report_of(year: Year, study: Study, found: str, taken: Taken, pace: Pace) -> Report:
    """Have a study read: the step of the reading, and the report that ends it."""
    scene = year.scene
    due_at = study.ended_at + taken.visit_type.reading_minutes * MINUTE
    reading = open_step(
        scene,
        study.step.episode,
        StepKind.READING,
        Role.PHYSICIAN,
        due_at=due_at,
        at=study.ended_at,
        by=study.sonographer,
    )
    report = read(scene, study, found, pace)
    if report.signed_at is not None and report.signed_by is not None:
        end_in_time_or_raised(scene, reading, "signed", at=report.signed_at, by=report.signed_by)
    return report


def _booked(year: Year, taken: Taken, pace: Pace) -> Step | None:
    """Open the episode and book its scan; None where the patient declined."""
    scene, chance = year.scene, year.scene.chance
    desk = scene.crew.representative(chance)
    tier = 1 if chance.random() < TIER_1 else 2
    wait = pace.minutes(chance, 92, 0.36, least=30) if tier == 1 else pace.minutes(chance, 190, 0.45, least=30)
    if chance.random() < odds.NEXT_MORNING:
        wait += timedelta(hours=14)
    clock = Deadline(tier, taken.starts_at - wait)
    at = clock.clock_started_at + chance.randint(3, 9) * MINUTE
    patient = register(scene.ledger, chance, scene.center, at=at, by=desk)
    episode = open_episode(scene, patient, EpisodeKind.SUSPECTED_DVT, at=at, by=desk, clock=clock)
    episode.pretest_category = PretestCategory.LIKELY if tier == 1 else PretestCategory.UNLIKELY
    asked = open_step(scene, episode, StepKind.BOOKING, Role.REPRESENTATIVE, due_at=at + 15 * MINUTE, at=at, by=desk)
    if chance.random() < odds.DECLINED:
        clinician = scene.crew.clinicians[scene.center.pk]
        close(scene, episode, asked, ClosingReason.DECLINED, at=at + 12 * MINUTE, by=clinician)
        return None
    late = chance.random() < odds.BOOKED_LATE and wait > timedelta(minutes=70)
    at += chance.randint(17, 40) * MINUTE if late else chance.randint(1, 8) * MINUTE
    scan = open_visit_step(scene, episode, taken, at=at, by=desk)
    end_in_time_or_raised(scene, asked, "booked", at=at, by=desk)
    visit = book(scene, scan, taken, at=at, by=desk)
    send(year, Purpose.BOOKING_CONFIRMATION, scan, visit, at=at, urgent=True)
    if taken.starts_at - at >= REMINDED:
        send(year, Purpose.VISIT_REMINDER, scan, visit, at=taken.starts_at - BEFORE)
    return scan


def _scanned(year: Year, scan: Step, taken: Taken) -> Study:
    scene = year.scene
    people = scene.crew.by_resource
    sonographer = next(people[day.resource_id] for day in taken.days if day.resource_id in people)
    visit = scene.ledger.appointments[-1]
    ended_at = run(scene, visit, sonographer)
    complete(scene, visit, taken, at=ended_at, by=sonographer)
    return Study(scan, sonographer, ended_at)
