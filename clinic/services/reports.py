"""The report's life: preliminary by the sonographer, final by the physician, amendments; nothing is overwritten."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from clinic import clock, events, pathway
from clinic.access import Actor, Permission, require, require_signature
from clinic.db import in_transaction, refusing, settle
from clinic.errors import Conflict, Invalid, NotFound, StaleState
from clinic.models import LIVE_STEP, Report, ReportStatus, ReportVersion, Role, Step, StepKind, StepStatus
from clinic.result_rules import URGENT_IMPRESSIONS, discrepant, voice_first
from clinic.services.findings import Finding, check, check_against, signer
from clinic.services.locked_reports import locked
from clinic.services.owed_telling import open_telling
from clinic.services.plans import decision_where_last, make_plan, revise_plan
from clinic.services.referrers import owe_to_referrer
from clinic.services.refusals import noted
from clinic.services.steps import NewStep, cancel_step, complete_step, open_step
from clinic.services.treating_early import follow_signature
from clinic.services.wet_reads import last_wet_read

__all__ = ["Finding", "amend", "finalize", "open_telling", "record_preliminary"]

SCANS = (StepKind.SCAN, StepKind.FOLLOW_UP_SCAN)
#: How long until the treating clinician has been told what changed.
TELL_CHANGE = timedelta(minutes=15)


class ReportExists(Conflict):
    """This scan has its report already."""

    code, title = "report_exists", "This scan has a report already. Amend that one."


def record_preliminary(
    actor: Actor, *, step_id: int, finding: Finding, scan_ended_at: datetime, at: datetime | None = None
) -> Report:
    """Record the sonographer's preliminary. An urgent one opens the telling at once, due an hour after the scan.

    ``at`` is when it was written, where that was on paper, earlier (`papers.enter_preliminary`).
    """

    def work() -> Report:
        check(finding, final=False)
        step = _scan(step_id, scan_ended_at)
        with refusing(clinic_report_step_id_key=ReportExists):
            report = Report.objects.create(
                episode=step.episode,
                step=step,
                center=step.center or step.episode.center,
                side=finding.side,
                impression=finding.impression,
                scan_ended_at=scan_ended_at,
                created_by_id=signer(actor),
            )
        _write_version(actor, report, finding, at=at)
        if finding.impression in URGENT_IMPRESSIONS:
            open_telling(actor, report, since=at)
        events.record("report.preliminary", actor=actor, episode=report.episode, subject=report)
        settle()
        return report

    with noted(actor, "preliminary", step_id=step_id):
        require(actor, Permission.WRITE_PRELIMINARY)
        return in_transaction(work)


def finalize(
    actor: Actor,
    *,
    report_id: int,
    finding: Finding,
    risk: pathway.Risk = pathway.Risk(),
    signed_by: int | None = None,
) -> Report:
    """Sign the final report: it is released at once, never held back for lack of a call.

    Only a contradiction between the category and its details refuses it. A discrepancy with the preliminary is recorded
    and told to the treating clinician. The reading is done, the telling is owed, the plan is made.
    """

    def work() -> Report:
        report = locked(report_id)
        if report.status != ReportStatus.PRELIMINARY:
            raise Conflict("This report is signed. Amend it instead.", code="report_signed")
        check_against(report, finding)
        differs = discrepant(report.impression, finding.category) or report.side != finding.side
        _move_head(actor, report, ReportStatus.FINAL, finding)
        _write_version(actor, report, finding, discrepancy=differs)
        # What is owed next is opened before the reading ends: an episode is never without a step.
        _open_telling_once(actor, report)
        if differs:
            _owe_word_of_change(actor, report)
        make_plan(actor, report=report, risk=risk)
        follow_signature(actor, report)
        owe_to_referrer(actor, report)
        _end_reading(actor, report)
        codes = {"discrepancy": differs}
        events.record("report.final", actor=actor, episode=report.episode, subject=report, codes=codes)
        settle()
        return report

    return _signing(actor, "finalize", report_id, finding, signed_by, work)


def amend(
    actor: Actor,
    *,
    report_id: int,
    finding: Finding,
    risk: pathway.Risk = pathway.Risk(),
    signed_by: int | None = None,
    takes_back: Collection[str] = (),
) -> Report:
    """Amend a signed report, with the reason. A changed category reopens the telling and revises the plan.

    Of the same finding, what ``risk`` leaves unsaid holds as before; ``takes_back`` names what holds no longer.
    """

    def work() -> Report:
        if not finding.reason.strip():
            raise Invalid(fields={"reason": "Say why the report is amended."})
        report = locked(report_id)
        if report.status == ReportStatus.PRELIMINARY:
            raise Conflict("This report is not signed yet. Finalize it.", code="report_not_final")
        changed = report.category != finding.category
        _move_head(actor, report, ReportStatus.AMENDED, finding)
        _write_version(actor, report, finding, discrepancy=discrepant(report.impression, finding.category))
        if changed:
            _tell_anew(actor, report)
        # The same finding may be followed otherwise: a distal clot treated, not watched.
        plan = make_plan(actor, report=report, risk=risk)
        if takes_back and not changed and plan.report_id == report.pk:
            revise_plan(actor, episode_id=report.episode_id, changes=dict.fromkeys(takes_back, False))
        owe_to_referrer(actor, report)
        events.record("report.amended", actor=actor, episode=report.episode, subject=report, codes={"changed": changed})
        settle()
        return report

    return _signing(actor, "amend", report_id, finding, signed_by, work)


def _signing(
    actor: Actor,
    action: str,
    report_id: int,
    finding: Finding,
    signed_by: int | None,
    work: Callable[[], Report],
) -> Report:
    """Do what only the physician who is logged in may do, and note each refusal."""
    with noted(actor, action, report_id=report_id):
        require_signature(actor, Permission.SIGN_REPORTS)
        signer(actor, named=signed_by)
        check(finding, final=True)
        return in_transaction(work)


def _scan(step_id: int, scan_ended_at: datetime) -> Step:
    """The scan's step, where it was done and can have ended then."""
    step = Step.objects.select_related("episode__center", "center").filter(pk=step_id, kind__in=SCANS).first()
    if scan_ended_at > clock.now():
        raise Invalid(fields={"scan_ended_at": "The scan cannot have ended in the future."})
    if step is None:
        raise NotFound("No such scan.")
    if step.status not in ("scheduled", "done") and step.attended_since is None:
        raise Conflict("This scan was not done.", code="scan_not_done")
    if scan_ended_at < step.episode.opened_at:
        raise Invalid(fields={"scan_ended_at": "The scan cannot have ended before the episode was opened."})
    return step


