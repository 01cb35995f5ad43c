"""Studies of the seeded year: a visit that ran, its report, and its telling."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from clinic.escalation import above, minutes_for
from clinic.models import (
    Audience,
    CallOutcome,
    Departure,
    Disclosure,
    DisclosureGround,
    DisclosurePurpose,
    DisclosureWay,
    Identifier,
    IdentityCheck,
    Instruction,
    Report,
    ReportStatus,
    ReportVersion,
    ResultCall,
    Role,
    Side,
    Staff,
    Step,
    StepKind,
)
from clinic.result_rules import TELL_WITHIN_MINUTES, URGENT_IMPRESSIONS, voice_first
from clinic.seeding import odds
from clinic.seeding.odds import MINUTE, Pace
from clinic.seeding.texts import Texts
from clinic.seeding.visits import Scene, end_step, open_step
from notifications.models import MessageStatus, Purpose

TELL_WITHIN = TELL_WITHIN_MINUTES * MINUTE


@dataclass(frozen=True)
class Year:
    """What the stories of a center's year share: where they are written, and the texts beside them."""

    scene: Scene
    texts: Texts
    now: datetime


@dataclass(frozen=True)
class Study:
    """A study that was done: the step that it served, by whom, and when it ended."""

    step: Step
    sonographer: Staff
    ended_at: datetime


def raise_step(scene: Scene, step: Step) -> None:
    """Hand a step whose time has passed to the role above, as the sweep does."""
    if step.due_at is None:
        return
    at = step.due_at + MINUTE
    urgent = step.episode.tier is not None
    within = minutes_for(step.kind, raised_before=False, urgent=urgent)
    step.owner_role, step.escalated_at, step.due_at = above(step.owner_role), at, at + within * MINUTE
    scene.ledger.note_step("step.escalated", step, at=at, by=None)


def end_in_time_or_raised(scene: Scene, step: Step, outcome: str, *, at: datetime, by: Staff) -> None:
    """End a step; where that was after its time, it was raised before."""
    if step.due_at is not None and at > step.due_at + MINUTE:
        raise_step(scene, step)
    end_step(scene, step, outcome, at=at, by=by)


def send(year: Year, purpose: Purpose, step: Step, about: Model, *, at: datetime, urgent: bool = False) -> bool:
    """Owe a text, and return whether it arrived; where it was given up, somebody reaches the patient another way.

    What was told by voice before is not said again.
    """
    message, scene = year.texts.owe(purpose, step, about, at=at, urgent=urgent), year.scene
    arrived = message.status == MessageStatus.DELIVERED
    if arrived or message.status == MessageStatus.EXPIRED or message.ended_at is None:
        return arrived
    episode, failed_at, desk = step.episode, message.ended_at, scene.crew.representative(scene.chance)
    scene.ledger.note(
        "message.failed",
        at=failed_at,
        by=None,
        subject=message,
        patient=episode.patient,
        episode=episode,
        codes={"purpose": purpose, "code": message.end_code},
    )
    if purpose == Purpose.RESULT_TO_READ:
        return False
    due_at = failed_at + (15 if urgent else 120) * MINUTE
    contact = open_step(scene, episode, StepKind.CONTACT, Role.REPRESENTATIVE, due_at=due_at, at=failed_at, by=None)
    reached_at = failed_at + scene.chance.randint(2, 18 if urgent else 130) * MINUTE
    end_in_time_or_raised(scene, contact, "reached", at=reached_at, by=desk)
    return False


def read(scene: Scene, study: Study, found: str, pace: Pace) -> Report:
    """Write the sonographer's preliminary and the physician's final; the reading was owed since the scan."""
    chance, episode = scene.chance, study.step.episode
    report = Report(
        episode=episode,
        step=study.step,
        center=scene.center,
        side=chance.choice((Side.LEFT, Side.RIGHT)),
        impression=odds.impression(found),
        scan_ended_at=study.ended_at,
        created_by=study.sonographer,
    )
    (scene.ledger.later_reports if study.step.plan else scene.ledger.reports).append(report)
    at = study.ended_at + 2 * MINUTE
    _version(scene, report, 1, "", at=at, by=study.sonographer)
    _note(scene, "report.preliminary", report, at=at, by=study.sonographer)
    reader = scene.crew.reader(chance, scene.center.state)
    report.status, report.category = ReportStatus.FINAL, found
    report.signed_by, report.signed_at = reader, at + pace.minutes(chance, 14, 0.5, least=4)
    _version(scene, report, 2, found, at=report.signed_at, by=reader)
    _note(scene, "report.final", report, at=report.signed_at, by=reader, codes={"discrepancy": False})
    return report


