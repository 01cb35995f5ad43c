"""The patient's own result: behind the birth date and a one-time code, in plain words."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.access import patient_actor
from clinic.errors import Conflict, Gone, Invalid, NotFound
from clinic.models import Link, LinkPurpose, Report
from clinic.selectors.patients import staying
from clinic.services import links
from clinic.services.telling import record_opened, record_read
from notifications.pages.result_paper import paper_response
from notifications.pages.result_shown import shown_result
from notifications.selectors.results import readable
from notifications.services.codes import send_code
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import language_of, patient_page

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
    if request.session.get(_PROVEN) != link.pk or not readable(report):
        return redirect("patient-result")
    return paper_response(shown_result(report), language_of(request))


def _linked(request: HttpRequest) -> tuple[Link, Report]:
    """The link that was proven in this browser, and its report. Raises `NotFound`."""
    link = visitor.proven(request, LinkPurpose.RESULT)
    if link is None:
        raise NotFound(code="link_unknown")
    report = Report.objects.select_related("center", "episode__patient").filter(pk=link.subject_id).first()
    if report is None or staying(report.episode.patient) != staying(link.patient):
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
        if request.session.get(_PROVEN) == link.pk and readable(report):
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
    if readable(report):
        record_opened(patient_actor(link.patient_id), report=report)
    return redirect("patient-result")


def _result(report: Report) -> dict[str, Any]:
    """Return what the page says. Of what may not be read yet: only whom to call."""
    if not readable(report):
        return {"call": True, "center": report.center}
    return {
        "call": False,
        "center": report.center,
        "patient": report.episode.patient,
        "shown": shown_result(report),
        "signed_at": report.signed_at,
        "read": report.patient_acknowledged_at is not None,
    }
