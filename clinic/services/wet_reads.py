"""The wet read: the physician's spoken impression, which authorizes telling and treatment before the signature."""

from dataclasses import dataclass
from datetime import datetime

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Invalid
from clinic.models import LIVE_STEP, Report, ReportStatus, ResultCategory, StepKind, WetRead
from clinic.result_rules import ACUTE, voice_first
from clinic.services.acknowledging import acknowledged
from clinic.services.findings import signer
from clinic.services.locked_reports import locked
from clinic.services.owed_telling import open_telling
from clinic.services.refusals import noted
from clinic.services.treating_early import open_treatment


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What was said: the impression, to whom, how, when (None: now), and whether they read it back."""

    category: str
    told_to: str
    read_back: bool
    in_person: bool = False
    spoken_at: datetime | None = None


def record_wet_read(actor: Actor, *, report_id: int, spoken: Spoken, reader: int | None = None) -> WetRead:
    """Record what the interpreting physician said to the treating clinician, before the signature.

    The clinician has then been told. An acute finding opens the treatment. Raises `Invalid` for what was not read back,
    or said before the scan ended or in the future; `Conflict` once the report is signed.
    """

    def work() -> WetRead:
        report = locked(report_id)
        if report.status != ReportStatus.PRELIMINARY:
            raise Conflict("This report is signed: what it says is told as it stands.", code="report_signed")
        at = spoken.spoken_at or clock.now()
        _check(report, spoken, at)
        before = last_wet_read(report)
        row = WetRead.objects.create(
            report=report,
            category=spoken.category,
            reader_id=signer(actor),
            told_to=spoken.told_to.strip(),
            in_person=spoken.in_person,
            read_back=spoken.read_back,
            spoken_at=at,
            at=clock.now(),
        )
        _apply(actor, report, row, changed=before is not None and before.category != row.category)
        events.record("report.wet_read", actor=actor, episode=report.episode, subject=report)
        settle()
        return row

    with noted(actor, "wet_read", report_id=report_id):
        require(actor, Permission.SIGN_REPORTS)
        signer(actor, named=reader)
        return in_transaction(work)


def last_wet_read(report: Report) -> WetRead | None:
    """Return the impression that was spoken last, or None."""
    # All of the few that there are: whoever has read them already does not read them again.
    return max(report.wet_reads.all(), key=lambda read: read.pk, default=None)


def authorized_category(report: Report) -> str:
    """Return the category that may be told and treated: signed, or spoken in a wet read; empty where neither is."""
    if report.category:
        return report.category
    read = last_wet_read(report)
    return read.category if read else ""


def category_at(report: Report, at: datetime) -> str:
    """Return what might be told at an instant: the version signed last by then, or else the wet read spoken last."""
    signed = report.versions.exclude(status=ReportStatus.PRELIMINARY).filter(at__lte=at).order_by("-number").first()
    if signed is not None:
        return str(signed.category)
    spoken = [read for read in report.wet_reads.all() if read.spoken_at <= at]
    return max(spoken, key=lambda read: read.pk).category if spoken else ""


def _apply(actor: Actor, report: Report, read: WetRead, *, changed: bool) -> None:
    told: dict[str, datetime | None] = {"clinician_told_at": report.clinician_told_at or read.spoken_at}
    if changed:
        # What the patient heard is not what was read now.
        told["patient_told_at"] = None
    Report.objects.filter(pk=report.pk).update(**told)
    report.refresh_from_db()
    if voice_first(read.category) and report.patient_told_at is None:
        _owe_telling(actor, report)
    if read.category in ACUTE:
        open_treatment(actor, report)
    acknowledged(actor, report, outcome="wet_read")


def _owe_telling(actor: Actor, report: Report) -> None:
    if not report.episode.steps.filter(kind=StepKind.TELLING, status__in=LIVE_STEP).exists():
        open_telling(actor, report)


def _check(report: Report, spoken: Spoken, at: datetime) -> None:
    wrong: dict[str, str] = {}
    if spoken.category not in ResultCategory.values:
        wrong["category"] = f"Choose one of: {', '.join(ResultCategory.values)}."
    if not spoken.told_to.strip():
        wrong["told_to"] = "Say to whom it was spoken."
    if not spoken.read_back:
        wrong["read_back"] = "It counts once they have read it back correctly."
    if at < report.scan_ended_at:
        wrong["spoken_at"] = "It cannot have been read before the scan ended."
    elif at > clock.now():
        wrong["spoken_at"] = "It cannot have been spoken in the future."
    if wrong:
        raise Invalid(fields=wrong)
