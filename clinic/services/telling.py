"""Telling a result: calls with their read-back, and the release of what may be sent."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.authority import IN_THE_PATIENTS_PLACE
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import (
    LIVE_STEP,
    Audience,
    CallOutcome,
    DisclosureGround,
    DisclosureWay,
    IdentityCheck,
    Patient,
    Report,
    ReportStatus,
    Representative,
    ResultCall,
    Step,
    StepKind,
)
from clinic.result_rules import voice_first
from clinic.selectors.identity import ruling_on
from clinic.selectors.patients import staying
from clinic.services.acknowledging import acknowledged
from clinic.services.disclosure_log import note_call, note_disclosure
from clinic.services.identifying import Said, identified, representative_of
from clinic.services.locked_reports import locked
from clinic.services.owed_telling import owe_next_telling
from clinic.services.paper_identity import identified_on_paper
from clinic.services.plans import decision_where_last
from clinic.services.referrers import note_spoken
from clinic.services.refusals import noted
from clinic.services.steps import complete_step, record_attempt
from clinic.services.wet_reads import authorized_category

#: Who hears the finding for the patient's own sake.
_HEARERS = (Audience.PATIENT, Audience.REPRESENTATIVE)


class NotRead(Conflict):
    """No physician has read the study yet."""

    code = "not_read"
    title = "No physician has read this study yet. Have the wet read recorded, or wait for the signature."


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call, or one talk on site."""

    audience: str
    outcome: str
    told_to: str = ""
    impression: str = ""
    read_back: bool = False
    in_person: bool = False
    representative: int | None = None
    identifiers: Said | None = None
    called_back: bool = False


class MayNotHear(Conflict):
    """A representative has no authority, nor the patient's permission, to hear a result."""

    code, title = "may_not_hear", "This representative may not hear a result."


def record_call(actor: Actor, *, report_id: int, call: Call, at: datetime | None = None) -> ResultCall:
    """Record that a clinician spoke, or tried to speak, of a result.

    A patient or clinician counts as told only where they were reached and read it back (NPSG.02.03.01). Nobody tells a
    patient what no physician has read: before the signature that takes a wet read. The emergency contact hears no
    finding. Nobody hears one by phone before two identifiers were checked on the call, nor a representative without
    authority or permission. ``at`` is when they spoke, where that stands on paper (`papers.enter_call`). Raises
    `Conflict` with code ``not_read``, `MayNotHear`, what `clinic.services.identifying.identified` raises, or `Invalid`.
    """

    def work() -> ResultCall:
        # The patient is locked before their report, as everywhere.
        Patient.objects.select_for_update(no_key=True).filter(episodes__reports=report_id).first()
        report = locked(report_id)
        told = authorized_category(report)
        if call.audience in _HEARERS and call.outcome == CallOutcome.REACHED and not told:
            raise NotRead
        hearer = _hearer(actor, report, call, at)
        row = _written(actor, report, call, hearer, told=told, at=at)
        if call.outcome == CallOutcome.REACHED:
            note_call(actor, row, ground=hearer.ground)
        _apply(actor, report, call, hearer, at)
        codes = {"audience": call.audience, "outcome": call.outcome, "read_back": call.read_back}
        events.record("result.called", actor=actor, episode=report.episode, subject=report, codes=codes)
        settle()
        return row

    with noted(actor, "call", report_id=report_id):
        require(actor, Permission.TELL_RESULTS)
        check_call(call)
        _caller(actor)
        return in_transaction(work)


def release_result(actor: Actor, *, report_id: int) -> Report:
    """Have the result's text sent to the patient.

    Raises `Conflict` with code ``report_not_final``, ``voice_first`` or ``already_sent`` where the rules forbid it.
    """

    def work() -> Report:
        report = locked(report_id)
        if report.status == ReportStatus.PRELIMINARY:
            raise Conflict("Only a signed report may be sent.", code="report_not_final")
        if voice_first(report.category):
            raise Conflict(
                "This result is told by a clinician's voice first; a text may only ask the patient to call.",
                code="voice_first",
            )
        if report.result_sent_at is not None:
            raise Conflict("This result was sent already.", code="already_sent")
        Report.objects.filter(pk=report.pk).update(result_sent_at=clock.now())
        report.refresh_from_db()
        events.record("result.released", actor=actor, episode=report.episode, subject=report)
        _end_telling(actor, report, "sent")
        settle()
        return report

    with noted(actor, "send", report_id=report_id):
        require(actor, Permission.SEND_RESULTS)
        return in_transaction(work)


def record_opened(actor: Actor, *, report: Report) -> None:
    """Record that the patient has seen their result, having proven who they are."""

    def work() -> None:
        note_disclosure(
            actor, report, to_whom=str(report.episode.patient), ground=DisclosureGround.SELF, way=DisclosureWay.LINK
        )
        first = Report.objects.filter(pk=report.pk, opened_at=None).update(opened_at=clock.now())
        Report.objects.filter(pk=report.pk, patient_told_at=None).update(patient_told_at=clock.now())
        codes = {"first": bool(first)}
        events.record("result.opened", actor=actor, episode=report.episode, subject=report, codes=codes)

    in_transaction(work)


def record_read(actor: Actor, *, report: Report) -> None:
    """Record that the patient says that they have read their result. Said again, it changes nothing."""

    def work() -> None:
        mine = Report.objects.filter(pk=report.pk, patient_acknowledged_at=None)
        if mine.update(patient_acknowledged_at=clock.now()):
            events.record("result.read", actor=actor, episode=report.episode, subject=report)

    in_transaction(work)


