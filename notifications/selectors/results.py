"""The results desk's reading: reports that still wait for a signature or a telling, and the texts about them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet

from clinic.models import LIVE_STEP, Referrer, Report, ReportStatus, ReportVersion, ResultCall, Step, WetRead
from clinic.result_rules import TELL_WITHIN_MINUTES, may_be_read, voice_first
from notifications.models import Message, MessageStatus, Purpose

#: How many of each list are shown.
MOST = 100
LATELY = 25


def open_reports() -> QuerySet[Report]:
    """Reports that are not signed, or that nobody has told or sent; the oldest scan first."""
    owed = Q(status=ReportStatus.PRELIMINARY) | Q(patient_told_at=None, result_sent_at=None)
    return _loaded().filter(owed).order_by("scan_ended_at", "id")


def told_lately() -> QuerySet[Report]:
    """Signed reports whose result was told or sent, the newest first."""
    told = Q(patient_told_at__isnull=False) | Q(result_sent_at__isnull=False)
    return _loaded().filter(told).exclude(status=ReportStatus.PRELIMINARY).order_by("-signed_at", "-id")


def report(pk: int) -> Report | None:
    """Return one report with its people and place, its versions and its calls; None where there is none."""
    calls = ResultCall.objects.select_related("by").order_by("-at", "-id")
    versions = Prefetch("versions", ReportVersion.objects.select_related("author"))
    live = Step.objects.filter(episode=OuterRef("episode"), status__in=LIVE_STEP).order_by("id").values("kind")
    alone = _loaded().select_related("episode__referrer", "departure__released_by").annotate(live=ArraySubquery(live))
    wet_reads = Prefetch("wet_reads", WetRead.objects.select_related("reader"))
    found = alone.prefetch_related(versions, wet_reads).filter(pk=pk).first()
    if found is not None:
        found.told_calls = list(calls.filter(report=found))  # type: ignore[attr-defined]
    return found


def referrer_of(report: Report) -> Referrer | None:
    """Return who referred the report's episode, or None."""
    return getattr(report.episode, "referrer", None)


def texts_about(reports: Sequence[Report]) -> dict[int, list[Message]]:
    """Return the texts about each report, newest first, in one query."""
    found: dict[int, list[Message]] = defaultdict(list)
    ids = [report.pk for report in reports]
    # What is owed only in case that a result is not opened says nothing before it has come to that.
    in_case = Q(purpose=Purpose.RESULT_WAITING, status__in=(MessageStatus.DUE, MessageStatus.CANCELLED))
    about = Message.objects.filter(about_kind="report", about_id__in=ids).exclude(in_case)
    for message in about.order_by("-id"):
        found[message.about_id].append(message)
    return found


def tell_by(report: Report) -> datetime:
    """Return until when a clinician must have been told: an hour after the scan's end (clinical.md section 4.5)."""
    return report.scan_ended_at + timedelta(minutes=TELL_WITHIN_MINUTES)


def refusal_to_send(report: Report) -> str:
    """Return the code of the rule that forbids the result's text now, or an empty string.

    The same rules as `clinic.services.telling.release_result`, which has the last word.
    """
    if report.status == ReportStatus.PRELIMINARY:
        return "report_not_final"
    if voice_first(report.category):
        return "voice_first"
    return "already_sent" if report.result_sent_at is not None else ""


def readable(report: Report) -> bool:
    """Whether the patient's own page may say this report now."""
    return may_be_read(
        report.category,
        signed=report.status != ReportStatus.PRELIMINARY,
        told=report.patient_told_at is not None,
        sent=report.result_sent_at is not None,
    )


def _loaded() -> QuerySet[Report]:
    return Report.objects.select_related("episode__patient", "center", "created_by", "signed_by", "acknowledged_by")
