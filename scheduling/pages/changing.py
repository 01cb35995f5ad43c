"""Another time for a visit, or none: what a colleague does for a patient who is on the phone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import ChartPage
from clinic.pages.access import staff_action, staff_page
from clinic.services.charts import read_chart
from clinic.templatetags.staff import zoned_hour
from scheduling.errors import PastDeadline
from scheduling.models import Appointment, VisitKind
from scheduling.needs import Needs
from scheduling.pages.patient.choosing import chosen
from scheduling.pages.patient.offers import in_time
from scheduling.selectors.day import shown
from scheduling.selectors.deadlines import of_episode
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.search import Slot
from scheduling.services import visits
from scheduling.services.asking_clinician import ask_clinician
from scheduling.services.callers import is_clinician
from scheduling.services.rescheduling import reschedule
from scheduling.states import MOVABLE

#: How many times are shown.
MOST = 12
#: Why a visit is given up. A word for the record, never what the patient said.
REASONS = [
    ("patient_asked", lazy("The patient asked for it")),
    ("seen_elsewhere", lazy("They were seen elsewhere")),
    ("center_asked", lazy("The center can't see them")),
    ("booked_in_error", lazy("It was booked in error")),
]


class CancelForm(forms.Form):
    """Why."""

    reason = forms.ChoiceField(label=lazy("Why?"), choices=REASONS, widget=forms.RadioSelect)


@never_cache
@require_safe
@staff_page(Permission.BOOK)
def change_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Other times for a visit, and its end."""
    return _page(request, actor, _found(pk), CancelForm())


@staff_action(Permission.BOOK)
def change_move(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Move the visit. Past the clinical deadline a clinician must do it; anybody else has one asked to."""
    center, starts_at = chosen(request)
    try:
        moved = reschedule(actor, appointment_id=pk, starts_at=starts_at, center=center)
    except PastDeadline:
        step = ask_clinician(actor, appointment_id=pk)
        when = zoned_hour(step.due_at, _found(pk).center.zone)
        sentence = _("That is past the clinical deadline: a clinician calls the patient by %(when)s. The visit stays.")
        messages.warning(request, sentence % {"when": when})
        return redirect("staff-visit-change", pk)
    sentence = _("%(patient)s: moved. The text with the new time is on its way.")
    messages.success(request, sentence % {"patient": moved.patient})
    return redirect("staff-visit", pk)


@staff_action(Permission.BOOK)
def change_cancel(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give the visit up. What is owed in its place is open at once."""
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, _found(pk), form)
    given_up = visits.cancel(actor, appointment_id=pk, reason=form.cleaned_data["reason"])
    messages.success(request, _("%(patient)s: cancelled. The next step is open.") % {"patient": given_up.patient})
    return redirect("staff-episode", given_up.episode_id) if given_up.episode_id else redirect("staff-visit", pk)


def _found(pk: int) -> Appointment:
    visit = shown().filter(pk=pk).first()
    if visit is None or visit.patient is None:
        raise NotFound(_("There is no such visit."))
    return visit


def _page(request: HttpRequest, actor: Actor, visit: Appointment, form: CancelForm) -> HttpResponse:
    read_chart(actor, patient_id=visit.patient_id or 0, page=ChartPage.VISIT, episode_id=visit.episode_id)
    urgent = visit.visit_type.kind == VisitKind.DVT_SCAN
    context: dict[str, Any] = {"visit": visit, "urgent": urgent, "form": form, "open": visit.status in MOVABLE}
    if context["open"]:
        widely = request.GET.get("more") == "yes"
        context |= {"slots": _slots(actor, visit, urgent=urgent, widely=widely), "widely": widely}
    return render(request, "scheduling/staff/visit_change.html", context, status=422 if form.errors else 200)


def _slots(actor: Actor, visit: Appointment, *, urgent: bool, widely: bool) -> list[Slot]:
    """Return other times, best first: for a rule-out what keeps its deadline, unless a clinician looks for one."""
    episode, step = visit.episode, visit.step
    deadline = of_episode(episode) if episode and urgent and not is_clinician(actor) else None
    window = step.window_end if step and step.window_end and step.window_end > clock.now() else None
    found = in_time(
        visit.visit_type,
        zip=visit.patient.zip if visit.patient and visit.patient.zip else visit.center.zip,
        most=MOST + 1,
        needs=Needs.named(visit.needs) | needs_of_patient(visit.patient_id),
        deadline=deadline,
        from_=step.window_start if step else None,
        until=window,
        widely=widely,
    )
    same = (visit.center_id, visit.starts_at)
    return [slot for slot in found if (slot.center.id, slot.starts_at) != same][:MOST]
