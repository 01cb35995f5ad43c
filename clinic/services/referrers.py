"""The referring clinician: told by voice where positive, sent every final report, and asked to confirm."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import (
    LIVE_STEP,
    ActorKind,
    ClosingReason,
    Episode,
    Referrer,
    ReferrerNotice,
    Report,
    ReportStatus,
    ReportVersion,
    Role,
    StepKind,
)
from clinic.npi import REMEDY, is_npi
from clinic.phones import normalize
from clinic.result_rules import voice_first
from clinic.services.disclosure_log import note_notice
from clinic.services.locked_reports import locked
from clinic.services.plans import decision_where_last
from clinic.services.refusals import noted
from clinic.services.steps import NewStep, cancel_step, complete_step, open_step, postpone_step, record_attempt

How = ReferrerNotice.How
#: As an e-mail address is written (Applicability Statement for Secure Health Transport, 2.3).
DIRECT_ADDRESS = re.compile(r"^[^@\s]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+$")
#: How long until the report is confirmed; what is not goes to the manager (clinical.md section 4.4).
CONFIRMED_WITHIN = timedelta(minutes=30)
#: How long a person has once fax and Direct have failed.
SENT_BY_HAND_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Office:
    """Who referred, and how to reach them."""

    name: str
    phone: str
    practice: str = ""
    npi: str = ""
    fax: str = ""
    direct_address: str = ""
    caller: str = ""
    after_hours_phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One telling or sending: how, to whom or where, and who there confirmed it."""

    how: str
    sent_to: str
    confirmed_by: str = ""


def record_referrer(actor: Actor, *, episode_id: int, office: Office) -> Referrer:
    """Keep who referred an episode, or correct it. A report that is signed already is owed to them from now on."""
    require(actor, Permission.TELL_REFERRERS)
    values = office_values(office)

    def work() -> Referrer:
        episode = Episode.objects.select_for_update(no_key=True).filter(pk=episode_id).first()
        if episode is None:
            raise NotFound("No such episode.")
        kept = {**values, "recorded_by_id": actor.staff_id, "at": clock.now()}
        row, _ = Referrer.objects.update_or_create(episode=episode, defaults=kept)
        events.record("referrer.recorded", actor=actor, episode=episode, subject=row)
        report = episode.reports.exclude(status=ReportStatus.PRELIMINARY).order_by("-id").first()
        if report is not None and still_owed(episode) and owed_ways(report):
            owe_to_referrer(actor, report)
        settle()
        return row

    return in_transaction(work)


def owe_to_referrer(actor: Actor, report: Report) -> None:
    """Owe a signed or amended report to who referred the patient, where somebody did; a former debt gives way to it."""
    if not Referrer.objects.filter(episode_id=report.episode_id).exists():
        return
    former = list(report.episode.steps.filter(kind=StepKind.REFERRER, status__in=LIVE_STEP))
    new = NewStep(
        kind=StepKind.REFERRER,
        owner_role=Role.CLINICIAN if voice_first(report.category) else Role.REPRESENTATIVE,
        center_id=report.center_id,
        due_at=clock.now() + CONFIRMED_WITHIN,
    )
    open_step(actor, episode=report.episode, new=new)
    for step in former:
        cancel_step(actor, step=step, outcome="amended")


def record_notice(actor: Actor, *, report_id: int, notice: Notice) -> ReferrerNotice:
    """Record that the referring office was told by voice, or sent the report; it ends once what is owed is confirmed.

    A positive result is spoken: the paper alone does not end the step. Raises `Conflict` for what is not signed, or has
    no referrer.
    """

    def work() -> ReferrerNotice:
        report = locked(report_id)
        if report.status == ReportStatus.PRELIMINARY:
            raise Conflict("Only a signed report goes out.", code="report_not_final")
        if not Referrer.objects.filter(episode=report.episode).exists():
            raise Conflict("Nobody is recorded as having referred this patient.", code="no_referrer")
        if notice.how == How.VOICE and actor.role not in (Role.CLINICIAN, Role.PHYSICIAN):
            raise Forbidden("A clinician or a physician tells a result by voice.", code="clinician_tells")
        row = _note(actor, report, notice)
        settle()
        return row

    with noted(actor, "referrer", report_id=report_id):
        require(actor, Permission.TELL_REFERRERS)
        _check(notice)
        return in_transaction(work)


def note_spoken(actor: Actor, report: Report, *, told_to: str, at: datetime | None = None) -> None:
    """A call to the referring clinician was read back: that is their notice by voice, where the report is signed.

    ``at`` is when they spoke, where that stood on paper.
    """
    if report.status != ReportStatus.PRELIMINARY and Referrer.objects.filter(episode=report.episode).exists():
        _note(actor, report, Notice(how=How.VOICE, sent_to=told_to, confirmed_by=told_to), at=at)


def note_delivered(actor: Actor, report: Report, *, version: int, notice: Notice) -> None:
    """A carrier confirmed that a version of the report arrived. The report is locked; a voice that is owed stays so."""
    _note(actor, report, notice, version=version)


