"""Entering from paper what was found and told while the system was down: the clocks run from when it happened.

What others recorded meanwhile is never overwritten: where the paper says otherwise, a clinician decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import (
    Audience,
    CallOutcome,
    Episode,
    EpisodeStatus,
    PaperEntry,
    PaperKind,
    PaperOutcome,
    Report,
    ResultCall,
    Role,
    Step,
    StepKind,
)
from clinic.selectors.patients import staying
from clinic.services import reports, telling
from clinic.services.findings import Finding, check
from clinic.services.locked_reports import locked
from clinic.services.paper_identity import contradicts
from clinic.services.refusals import noted
from clinic.services.steps import NewStep, open_step
from clinic.services.telling import Call
from clinic.services.wet_reads import authorized_category, category_at

#: How long a clinician has to decide between two records of a finding or a telling.
DECIDE_WITHIN = timedelta(minutes=15)
#: Two records of one thing agree where they differ by less than this: papers hold minutes.
AGREE_WITHIN = timedelta(minutes=1)


class PaperOfClosed(Conflict):
    """The paper contradicts the record of an episode that is over: there is nobody left to decide."""

    code, title = "episode_closed", "This episode is closed, and its record says otherwise. Tell a manager."


@dataclass(frozen=True, kw_only=True)
class _Paper:
    """One paper, and who answers for it."""

    actor: Actor
    author_id: int
    kind: PaperKind
    said: dict[str, Any]
    occurred_at: datetime


def enter_preliminary(
    actor: Actor, *, step_id: int, finding: Finding, scan_ended_at: datetime, occurred_at: datetime
) -> PaperEntry | None:
    """Enter the sonographer's preliminary from the paper; return what is new, None where it is recorded already.

    Another impression or side than others recorded of the same scan becomes a clinician's step. Raises `Invalid` for
    times in the future or before the scan's end, and what a preliminary is refused for.
    """

    def work() -> PaperEntry | None:
        check(finding, final=False)
        _check_times(occurred_at, scan_ended_at)
        # One report a scan: whoever enters it at the same moment waits here.
        Step.objects.select_for_update(no_key=True).filter(pk=step_id).first()
        said = {"impression": finding.impression, "side": finding.side}
        paper = _paper(actor, PaperKind.PRELIMINARY, said, occurred_at)
        known = Report.objects.filter(step_id=step_id).first()
        if known is None:
            report = reports.record_preliminary(
                actor, step_id=step_id, finding=finding, scan_ended_at=scan_ended_at, at=occurred_at
            )
            return _written(paper, report)
        if (known.impression, known.versions.order_by("number").values_list("side", flat=True)[0]) == (
            finding.impression,
            finding.side,
        ):
            return None
        return _contradicts(paper, locked(known.pk))

    with noted(actor, "paper_preliminary", step_id=step_id):
        require(actor, Permission.WRITE_PRELIMINARY)
        return in_transaction(work)


def enter_call(actor: Actor, *, report_id: int, call: Call, occurred_at: datetime) -> PaperEntry | None:
    """Enter a call about a result from the paper; return what is new, None where it is recorded already.

    A clinician's step asks where the paper can't be so: the patient was told before a physician had read the study, or
    was told another finding than the one that holds now, gave identifiers that are not theirs, or another call of the
    same minute is recorded. Then nobody
    counts as told by it. Raises `Invalid` for times in the future or before the scan's end.
    """

    def work() -> PaperEntry | None:
        report = locked(report_id)
        _check_times(occurred_at, report.scan_ended_at)
        said = {"audience": call.audience, "outcome": call.outcome, "read_back": call.read_back}
        if call.identifiers is not None:
            said["identifiers"] = [each.value for each in call.identifiers.given]
        paper = _paper(actor, PaperKind.CALL, said, occurred_at)
        same = _same_minute(report, call, occurred_at)
        if same is not None and (same.outcome, same.read_back) == (call.outcome, call.read_back):
            return None
        if same is not None or _could_not_be(report, call, occurred_at) or _told_another(report, call):
            return _contradicts(paper, report)
        row = telling.record_call(actor, report_id=report_id, call=call, at=occurred_at)
        return _written(paper, report, call=row)

    with noted(actor, "paper_call", report_id=report_id):
        require(actor, Permission.TELL_RESULTS)
        telling.check_call(call)
        return in_transaction(work)


def _check_times(occurred_at: datetime, scan_ended_at: datetime) -> None:
    if occurred_at > clock.now():
        raise Invalid(fields={"occurred_at": "This is in the future. Enter when it happened."})
    if occurred_at + AGREE_WITHIN < scan_ended_at:
        raise Invalid(
            fields={"occurred_at": "This is before the scan ended. Look at the time, and at whose scan it is."}
        )


def _same_minute(report: Report, call: Call, at: datetime) -> ResultCall | None:
    near = report.calls.filter(audience=call.audience, at__gt=at - AGREE_WITHIN, at__lt=at + AGREE_WITHIN)
    found: ResultCall | None = near.order_by("id").first()
    return found


def _could_not_be(report: Report, call: Call, at: datetime) -> bool:
    """Whether somebody is said to have been told what was not read yet, or no longer holds."""
    if call.outcome != CallOutcome.REACHED or call.audience == Audience.EMERGENCY_CONTACT:
        return False
    then = category_at(report, at)
    if call.audience in (Audience.PATIENT, Audience.REPRESENTATIVE) and not then:
        return True
    return bool(then) and then != authorized_category(report)


def _told_another(report: Report, call: Call) -> bool:
    """Whether who heard it by phone gave identifiers that are not the patient's: the paper says who may have heard."""
    if call.outcome != CallOutcome.REACHED or call.in_person:
        return False
    if call.audience not in (Audience.PATIENT, Audience.REPRESENTATIVE):
        return False
    return contradicts(staying(report.episode.patient), call.identifiers, called_back=call.called_back)