@dataclass(frozen=True, slots=True)
class _Hearer:
    """Who hears a finding: on what ground, and by which check it is known who they are."""

    representative: Representative | None = None
    ground: str = ""
    check: IdentityCheck | None = None


def _hearer(actor: Actor, report: Report, call: Call, at: datetime | None) -> _Hearer:
    """Make sure that whoever was reached may hear it, and is who they say."""
    if call.audience not in _HEARERS:
        return _Hearer()
    patient, representative, ground = staying(report.episode.patient), None, ""
    if call.audience == Audience.REPRESENTATIVE:
        representative = representative_of(patient, call.representative or 0)
        ruling = ruling_on(representative, at)
        if call.outcome == CallOutcome.REACHED and not ruling.may_hear:
            raise MayNotHear(ruling.reason, code=ruling.code, fields={"representative": ruling.reason})
        ground = ruling.ground
    check = None
    if call.outcome == CallOutcome.REACHED and not call.in_person:
        identify = identified if at is None else partial(identified_on_paper, at=at)
        check = identify(
            actor,
            patient=patient,
            said=call.identifiers,
            representative=representative,
            called_back=call.called_back,
        )
    return _Hearer(representative, ground, check)


def _written(
    actor: Actor, report: Report, call: Call, hearer: _Hearer, *, told: str, at: datetime | None
) -> ResultCall:
    """Write the call down: of which result, with whom, and what was said."""
    return ResultCall.objects.create(
        report=report,
        audience=call.audience,
        outcome=call.outcome,
        told_to=call.told_to.strip() or str(hearer.representative or ""),
        in_person=call.in_person,
        impression=_impression(call, told or report.impression),
        read_back=call.read_back,
        representative=hearer.representative,
        identity_check=hearer.check,
        by_id=_caller(actor),
        at=at or clock.now(),
        recorded_at=clock.now() if at else None,
    )


def _apply(actor: Actor, report: Report, call: Call, hearer: _Hearer, on_paper: datetime | None) -> None:
    """What a call changes: who has been told, and the step that owed it."""
    at = on_paper or clock.now()
    if call.outcome != CallOutcome.REACHED:
        if call.audience == Audience.PATIENT:
            for step in _owed(report, StepKind.TELLING):
                record_attempt(actor, step=step, outcome=call.outcome)
        return
    if not call.read_back:
        return
    if call.audience in (Audience.PATIENT, Audience.CLINICIAN):
        _count_as_told(actor, report, call.audience, at)
    elif call.audience == Audience.REPRESENTATIVE and hearer.ground in IN_THE_PATIENTS_PLACE:
        _count_as_told(actor, report, Audience.PATIENT, at)
    elif call.audience == Audience.REFERRER:
        note_spoken(actor, report, told_to=call.told_to, at=on_paper)


def _count_as_told(actor: Actor, report: Report, audience: str, at: datetime) -> None:
    """They heard it and read it back. Who tells the patient is a clinician, who knows it then as well."""
    changes = {"clinician_told_at": min(report.clinician_told_at or at, at)}
    if audience == Audience.PATIENT:
        changes["patient_told_at"] = at
    Report.objects.filter(pk=report.pk).update(**changes)
    report.refresh_from_db()
    events.record("result.told", actor=actor, episode=report.episode, subject=report, codes={"audience": audience})
    by = actor.staff_id if audience == Audience.PATIENT else None
    acknowledged(actor, report, outcome="told", by=by, at=at)
    if audience == Audience.PATIENT:
        _end_telling(actor, report, "spoken")
    else:
        _end(actor, _owed(report, StepKind.DISCREPANCY), "told")


def _end_telling(actor: Actor, report: Report, outcome: str) -> None:
    """The patient has this result: what was owed so as to reach them is owed no longer, unless for another result."""
    former = _owed(report, StepKind.TELLING, StepKind.EMERGENCY_CONTACT, StepKind.WELFARE_CHECK)
    owe_next_telling(actor, report)
    _end(actor, former, outcome)


def _owed(report: Report, *kinds: StepKind) -> list[Step]:
    return list(Step.objects.filter(episode=report.episode, kind__in=kinds, status__in=LIVE_STEP).order_by("id"))


def _end(actor: Actor, steps: list[Step], outcome: str) -> None:
    for step in steps:
        complete_step(actor, step=step, outcome=outcome, then=decision_where_last(step))


def _impression(call: Call, finding: str) -> str:
    """What the log keeps as spoken: a relative heard nothing of it."""
    if call.audience == Audience.EMERGENCY_CONTACT:
        return ""
    return call.impression or finding


def _caller(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A call is recorded by the person who made it.")
    return actor.staff_id


def check_call(call: Call) -> None:
    """Raise `Invalid` that names each field which does not fit the others."""
    wrong: dict[str, str] = {}
    if call.audience not in Audience.values:
        wrong["audience"] = f"Choose one of: {', '.join(Audience.values)}."
    if call.outcome not in CallOutcome.values:
        wrong["outcome"] = f"Choose one of: {', '.join(CallOutcome.values)}."
    elif call.outcome == CallOutcome.REACHED and not call.told_to.strip() and call.representative is None:
        wrong["told_to"] = "Say who was told."
    if (call.audience == Audience.REPRESENTATIVE) != (call.representative is not None):
        wrong["representative"] = "Name who speaks for the patient, and only then."
    if call.audience == Audience.EMERGENCY_CONTACT and call.impression:
        wrong["impression"] = "The emergency contact is asked to have the patient call, and hears no finding."
    if wrong:
        raise Invalid(fields=wrong)
