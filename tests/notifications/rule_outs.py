"""Rule-outs of the past, as rows: how long each took is given, so that what is counted of them is known."""

from datetime import datetime, timedelta
from itertools import count

from clinic.models import (
    Center,
    Episode,
    EpisodeKind,
    Event,
    Report,
    ReportStatus,
    Role,
    Staff,
    StartRoute,
    Step,
    StepKind,
    StepStatus,
    TreatmentStart,
)
from clinic.models.treatment import CHECKLIST
from scheduling.models import Appointment, AppointmentStatus, HoldPurpose, VisitType
from tests.kernel import make_patient, make_staff

#: Names that no other maker of people gives.
_numbers = count(1)


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


def rule_out(
    center: Center,
    scan: VisitType,
    asked_at: datetime,
    *,
    to_scan: int | None = 60,
    to_told: int | None = 30,
    to_treated: int | None = None,
    treatment_owed: bool = False,
) -> Episode:
    """A tier-1 rule-out whose scan of 20 minutes began so long after the first answer; None: it has not yet."""
    episode = Episode.objects.create(
        patient=make_patient(),
        kind=EpisodeKind.SUSPECTED_DVT,
        center=center,
        tier=1,
        clock_started_at=asked_at,
        scan_by=asked_at + minutes(180),
        result_by=asked_at + minutes(240),
        opened_at=asked_at,
    )
    # Somebody always owes something to an open episode.
    _step(episode, StepKind.DECISION, asked_at, StepStatus.OPEN)
    if to_scan is None:
        return episode
    step = _step(episode, StepKind.SCAN, asked_at, StepStatus.DONE)
    starts = asked_at + minutes(to_scan)
    Appointment.objects.create(
        visit_type=scan,
        center=center,
        patient=episode.patient,
        episode=episode,
        step=step,
        status=AppointmentStatus.COMPLETED,
        starts_at=starts,
        ends_at=starts + minutes(20),
        holder="test",
        hold_purpose=HoldPurpose.CHOOSING,
        created_at=asked_at,
        booked_at=asked_at,
        arrived_at=starts,
        started_at=starts,
        completed_at=starts + minutes(20),
    )
    report = _report(step, starts + minutes(20))
    if to_told is None:
        return episode
    told_at = report.scan_ended_at + minutes(to_told)
    _told(report, told_at)
    if to_treated is not None:
        _step(episode, StepKind.TREATMENT_START, told_at, StepStatus.DONE, told_at + minutes(to_treated + 5))
        TreatmentStart.objects.create(
            episode=episode,
            route=StartRoute.FIRST_DOSE,
            drug="edoxaban",
            dose_source="on_site",
            first_dose_taken_at=told_at + minutes(to_treated),
            by=_person(Role.CLINICIAN),
            at=told_at + minutes(to_treated + 5),
            **dict.fromkeys(CHECKLIST, "clear"),
        )
    elif treatment_owed:
        _step(episode, StepKind.TREATMENT_START, told_at, StepStatus.OPEN)
    return episode


def amended(episode: Episode, told_at: datetime) -> None:
    """The report was amended: its own times are emptied, and it was told anew."""
    report = Report.objects.get(episode=episode)
    Report.objects.filter(pk=report.pk).update(
        status=ReportStatus.AMENDED,
        category="acute_proximal_dvt",
        signed_by=_person(Role.PHYSICIAN),
        signed_at=told_at,
    )
    _told(report, told_at)


def late_step(episode: Episode, at: datetime, status: str, *, succeeds: Step | None = None) -> Step:
    """A step that was raised, or that stands in the place of a missed one."""
    step = _step(episode, StepKind.FOLLOW_UP_CALL, at, status, at + minutes(30), succeeds=succeeds)
    if succeeds is None and status != StepStatus.MISSED:
        Step.objects.filter(pk=step.pk).update(escalated_at=at)
    return step


def _person(role: str) -> Staff:
    return make_staff(role, username=f"past-{role}-{next(_numbers)}")


def _step(
    episode: Episode,
    kind: str,
    at: datetime,
    status: str,
    ended_at: datetime | None = None,
    succeeds: Step | None = None,
) -> Step:
    over = status in (StepStatus.DONE, StepStatus.MISSED, StepStatus.CANCELLED)
    return Step.objects.create(
        episode=episode,
        kind=kind,
        status=status,
        owner_role=Role.CLINICIAN,
        center=episode.center,
        due_at=at,
        plan_code=kind if kind == StepKind.TREATMENT_START else "",
        created_at=at,
        escalated_at=at if status == StepStatus.ESCALATED else None,
        ended_at=(ended_at or at) if over else None,
        succeeds=succeeds,
    )


def _report(step: Step, ended_at: datetime) -> Report:
    return Report.objects.create(
        episode=step.episode,
        step=step,
        center=step.episode.center,
        side="left",
        impression="positive",
        scan_ended_at=ended_at,
        created_by=_person(Role.SONOGRAPHER),
    )


def _told(report: Report, at: datetime) -> None:
    Event.objects.create(
        kind="result.told",
        at=at,
        actor_kind="staff",
        episode=report.episode,
        patient=report.episode.patient,
        center=report.center,
        subject_kind="report",
        subject_id=report.pk,
        codes={"audience": "patient"},
    )
