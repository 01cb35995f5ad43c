"""The patient's own result: behind the birth date and a one-time code, in plain words."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.access import patient_actor
from clinic.errors import Conflict, Gone, Invalid, NotFound
from clinic.models import LIVE_STEP, Link, LinkPurpose, Report, ReportStatus, Step
from clinic.result_rules import voice_first
from clinic.services import links
from clinic.services.telling import record_opened, record_read
from notifications.pages.result_paper import sheet_of
from notifications.result_sheet import as_pdf
from notifications.services.codes import send_code
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import language_of, patient_page
from scheduling.pages.patient.step_words import ShownStep, shown_steps

_PROVEN = "result_proven"


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest) -> HttpResponse:
    """Ask for the code that goes to the patient's phone; then show the result."""
    link, report = _linked(request)
    if request.method == "POST":
        return _acted(request, link, report)
    if request.session.get(_PROVEN) == link.pk:
        return render(request, "notifications/patient/result.html", _result(report))
    return render(request, "notifications/patient/code.html", {"sent": bool(link.code_digest)})


@patient_page
@require_safe
def result_paper(request: HttpRequest) -> HttpResponse:
    """The same result as a PDF, for the patient's own physician: behind the same code."""
    link, report = _linked(request)
    if request.session.get(_PROVEN) != link.pk or not _sendable(report):
        return redirect("patient-result")
    paper = as_pdf(sheet_of(report, _next_step(report), language_of(request)))
    # The name of the file says nothing of health: it lies on a shared disk.
    disposition = {"Content-Disposition": 'inline; filename="vein-center.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=disposition)


def _linked(request: HttpRequest) -> tuple[Link, Report]:
    """The link that this session proved, and its report. Raises `NotFound`."""
    link = visitor.proven(request, LinkPurpose.RESULT)
    if link is None:
        raise NotFound(code="link_unknown")
    report = Report.objects.select_related("center", "episode__patient").filter(pk=link.subject_id).first()
    if report is None or report.episode.patient_id != link.patient_id:
        raise NotFound
    return link, report


def _acted(request: HttpRequest, link: Link, report: Report) -> HttpResponse:
    action = request.POST.get("action")
    if action == "send_code":
        try:
            send_code(link=link)
        except Conflict:
            messages.info(request, _("A code was sent just now. It can take half a minute to arrive."))
        return redirect("patient-result")
    if action == "read":
        if request.session.get(_PROVEN) == link.pk and _sendable(report):
            record_read(patient_actor(link.patient_id), report=report)
            messages.success(request, _("Thank you. We know that you have read it."))
        return redirect("patient-result")
    if action != "check_code":
        raise Invalid(fields={"action": "Choose what to do."})
    try:
        links.prove_code(link=link, code=request.POST.get("code", ""))
    except Invalid:
        link.refresh_from_db()
        page = {"sent": True, "wrong": True, "left": links.GUESSES - link.failures}
        return render(request, "notifications/patient/code.html", page, status=400)
    except Gone as over:
        if over.code == "link_locked":
            return render(request, "scheduling/patient/link_over.html", {"locked": True}, status=410)
        return render(request, "notifications/patient/code.html", {"sent": False, "over": True}, status=410)
    request.session[_PROVEN] = link.pk
    if _sendable(report):
        record_opened(patient_actor(link.patient_id), report=report)
    return redirect("patient-result")


def _sendable(report: Report) -> bool:
    """Whether a page may say it: signed, released, and of a kind that needs no voice first."""
    signed = report.status != ReportStatus.PRELIMINARY and report.result_sent_at is not None
    return signed and not voice_first(report.category)


def _result(report: Report) -> dict[str, Any]:
    """Return what the page says. Of anything else than a released negative result: only whom to call."""
    if not _sendable(report):
        return {"call": True, "center": report.center}
    return {
        "call": False,
        "center": report.center,
        "patient": report.episode.patient,
        "limited": report.category == "no_dvt_limited",
        "signed_at": report.signed_at,
        "next_step": _next_step(report),
        "read": report.patient_acknowledged_at is not None,
        "closed": report.episode.status == "closed",
    }


def _next_step(report: Report) -> ShownStep | None:
    live = Step.objects.filter(episode=report.episode, status__in=LIVE_STEP, due_at__isnull=False)
    steps = shown_steps(live.select_related("center").order_by("due_at"))
    return steps[0] if steps else None
