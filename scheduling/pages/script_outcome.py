"""After the script: the decision large, the words to read, and what to do next while the caller is on the line."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import Conflict, Invalid, NotFound
from clinic.pages.access import staff_action, staff_page
from scheduling.errors import HoldAlreadyUsed, HoldExpired, HoldNotYours
from scheduling.intake.called import reach_caller
from scheduling.intake.falling_back import fall_back
from scheduling.pages.patient.choosing import chosen
from scheduling.pages.patient.reaching import ACCOMPANIED, ReachForm
from scheduling.pages.patient.wishes import Wish
from scheduling.pages.script_next import in_language, told, wanted
from scheduling.services.booking import book
from scheduling.services.holding import hold_slot, release_hold
from scheduling.services.wanted import SlotChoice
from triage.models import Assessment, Occasion
from triage.selectors import answers_of, decision_in_force

#: What the session keeps: the call, and the time that is kept while its caller chooses.
HELD = "script_held"


@never_cache
@require_safe
@staff_page(Permission.ASSESS)
def outcome_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The decision in force of one call."""
    return _page(request, actor, _found(pk))


@staff_action(Permission.HOLD)
def outcome_hold(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Keep a time for ten minutes; the one that was kept before is given back."""
    wish = in_language(_wish(_found(pk)), request.POST.get("language", ""))
    kept = hold_slot(actor, slot=SlotChoice(wish.visit_type, *chosen(request), wish.needs))
    _give_back(request, actor, pk)
    request.session[HELD] = {"call": pk, "hold": kept.pk}
    return redirect("staff-script-outcome", pk)


@staff_action(Permission.HOLD)
def outcome_release(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give the kept time back."""
    _give_back(request, actor, _found(pk).pk)
    return redirect("staff-script-outcome", pk)


@staff_action(Permission.BOOK)
def outcome_book(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Book the time that is kept, or one of those on the page at once."""
    assessment = _found(pk)
    if assessment.patient is None or assessment.episode is None:
        raise Conflict(_("Nobody is named whom the visit could be for."), code="nobody_named")
    hold_id, slot = request.POST.get("hold", ""), None
    if not hold_id.isdecimal():
        wish = in_language(_wish(assessment), request.POST.get("language", ""))
        slot = SlotChoice(wish.visit_type, *chosen(request), wish.needs)
    book(
        actor,
        patient=assessment.patient,
        hold_id=None if slot else int(hold_id),
        slot=slot,
        episode=assessment.episode,
    )
    if slot:
        _give_back(request, actor, pk)
    request.session.pop(HELD, None)
    return redirect("staff-script-outcome", pk)


@staff_action(Permission.ASSESS)
def outcome_none(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """No time is in time any more: what the rule says then. A better time may have come free meanwhile."""
    assessment = _found(pk)
    if assessment.episode_id is not None and fall_back(actor, episode_id=assessment.episode_id):
        messages.warning(request, _("No time is in time any more: another decision is in force."))
    return redirect("staff-script-outcome", pk)


@staff_action(Permission.ASSESS)
def outcome_where(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Keep where the caller is who was sent to emergency care."""
    assessment = _found(pk)
    with translation.override(assessment.language):
        form = ReachForm(request.POST, known=assessment.episode_id is not None)
        valid = form.is_valid()
    if valid:
        given = form.cleaned_data
        try:
            reached = reach_caller(
                actor,
                assessment=assessment,
                place=given["place"],
                accompanied=ACCOMPANIED[given["accompanied"]],
                phone=given.get("phone", ""),
                zip=given.get("zip", ""),
            )
        except Invalid as refused:
            for field, sentence in refused.fields.items():
                form.add_error(field if field in form.fields else None, sentence)
        else:
            messages.success(request, _("Noted. We call within the hour to ask whether they got help."))
            return redirect("staff-script-outcome", reached.pk)
    return _page(request, actor, assessment, where=form)


def _page(request: HttpRequest, actor: Actor, assessment: Assessment, where: ReachForm | None = None) -> HttpResponse:
    more, language = request.GET.get("more") == "yes", request.GET.get("language", "")
    page = told(actor, assessment, held=_held(request, assessment.pk), more=more, language=language)
    if page.get("to_care"):
        page["where"] = where or ReachForm(None, known=assessment.episode_id is not None)
        page["whereabouts"] = list(assessment.whereabouts.order_by("-at"))
    return render(request, "scheduling/staff/script_outcome.html", page, status=422 if where else 200)


def _found(pk: int) -> Assessment:
    rows = Assessment.objects.select_related("patient__access_needs", "episode__center", "episode__patient", "draft")
    found = rows.filter(pk=pk, occasion=Occasion.INTAKE).first()
    if found is None:
        raise NotFound(_("There is no such call."))
    return found


def _wish(assessment: Assessment) -> Wish:
    decision = decision_in_force(assessment)
    wish = wanted(assessment, decision, answers_of(assessment)) if decision else None
    if wish is None:
        raise Conflict(_("This decision lets nobody book a time. Look at the page again."), code="nothing_to_book")
    return wish


def _held(request: HttpRequest, call: int) -> int | None:
    held = request.session.get(HELD, {})
    return held["hold"] if held.get("call") == call else None


def _give_back(request: HttpRequest, actor: Actor, call: int) -> None:
    """Give back what is kept for this call. One that ran out or was booked needs nothing."""
    hold_id = _held(request, call)
    if hold_id is None:
        return
    with suppress(HoldExpired, HoldAlreadyUsed, HoldNotYours):
        release_hold(actor, hold_id=hold_id)
    request.session.pop(HELD, None)
