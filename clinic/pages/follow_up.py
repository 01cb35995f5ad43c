"""Treatment and plan on one page: how it began, what was decided, what is still open before anybody may sign."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.models import LIVE_STEP, ChartPage
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.follow_up_forms import (
    AcceptanceForm,
    FirstDoseForm,
    NotTreatedForm,
    PlanForm,
    TherapyForm,
    VillaltaForm,
    ZonedForm,
)
from clinic.pages.step_presenter import as_line
from clinic.selectors.follow_up import FollowUp, follow_up
from clinic.services import plans, therapy, treatment
from clinic.services.charts import read_chart

STARTS: dict[str, type[FirstDoseForm | AcceptanceForm | NotTreatedForm]] = {
    "dose": FirstDoseForm,
    "accepted": AcceptanceForm,
    "untreated": NotTreatedForm,
}


@require_safe
@staff_page(Permission.WRITE_PLANS)
def follow_up_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The follow-up at a glance."""
    return _page(request, actor, follow_up(pk))


@staff_action(Permission.WRITE_TREATMENT)
def treatment_start(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Treatment began, or a clinician says why not: ``as`` names which of the three forms was sent."""
    found = follow_up(pk)
    name = request.POST.get("as", "")
    form = STARTS.get(name, FirstDoseForm)(request.POST, zone=found.episode.center.zone)
    if form.is_valid():
        with refusals_in(form):
            treatment.record_start(actor, episode_id=pk, start=form.start())
            messages.success(request, _("Recorded. The step of treatment is done."))
            return redirect("staff-follow-up", pk)
    return _page(request, actor, found, **{name if name in STARTS else "dose": form})


@staff_action(Permission.WRITE_TREATMENT)
def villalta(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A score."""
    found = follow_up(pk)
    form = VillaltaForm(request.POST, zone=found.episode.center.zone)
    if form.is_valid():
        with refusals_in(form):
            row = therapy.record_villalta(actor, episode_id=pk, **form.given())
            messages.success(request, _("Villalta score %(total)s.") % {"total": row.total})
            return redirect("staff-follow-up", pk)
    return _page(request, actor, found, villalta=form)


@staff_action(Permission.WRITE_TREATMENT)
def decide(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Stop or extend."""
    found = follow_up(pk)
    form = TherapyForm(request.POST, zone=found.episode.center.zone)
    if form.is_valid():
        with refusals_in(form):
            therapy.decide_therapy(actor, episode_id=pk, **form.cleaned_data)
            messages.success(request, _("Decided. What follows from it is planned."))
            return redirect("staff-follow-up", pk)
    return _page(request, actor, found, therapy=form)


@staff_action(Permission.WRITE_PLANS)
def revise(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The plan depends on something else than was thought."""
    found = follow_up(pk)
    form = PlanForm(request.POST, zone=found.episode.center.zone, plan=found.plan)
    if form.is_valid():
        with refusals_in(form):
            plans.revise_plan(actor, episode_id=pk, changes=form.cleaned_data)
            messages.success(request, _("The plan is drawn up anew."))
            return redirect("staff-follow-up", pk)
    return _page(request, actor, found, plan=form)


def _page(request: HttpRequest, actor: Actor, found: FollowUp, **bound: Form) -> HttpResponse:
    """Show the follow-up; a form that was refused comes back as it was typed."""
    read_chart(actor, patient_id=found.episode.patient_id, page=ChartPage.FOLLOW_UP, episode_id=found.episode.pk)
    zone, now = found.episode.center.zone, clock.now()
    today: dict[str, Any] = {"scored_on": clock.today(zone)}
    forms: dict[str, ZonedForm] = {name: form(zone=zone) for name, form in STARTS.items()}
    forms |= {
        "villalta": VillaltaForm(zone=zone, initial=today),
        "therapy": TherapyForm(zone=zone),
        "plan": PlanForm(zone=zone, plan=found.plan),
    }
    shown = {
        "found": found,
        "episode": found.episode,
        "zone": zone,
        "lines": [as_line(step, now) for step in found.steps if step.status in LIVE_STEP],
        "forms": forms | bound,
        "actor": actor,
    }
    return render(request, "clinic/staff/follow_up.html", shown, status=422 if bound else 200)
