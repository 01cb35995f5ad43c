"""The seeded past: same-day rule-outs that found no thrombosis, each told to where it stands today."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic import pathway
from clinic.models import (
    ClosingReason,
    EpisodeKind,
    Impression,
    Plan,
    Report,
    ReportStatus,
    ReportVersion,
    ResultCategory,
    Role,
    Side,
    Staff,
    Step,
    StepKind,
    StepStatus,
)
from clinic.result_rules import TELL_WITHIN_MINUTES
from clinic.seeding.history import MINUTE, close, complete, run
from clinic.seeding.patients import register
from clinic.seeding.starts import Taken
from clinic.seeding.visits import Scene, book, end_step, open_episode, open_step, open_visit_step
from clinic.services.plans import DUE_HOUR, FIRST_HOUR, LAST_HOUR
from clinic.workdays import at_local, working_day_after
from scheduling.slots import Deadline

#: Scanned on the same day, the result within twelve hours (clinical.md R8b).
_TIER = 2
_CATEGORY = ResultCategory.NO_DVT_COMPLETE


@dataclass(frozen=True)
class _Scanned:
    """A study that was done: by whom, and when it ended."""

    scan: Step
    reading: Step
    sonographer: Staff
    ended_at: datetime


def rule_out(scene: Scene, taken: Taken, now: datetime) -> None:
    """Tell a rule-out from its first answer: scanned, read, sent and seen, the safety call, the end signed."""
    scanned = _scanned(scene, taken)
    report = _reported(scene, scanned)
    call = _finalized(scene, scanned, report)
    _safety_call(scene, report, call, now)


def _scanned(scene: Scene, taken: Taken) -> _Scanned:
    chance, desk = scene.chance, scene.crew.representative(scene.chance)
    clock = Deadline(_TIER, taken.starts_at - chance.randint(120, 200) * MINUTE)
    at = clock.clock_started_at + chance.randint(3, 9) * MINUTE
    patient = register(scene.ledger, chance, scene.center, at=at, by=desk)
    episode = open_episode(scene, patient, EpisodeKind.SUSPECTED_DVT, at=at, by=desk, clock=clock)
    asked = open_step(scene, episode, StepKind.BOOKING, Role.REPRESENTATIVE, due_at=at + 15 * MINUTE, at=at, by=desk)
    at += chance.randint(1, 8) * MINUTE
    scan = open_visit_step(scene, episode, taken, at=at, by=desk)
    end_step(scene, asked, "booked", at=at, by=desk)
    visit = book(scene, scan, taken, at=at, by=desk)
    people = scene.crew.by_resource
    sonographer = next(people[day.resource_id] for day in taken.days if day.resource_id in people)
    ended_at = run(scene, visit, sonographer)
    due_at = ended_at + taken.visit_type.reading_minutes * MINUTE
    reading = open_step(scene, episode, StepKind.READING, Role.PHYSICIAN, due_at=due_at, at=ended_at, by=sonographer)
    complete(scene, visit, taken, at=ended_at, by=sonographer)
    return _Scanned(scan, reading, sonographer, ended_at)


def _reported(scene: Scene, scanned: _Scanned) -> Report:
    """The sonographer's preliminary."""
    episode = scanned.scan.episode
    report = Report(
        episode=episode,
        step=scanned.scan,
        center=scene.center,
        side=scene.chance.choice((Side.LEFT, Side.RIGHT)),
        impression=Impression.NEGATIVE,
        scan_ended_at=scanned.ended_at,
        created_by=scanned.sonographer,
    )
    scene.ledger.reports.append(report)
    at = scanned.ended_at + 2 * MINUTE
    _version(scene, report, 1, ReportStatus.PRELIMINARY, at=at, by=scanned.sonographer)
    _note(scene, "report.preliminary", report, at=at, by=scanned.sonographer)
    return report