def _tell_anew(actor: Actor, report: Report) -> None:
    """Another category: nobody has been told yet, neither the patient nor the clinician."""
    Report.objects.filter(pk=report.pk).update(
        patient_told_at=None,
        result_sent_at=None,
        clinician_told_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        opened_at=None,
        patient_acknowledged_at=None,
    )
    report.refresh_from_db()
    former = list(Step.objects.filter(episode=report.episode, kind=StepKind.TELLING, status__in=LIVE_STEP))
    open_telling(actor, report)
    for step in former:
        cancel_step(actor, step=step, outcome="amended")
    _owe_word_of_change(actor, report)


def _owe_word_of_change(actor: Actor, report: Report) -> None:
    """The treating clinician hears by voice what differs from what they act on."""
    live = Step.objects.filter(episode=report.episode, kind=StepKind.DISCREPANCY, status__in=LIVE_STEP)
    if live.exists():
        return
    new = NewStep(
        kind=StepKind.DISCREPANCY,
        owner_role=Role.CLINICIAN,
        center_id=report.center_id,
        due_at=clock.now() + TELL_CHANGE,
    )
    open_step(actor, episode=report.episode, new=new)


def _open_telling_once(actor: Actor, report: Report) -> None:
    """Owe the telling of the final result, unless it is owed already or a clinician has just spoken of the same."""
    read = last_wet_read(report)
    if read is not None and read.category != report.category and report.patient_told_at is not None:
        Report.objects.filter(pk=report.pk).update(patient_told_at=None)
        report.refresh_from_db()
    live = Step.objects.filter(episode=report.episode, kind=StepKind.TELLING, status__in=LIVE_STEP).exists()
    spoken = report.patient_told_at is not None and voice_first(report.category)
    if not live and not spoken:
        open_telling(actor, report)


def _end_reading(actor: Actor, report: Report) -> None:
    """End the reading of this study. Another study of the episode that nobody has read keeps one of its own."""
    scans = Step.objects.filter(episode=report.episode, kind__in=SCANS, status=StepStatus.DONE)
    unread = scans.exclude(report__signed_at__isnull=False).count()
    live = Step.objects.filter(episode=report.episode, kind=StepKind.READING, status__in=LIVE_STEP)
    for step in live.filter(reads=report.step_id).order_by("id"):
        complete_step(actor, step=step, outcome="signed", then=decision_where_last(step))
    # Those of before readings named their study are told apart by when they were opened.
    unread -= live.exclude(reads=None).count()
    readings = list(live.filter(reads=None))
    # Its own is the one that was opened when it ended.
    ended_at = report.step.ended_at or report.scan_ended_at
    readings.sort(key=lambda step: abs(step.created_at - ended_at))
    for step in readings[: max(0, len(readings) - unread)]:
        complete_step(actor, step=step, outcome="signed", then=decision_where_last(step))


def _move_head(actor: Actor, report: Report, status: ReportStatus, finding: Finding) -> None:
    moved = Report.objects.filter(pk=report.pk, status=report.status).update(
        status=status,
        category=finding.category,
        side=finding.side,
        signed_by_id=signer(actor),
        signed_at=clock.now(),
    )
    if not moved:
        raise StaleState
    report.refresh_from_db()


def _write_version(
    actor: Actor, report: Report, finding: Finding, *, discrepancy: bool = False, at: datetime | None = None
) -> None:
    now = clock.now()
    ReportVersion.objects.create(
        report=report,
        number=report.versions.count() + 1,
        status=report.status,
        impression=report.impression,
        category=finding.category,
        side=finding.side,
        findings=finding.findings,
        veins=[dict(vein) for vein in finding.veins],
        clot_length_cm=finding.clot_length_cm,
        junction_distance_cm=finding.junction_distance_cm,
        discrepancy=discrepancy,
        reason=finding.reason,
        author_id=signer(actor),
        at=at or now,
        recorded_at=now if at else None,
    )