def _paper(actor: Actor, kind: PaperKind, said: dict[str, Any], occurred_at: datetime) -> _Paper:
    if actor.staff_id is None:
        raise Forbidden("What was written on paper is entered by a person, who answers for it.")
    return _Paper(actor=actor, author_id=actor.staff_id, kind=kind, said=said, occurred_at=occurred_at)


def _contradicts(paper: _Paper, report: Report) -> PaperEntry:
    """Have a clinician decide; the same paper entered again asks nobody anew."""
    again = PaperEntry.objects.filter(
        report=report, kind=paper.kind, occurred_at=paper.occurred_at, said=paper.said, outcome=PaperOutcome.CONFLICT
    ).first()
    if again is not None:
        return again
    episode: Episode = report.episode
    if episode.status != EpisodeStatus.OPEN:
        raise PaperOfClosed
    new = NewStep(
        kind=StepKind.DECISION,
        owner_role=Role.CLINICIAN,
        center_id=report.center_id,
        due_at=clock.now() + DECIDE_WITHIN,
    )
    step = open_step(paper.actor, episode=episode, new=new)
    codes = {"kind": paper.kind.value, "occurred_at": paper.occurred_at.isoformat(), "step": step.kind}
    events.record("report.contradicted", actor=paper.actor, episode=episode, subject=report, codes=codes)
    return _written(paper, report, outcome=PaperOutcome.CONFLICT, step=step)


def _written(
    paper: _Paper,
    report: Report,
    *,
    call: ResultCall | None = None,
    outcome: PaperOutcome = PaperOutcome.APPLIED,
    step: Step | None = None,
) -> PaperEntry:
    entry = PaperEntry.objects.create(
        report=report,
        kind=paper.kind,
        call=call,
        said=paper.said,
        occurred_at=paper.occurred_at,
        recorded_at=clock.now(),
        author_id=paper.author_id,
        outcome=outcome,
        step=step,
    )
    settle()
    return entry