def tell(year: Year, report: Report, pace: Pace) -> datetime:
    """Tell the patient: by voice where that comes first, else by a text, and by voice after all if it did not arrive.

    Return when they were told.
    """
    scene, signed_at = year.scene, report.signed_at
    if signed_at is None:
        raise ValueError("A result is told once it is signed.")
    spoken = voice_first(report.category)
    since = report.scan_ended_at + 2 * MINUTE if report.impression in URGENT_IMPRESSIONS else signed_at
    due_at = max(report.scan_ended_at + TELL_WITHIN, since + 15 * MINUTE)
    role = Role.CLINICIAN if spoken else Role.REPRESENTATIVE
    by = report.created_by if spoken else report.signed_by
    step = open_step(scene, report.episode, StepKind.TELLING, role, due_at=due_at, at=since, by=by or report.created_by)
    at = signed_at + pace.minutes(scene.chance, 11, 0.75)
    if spoken:
        by = _say(scene, report, at=at)
        end_in_time_or_raised(scene, step, "spoken", at=at, by=by)
        send(year, Purpose.RESULT_TO_READ, step, report, at=at, urgent=True)
        _let_go(scene, report, at=at + 6 * MINUTE, by=by)
        return at
    # A clear study keeps nobody on site: the sonographer lets them go.
    _let_go(scene, report, at=report.scan_ended_at + 4 * MINUTE, by=report.created_by)
    desk = scene.crew.representative(scene.chance)
    report.result_sent_at = at
    _note(scene, "result.released", report, at=at, by=desk)
    end_in_time_or_raised(scene, step, "sent", at=at, by=desk)
    if send(year, Purpose.RESULT_READY, step, report, at=at, urgent=True):
        report.patient_told_at = at + pace.minutes(scene.chance, 25, 1.2)
        _note(scene, "result.opened", report, at=report.patient_told_at, by=None, codes={"first": True})
        _disclosed(scene, report, DisclosureWay.LINK, at=report.patient_told_at, by=None)
    else:
        _say(scene, report, at=at + pace.minutes(scene.chance, 70, 0.4))
    return at


def _say(scene: Scene, report: Report, *, at: datetime) -> Staff:
    """A clinician speaks with the patient, who reads it back."""
    clinician = scene.crew.clinicians[scene.center.pk]
    report.clinician_told_at = report.patient_told_at = at
    report.acknowledged_at, report.acknowledged_by = at, clinician
    on_site = voice_first(report.category)
    check = None if on_site else _identified(scene, report, at=at, by=clinician)
    call = ResultCall(
        report=report,
        audience=Audience.PATIENT,
        outcome=CallOutcome.REACHED,
        told_to="the patient",
        in_person=on_site,
        impression=report.category,
        read_back=True,
        identity_check=check,
        by=clinician,
        at=at,
    )
    scene.ledger.calls.append(call)
    _disclosed(scene, report, DisclosureWay.IN_PERSON if on_site else DisclosureWay.PHONE, at=at, by=clinician)
    codes: dict[str, object] = {"audience": Audience.PATIENT, "outcome": CallOutcome.REACHED, "read_back": True}
    _note(scene, "result.called", report, at=at, by=clinician, codes=codes)
    _note(scene, "result.told", report, at=at, by=clinician, codes={"audience": Audience.PATIENT})
    return clinician


def _identified(scene: Scene, report: Report, *, at: datetime, by: Staff) -> IdentityCheck:
    """Who is called gives two identifiers before they hear anything."""
    matched = [Identifier.NAME.value, Identifier.BIRTH_DATE.value]
    check = IdentityCheck(patient=report.episode.patient, matched=matched, passed=True, by=by, at=at)
    scene.ledger.checks.append(check)
    return check


def _disclosed(scene: Scene, report: Report, way: DisclosureWay, *, at: datetime, by: Staff | None) -> None:
    """The patient heard or read it: a line of the log."""
    patient = report.episode.patient
    scene.ledger.disclosures.append(
        Disclosure(
            patient=patient,
            to_whom=str(patient),
            purpose=DisclosurePurpose.ACCESS,
            ground=DisclosureGround.SELF,
            way=way,
            report=report,
            by=by,
            at=at,
        )
    )


def _let_go(scene: Scene, report: Report, *, at: datetime, by: Staff) -> None:
    """The patient leaves: the number verified again, and what everybody is told."""
    patient, told = report.episode.patient, [Instruction.DANGER_SIGNS, Instruction.WHOM_TO_CALL]
    left = Departure(report=report, released_by=by, callback_phone=patient.phone or "", instructions=told, at=at)
    scene.ledger.departures.append(left)
    codes = {"instructions": told}
    scene.ledger.note("patient.left", at=at, by=by, subject=left, patient=patient, episode=report.episode, codes=codes)


def _version(scene: Scene, report: Report, number: int, found: str, *, at: datetime, by: Staff) -> None:
    version = ReportVersion(
        report=report,
        number=number,
        status=report.status,
        impression=report.impression,
        category=found,
        side=report.side,
        author=by,
        at=at,
    )
    scene.ledger.versions.append(version)


def _note(
    scene: Scene,
    kind: str,
    report: Report,
    *,
    at: datetime,
    by: Staff | None,
    codes: dict[str, object] | None = None,
) -> None:
    episode = report.episode
    scene.ledger.note(kind, at=at, by=by, subject=report, patient=episode.patient, episode=episode, codes=codes)