def _finalized(scene: Scene, scanned: _Scanned, report: Report) -> Step:
    """The physician's final, the plan that it makes, and the result sent; return the safety call that is owed."""
    reader = scene.crew.reader(scene.chance, scene.center.state)
    at = scanned.ended_at + scene.chance.randint(10, 28) * MINUTE
    report.status, report.category = ReportStatus.FINAL, _CATEGORY
    report.signed_by, report.signed_at = reader, at
    _version(scene, report, 2, ReportStatus.FINAL, at=at, by=reader)
    due_at = max(scanned.ended_at + TELL_WITHIN_MINUTES * MINUTE, at + 15 * MINUTE)
    telling = open_step(scene, report.episode, StepKind.TELLING, Role.REPRESENTATIVE, due_at=due_at, at=at, by=reader)
    call = _planned(scene, report, at=at, by=reader)
    end_step(scene, scanned.reading, "signed", at=at, by=reader)
    _note(scene, "report.final", report, at=at, by=reader, codes={"discrepancy": False})
    desk, at = scene.crew.representative(scene.chance), at + scene.chance.randint(2, 9) * MINUTE
    report.result_sent_at = at
    _note(scene, "result.released", report, at=at, by=desk)
    end_step(scene, telling, "sent", at=at, by=desk)
    _opened(scene, report, at=at + scene.chance.randint(2, 25) * MINUTE)
    return call


def _opened(scene: Scene, report: Report, *, at: datetime) -> None:
    """The patient has seen the result, having proven who they are."""
    report.patient_told_at = at
    patient = report.episode.patient
    scene.ledger.note(
        "result.opened",
        at=at,
        by=patient,
        subject=report,
        patient=patient,
        episode=report.episode,
        codes={"first": True},
    )


def _planned(scene: Scene, report: Report, *, at: datetime, by: Staff) -> Step:
    """The plan after a clear and complete study: one call about a week later."""
    zone = scene.center.zone
    plan = Plan(
        episode=report.episode,
        report=report,
        category=_CATEGORY,
        pathway_version=pathway.VERSION,
        anchor=report.scan_ended_at.astimezone(ZoneInfo(zone)).date(),
        created_at=at,
    )
    (planned,) = pathway.planned(_CATEGORY, pathway.Risk())
    due, first, last = (plan.anchor + timedelta(days=day) for day in (planned.day, planned.first_day, planned.last_day))
    call = Step(
        episode=report.episode,
        kind=StepKind(planned.kind),
        status=StepStatus.OPEN,
        owner_role=planned.owner_role,
        center=scene.center,
        due_at=at_local(due, DUE_HOUR, zone),
        window_start=at_local(first, FIRST_HOUR, zone),
        window_end=at_local(last, LAST_HOUR, zone),
        plan=plan,
        plan_code=planned.code,
        created_at=at,
    )
    scene.ledger.plans.append(plan)
    scene.ledger.planned.append(call)
    scene.ledger.note_step("step.opened", call, at=at, by=by)
    scene.ledger.note(
        "plan.made",
        at=at,
        by=by,
        subject=plan,
        patient=report.episode.patient,
        episode=report.episode,
        codes=lambda: {"steps": [call.pk], "pathway": pathway.VERSION},
    )
    return call


def _safety_call(scene: Scene, report: Report, call: Step, now: datetime) -> None:
    """A week on, the clinician has called and, on the next working day, signed that nothing was overlooked."""
    zone, clinician, episode = scene.center.zone, scene.crew.clinicians[scene.center.pk], report.episode
    if call.due_at is None:
        return
    called_at = call.due_at - scene.chance.randint(30, 400) * MINUTE
    if called_at >= now:
        return
    end_step(scene, call, "reached", at=called_at, by=clinician)
    on = working_day_after(called_at.astimezone(ZoneInfo(zone)).date())
    due_at = at_local(on, DUE_HOUR, zone)
    decision = open_step(scene, episode, StepKind.DECISION, Role.CLINICIAN, due_at=due_at, at=called_at, by=clinician)
    signed_at = at_local(on, time(9), zone) + scene.chance.randint(0, 90) * MINUTE
    if signed_at < now and call.plan is not None:
        call.plan.ended_at = signed_at
        close(scene, episode, decision, ClosingReason.RULED_OUT, at=signed_at, by=clinician)


def _version(scene: Scene, report: Report, number: int, status: ReportStatus, *, at: datetime, by: Staff) -> None:
    category = _CATEGORY if status == ReportStatus.FINAL else ""
    version = ReportVersion(
        report=report,
        number=number,
        status=status,
        impression=Impression.NEGATIVE,
        category=category,
        side=report.side,
        author=by,
        at=at,
    )
    scene.ledger.versions.append(version)


def _note(
    scene: Scene, kind: str, report: Report, *, at: datetime, by: Staff, codes: dict[str, object] | None = None
) -> None:
    episode = report.episode
    scene.ledger.note(kind, at=at, by=by, subject=report, patient=episode.patient, episode=episode, codes=codes)