def bring_forward(actor: Actor, report: Report, *, went_elsewhere: bool = False) -> None:
    """What was to carry the report failed: a person sends it another way, and soon. The report is locked.

    ``went_elsewhere``: what was confirmed came to a former address of the office.
    """
    is_owed = went_elsewhere or "report" in owed_ways(report)
    if report.episode.closing_reason == ClosingReason.DUPLICATE or not is_owed:
        return
    live = list(report.episode.steps.filter(kind=StepKind.REFERRER, status__in=LIVE_STEP))
    if not live:
        owe_to_referrer(actor, report)
    soon = clock.now() + SENT_BY_HAND_WITHIN
    for step in live:
        if step.due_at is not None and step.due_at > soon:
            postpone_step(actor, step=step, due_at=soon)
    settle()


def still_owed(episode: Episode) -> bool:
    """Whether an office that is recorded now is owed what is signed: in an open episode, and while somebody still has
    to tell it after the end."""
    if episode.closed_at is None:
        return True
    return episode.steps.filter(kind=StepKind.REFERRER, status__in=LIVE_STEP).exists()


def owed_ways(report: Report) -> list[str]:
    """Return what the referring office still has not confirmed of the present version: `report`, `voice`."""
    confirmed = set(
        report.referrer_notices.filter(version=current_version(report), confirmed=True).values_list("how", flat=True)
    )
    owed = [] if confirmed - {How.VOICE} else ["report"]
    return [*owed, "voice"] if voice_first(report.category) and How.VOICE not in confirmed else owed


def _note(
    actor: Actor, report: Report, notice: Notice, *, version: int = 0, at: datetime | None = None
) -> ReferrerNotice:
    """Keep a notice of a version, or of the present one."""
    row = ReferrerNotice.objects.create(
        report=report,
        version=version or current_version(report),
        how=notice.how,
        sent_to=notice.sent_to.strip(),
        confirmed=bool(notice.confirmed_by.strip()),
        confirmed_by=notice.confirmed_by.strip(),
        by_id=None if actor.kind == ActorKind.SYSTEM else _by(actor),
        at=at or clock.now(),
    )
    note_notice(actor, row, at)
    _end_or_count(actor, report, row)
    codes = {"how": row.how, "confirmed": row.confirmed}
    events.record("referrer.notified", actor=actor, episode=report.episode, subject=row, codes=codes)
    return row


def _end_or_count(actor: Actor, report: Report, row: ReferrerNotice) -> None:
    for step in report.episode.steps.filter(kind=StepKind.REFERRER, status__in=LIVE_STEP):
        if owed_ways(report):
            record_attempt(actor, step=step, outcome=row.how)
        else:
            complete_step(actor, step=step, outcome="confirmed", then=decision_where_last(step))


def current_version(report: Report) -> int:
    """Return the number of the report's latest version."""
    return ReportVersion.objects.filter(report=report).order_by("-number").values_list("number", flat=True)[0]


def _check(notice: Notice) -> None:
    wrong: dict[str, str] = {}
    if notice.how not in How.values:
        wrong["how"] = f"Choose one of: {', '.join(How.values)}."
    if not notice.sent_to.strip() or len(notice.sent_to) > 120:
        wrong["sent_to"] = "Say who was told, or where it was sent, in at most 120 characters."
    if len(notice.confirmed_by) > 120:
        wrong["confirmed_by"] = "Use at most 120 characters."
    if wrong:
        raise Invalid(fields=wrong)


def office_values(office: Office) -> dict[str, str]:
    """Return an office as columns. Raises `Invalid` with every field at fault."""
    wrong: dict[str, str] = {}
    numbers = {"phone": office.phone, "fax": office.fax, "after_hours_phone": office.after_hours_phone}
    for field, number in numbers.items():
        try:
            numbers[field] = normalize(number) if number or field == "phone" else ""
        except ValueError as error:
            wrong[field] = str(error)
    if not office.name.strip() or len(office.name) > 120:
        wrong["name"] = "Enter a name of at most 120 characters."
    if office.npi.strip() and not is_npi(office.npi.strip()):
        wrong["npi"] = REMEDY
    if office.direct_address.strip() and not DIRECT_ADDRESS.match(office.direct_address.strip()):
        wrong["direct_address"] = "Enter a Direct address, such as records@direct.practice.example, or leave it empty."
    for field in ("practice", "direct_address", "caller"):
        if len(getattr(office, field)) > 120:
            wrong[field] = "Use at most 120 characters."
    if wrong:
        raise Invalid(fields=wrong)
    words = {
        "name": office.name,
        "practice": office.practice,
        "npi": office.npi,
        "direct_address": office.direct_address,
        "caller": office.caller,
    }
    return {field: value.strip() for field, value in words.items()} | numbers


def _by(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A notice is recorded by the person who gave it.")
    return actor.staff_id
