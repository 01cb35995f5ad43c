"""The results desk: what waits to be signed, told or sent, and the page of one report."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import ChartPage, ReportStatus
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.live import live_response
from clinic.pages.vein_form import sides_of
from clinic.services import reports, telling
from clinic.services.charts import read_chart
from clinic.services.sharing import share_result
from notifications.pages.result_forms import AmendForm, CallForm, SignForm
from notifications.pages.result_page import found, result_response, sign_initial, speakers_of
from notifications.pages.result_paper import paper_response
from notifications.pages.result_presenter import as_line
from notifications.pages.result_shown import shown_result
from notifications.selectors import results as selector


@require_safe
@staff_page(Permission.SEND_RESULTS)
def result_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open reports by the time that is left, and those told lately."""
    waiting = list(selector.open_reports()[: selector.MOST])
    told = list(selector.told_lately()[: selector.LATELY])
    texts = selector.texts_about(waiting + told)
    now = clock.now()
    context = {
        "waiting": [as_line(report, texts[report.pk], actor, now) for report in waiting],
        "told": [as_line(report, texts[report.pk], actor, now) for report in told],
        "actor": actor,
    }
    return live_response(request, "notifications/staff/results.html", "notifications/staff/_results.html", context)


@require_safe
@staff_page(Permission.SEND_RESULTS)
def result_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One report: what it says, who was told, and what can be done now."""
    return result_response(request, actor, found(pk))


@require_safe
@never_cache
@staff_page(Permission.TELL_RESULTS)
def result_print(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The paper for a patient who was told and gets no text: what their own page says, in their language."""
    report = found(pk)
    if not selector.readable(report):
        raise NotFound(_("There is nothing to print yet: first the signature, then the telling with its read-back."))
    read_chart(actor, patient_id=report.episode.patient_id, page=ChartPage.RESULT, episode_id=report.episode_id)
    language = report.episode.patient.language
    with translation.override(language):
        return paper_response(shown_result(report), language)


@staff_action(Permission.SIGN_REPORTS)
def result_sign(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The physician signs the final report, or amends a signed one."""
    report = found(pk)
    amends = report.status != ReportStatus.PRELIMINARY
    side = request.POST.get("side", "")
    sides = sides_of(side) if side in ("left", "right", "bilateral") else sides_of(report.side)
    form = (AmendForm if amends else SignForm)(request.POST, sides=sides, initial=sign_initial(report))
    if form.is_valid():
        with refusals_in(form):
            _sign(actor, pk, form)
            messages.success(request, _("Amended.") if amends else _("Signed. The follow-up is planned."))
            return redirect("staff-result", pk)
    return result_response(request, actor, report, sign=form)


def _sign(actor: Actor, pk: int, form: SignForm) -> None:
    finding, risk = form.signed()
    if isinstance(form, AmendForm):
        reports.amend(actor, report_id=pk, finding=finding, risk=risk, takes_back=form.taken_back())
    else:
        reports.finalize(actor, report_id=pk, finding=finding, risk=risk)


@staff_action(Permission.TELL_RESULTS)
def result_call(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The clinician spoke, or tried to speak."""
    report = found(pk)
    form = CallForm(request.POST, speakers=speakers_of(report))
    if form.is_valid():
        with refusals_in(form):
            telling.record_call(actor, report_id=pk, call=form.call())
            messages.success(request, _("The call is in the log."))
            return redirect("staff-result", pk)
    return result_response(request, actor, report, call=form)


@staff_action(Permission.SEND_RESULTS)
def result_share(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Send who speaks for the patient the link, where they may hear it."""
    speaker = request.POST.get("representative", "")
    share = share_result(actor, report_id=pk, representative_id=int(speaker) if speaker.isdecimal() else 0)
    messages.success(request, _("The text to %(name)s is on its way.") % {"name": share.representative})
    return redirect("staff-result", pk)


@staff_action(Permission.SEND_RESULTS)
def result_send(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Have the result's text sent, where the rules allow it."""
    telling.release_result(actor, report_id=pk)
    messages.success(request, _("The text is on its way."))
    return redirect("staff-result", pk)
