"""The report's life: preliminary by the sonographer, final by the physician, amendments; nothing is overwritten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic import clock, events, pathway
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, refusing, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound, StaleState
from clinic.models import (
    LIVE_STEP,
    Impression,
    Report,
    ReportStatus,
    ReportVersion,
    ResultCategory,
    Role,
    Side,
    Step,
    StepKind,
)
from clinic.result_rules import TELL_WITHIN_MINUTES, URGENT_IMPRESSIONS, discrepant, voice_first
from clinic.services.plans import decision_where_last, make_plan
from clinic.services.steps import NewStep, complete_step, open_step

SCANS = (StepKind.SCAN, StepKind.FOLLOW_UP_SCAN)


class ReportExists(Conflict):
    """This scan has its report already."""

    code, title = "report_exists", "This scan has a report already. Amend that one."


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a version of a report says."""

    impression: str
    side: str
    findings: str = ""
    category: str = ""
    reason: str = ""


def record_preliminary(actor: Actor, *, step_id: int, finding: Finding, scan_ended_at: datetime) -> Report:
    """Record the sonographer's preliminary. An urgent one opens the telling at once, due an hour after the scan."""
    require(actor, Permission.WRITE_PRELIMINARY)
    _check(finding, final=False)
    if scan_ended_at > clock.now():
        raise Invalid(fields={"scan_ended_at": "The scan cannot have ended in the future."})

    def work() -> Report:
        step = Step.objects.select_related("episode__center").filter(pk=step_id, kind__in=SCANS).first()
        if step is None:
            raise NotFound("No such scan.")
        if step.status not in ("scheduled", "done"):
            raise Conflict("This scan was not done.", code="scan_not_done")
        if scan_ended_at < step.episode.opened_at:
            raise Invalid(fields={"scan_ended_at": "The scan cannot have ended before the episode was opened."})
        with refusing(clinic_report_step_id_key=ReportExists):
            report = Report.objects.create(
                episode=step.episode,
                step=step,
                center=step.center or step.episode.center,
                side=finding.side,
                impression=finding.impression,
                scan_ended_at=scan_ended_at,
                created_by_id=_signer(actor),
            )
        _write_version(actor, report, finding)
        events.record("report.preliminary", actor=actor, episode=report.episode, subject=report)
        if finding.impression in URGENT_IMPRESSIONS:
            open_telling(actor, report)
        settle()
        return report

    return in_transaction(work)


def finalize(actor: Actor, *, report_id: int, finding: Finding, risk: pathway.Risk = pathway.Risk()) -> Report:
    """Sign the final report: it is released at once, never held back for lack of a call.

    A discrepancy with the preliminary is recorded. The reading is done, the telling is owed, the plan is made.
    """
    require(actor, Permission.SIGN_REPORTS)
    _check(finding, final=True)

    def work() -> Report:
        report = _locked(report_id)
        if report.status != ReportStatus.PRELIMINARY:
            raise Conflict("This report is signed. Amend it instead.", code="report_signed")
        differs = discrepant(report.impression, finding.category)
        _move_head(actor, report, ReportStatus.FINAL, finding)
        _write_version(actor, report, finding, discrepancy=differs)
        # What is owed next is opened before the reading ends: an episode is never without a step.
        _open_telling_once(actor, report)
        make_plan(actor, report=report, risk=risk)
        _end_reading(actor, report)
        events.record(
            "report.final",
            actor=actor,
            episode=report.episode,
            subject=report,
            codes={"discrepancy": differs},
        )
        settle()
        return report

    return in_transaction(work)


def amend(actor: Actor, *, report_id: int, finding: Finding, risk: pathway.Risk = pathway.Risk()) -> Report:
    """Amend a signed report, with the reason. A changed category reopens the telling and revises the plan."""
    require(actor, Permission.SIGN_REPORTS)
    _check(finding, final=True)
    if not finding.reason.strip():
        raise Invalid(fields={"reason": "Say why the report is amended."})

    def work() -> Report:
        report = _locked(report_id)
        if report.status == ReportStatus.PRELIMINARY:
            raise Conflict("This report is not signed yet. Finalize it.", code="report_not_final")
        changed = report.category != finding.category
        _move_head(actor, report, ReportStatus.AMENDED, finding)
        _write_version(actor, report, finding)
        if changed:
            Report.objects.filter(pk=report.pk).update(patient_told_at=None, result_sent_at=None)
            report.refresh_from_db()
            open_telling(actor, report)
        # The same finding may be followed otherwise: a distal clot treated, not watched.
        make_plan(actor, report=report, risk=risk)
        events.record("report.amended", actor=actor, episode=report.episode, subject=report, codes={"changed": changed})
        settle()
        return report

    return in_transaction(work)


def open_telling(actor: Actor, report: Report) -> Step:
    """Owe the patient their result: a clinician's voice where it must come first, else by whoever sends it."""
    spoken = report.status == ReportStatus.PRELIMINARY or voice_first(report.category)
    due_at = max(report.scan_ended_at + timedelta(minutes=TELL_WITHIN_MINUTES), clock.now() + timedelta(minutes=15))
    new = NewStep(
        kind=StepKind.TELLING,
        owner_role=Role.CLINICIAN if spoken else Role.REPRESENTATIVE,
        center_id=report.center_id,
        due_at=due_at,
    )
    return open_step(actor, episode=report.episode, new=new)


def _open_telling_once(actor: Actor, report: Report) -> None:
    """Owe the telling of the final result, unless it is owed already or a clinician has just spoken of it."""
    live = Step.objects.filter(episode=report.episode, kind=StepKind.TELLING, status__in=LIVE_STEP).exists()
    spoken = report.patient_told_at is not None and voice_first(report.category)
    if not live and not spoken:
        open_telling(actor, report)


def _end_reading(actor: Actor, report: Report) -> None:
    readings = Step.objects.filter(episode=report.episode, kind=StepKind.READING, status__in=LIVE_STEP)
    for step in readings:
        complete_step(actor, step=step, outcome="signed", then=decision_where_last(step))


def _locked(report_id: int) -> Report:
    report = (
        Report.objects.select_related("episode__center", "center")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=report_id)
        .first()
    )
    if report is None:
        raise NotFound("No such report.")
    return report


def _move_head(actor: Actor, report: Report, status: ReportStatus, finding: Finding) -> None:
    moved = Report.objects.filter(pk=report.pk, status=report.status).update(
        status=status,
        category=finding.category,
        side=finding.side,
        signed_by_id=_signer(actor),
        signed_at=clock.now(),
    )
    if not moved:
        raise StaleState
    report.refresh_from_db()


def _write_version(actor: Actor, report: Report, finding: Finding, *, discrepancy: bool = False) -> None:
    ReportVersion.objects.create(
        report=report,
        number=report.versions.count() + 1,
        status=report.status,
        impression=report.impression,
        category=finding.category,
        side=finding.side,
        findings=finding.findings,
        discrepancy=discrepancy,
        reason=finding.reason,
        author_id=_signer(actor),
        at=clock.now(),
    )


def _signer(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A report is written and signed by a person.")
    return actor.staff_id


def _check(finding: Finding, *, final: bool) -> None:
    wrong: dict[str, str] = {}
    if not final and finding.impression not in Impression.values:
        wrong["impression"] = f"Choose one of: {', '.join(Impression.values)}."
    if finding.side not in Side.values:
        wrong["side"] = f"Choose one of: {', '.join(Side.values)}."
    if final and finding.category not in ResultCategory.values:
        wrong["category"] = f"Choose one of: {', '.join(ResultCategory.values)}."
    if wrong:
        raise Invalid(fields=wrong)
