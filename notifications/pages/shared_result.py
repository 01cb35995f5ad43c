"""A result by the link of who speaks for the patient: behind the patient's birth date and a code to their own phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.access import SYSTEM
from clinic.errors import Conflict, Gone, Invalid, NotFound
from clinic.models import Link, LinkPurpose, ResultShare
from clinic.selectors.identity import ruling_on
from clinic.selectors.patients import staying
from clinic.services import links
from clinic.services.sharing import open_shared
from notifications.pages.result_shown import shown_result
from notifications.selectors.results import readable
from notifications.services.codes import send_code
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page

_PROVEN = "share_proven"
_CODE, _RESULT = "notifications/patient/shared_code.html", "notifications/patient/shared_result.html"


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def shared_result(request: HttpRequest) -> HttpResponse:
    """Ask for the code that goes to the representative's phone; then show the result, as long as they may hear it."""
    link, share = _linked(request)
    if not (ruling_on(share.representative).may_hear and readable(share.report)):
        return render(request, _RESULT, {"over": True}, status=403)
    if request.method == "POST":
        return _acted(request, link, share)
    if request.session.get(_PROVEN) == link.pk:
        report = share.report
        shown = {"patient": report.episode.patient, "center": report.center, "shown": shown_result(report)}
        return render(request, _RESULT, {**shown, "signed_at": report.signed_at})
    return render(request, _CODE, {"sent": bool(link.code_digest)})


def _linked(request: HttpRequest) -> tuple[Link, ResultShare]:
    """The link that was proven in this browser, and what it shares. Raises `NotFound`."""
    link = visitor.proven(request, LinkPurpose.SHARE)
    if link is None:
        raise NotFound(code="link_unknown")
    rows = ResultShare.objects.select_related("report__center", "report__episode__patient", "representative__patient")
    share = rows.filter(pk=link.subject_id).first()
    # A merge that was taken back has parted who speaks for somebody from the other one's result.
    if share is None or staying(share.representative.patient) != staying(share.report.episode.patient):
        raise NotFound
    return link, share


def _acted(request: HttpRequest, link: Link, share: ResultShare) -> HttpResponse:
    action = request.POST.get("action")
    if action == "send_code":
        try:
            send_code(link=link)
        except Conflict:
            page = {"sent": True, "just_sent": _("A code was sent just now. It can take half a minute to arrive.")}
            return render(request, _CODE, page)
        return redirect("patient-shared-result")
    if action != "check_code":
        raise Invalid(fields={"action": "Choose what to do."})
    try:
        links.prove_code(link=link, code=request.POST.get("code", ""))
    except Invalid:
        link.refresh_from_db()
        page = {"sent": True, "wrong": True, "left": links.GUESSES - link.failures}
        return render(request, _CODE, page, status=400)
    except Gone as over:
        if over.code == "link_locked":
            return render(request, "scheduling/patient/link_over.html", {"locked": True}, status=410)
        return render(request, _CODE, {"sent": False, "over": True}, status=410)
    request.session[_PROVEN] = link.pk
    open_shared(SYSTEM, share=share)
    return redirect("patient-shared-result")
