"""The worklist, and the page of one step: done, tried, taken, handed over."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.missed import rung
from clinic.models import ChartPage, Step, StepKind
from clinic.pages.access import back, explained, staff_action, staff_page
from clinic.pages.beside import panels_of
from clinic.pages.errors import refusals_in
from clinic.pages.live import live_response
from clinic.pages.menu import where_worked
from clinic.pages.step_forms import DoneForm, FilterForm, HandOverForm, TriedForm
from clinic.pages.step_presenter import as_line
from clinic.pages.step_views import own_view, views_of
from clinic.pages.timeline import told_of
from clinic.pathway import STOP_OR_EXTEND
from clinic.selectors.steps import events_of, live, worklist
from clinic.services import worklist as service
from clinic.services.charts import read_chart

#: How many steps one page shows: the filters narrow the rest.
SHOWN = 60
#: Steps that end on the page of treatment and plan.
ON_FOLLOW_UP = frozenset({StepKind.TREATMENT_START, StepKind.HANDOVER})


@require_safe
@staff_page(Permission.READ_STEPS)
def step_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The worklist: at first the steps of one's own role, at one's own center where one has one."""
    asked = request.GET.dict() if request.GET else own_view(actor)
    form = FilterForm(asked)
    found: list[Step] = []
    with refusals_in(form):
        found = worklist(actor, asked, SHOWN)
    now = clock.now()
    shown = {
        "lines": [as_line(step, now) for step in found],
        "form": form,
        "actor": actor,
        "most": SHOWN,
        "views": views_of(actor, asked),
    }
    return live_response(request, "clinic/staff/steps.html", "clinic/staff/_steps.html", shown)


@require_safe
@staff_page(Permission.READ_STEPS)
def step_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One step, with what can be done about it."""
    return _page(request, actor, _found(pk))


@staff_action(Permission.WORK_STEPS)
def step_done(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The step was done."""
    form = DoneForm(request.POST, kind=_found(pk).kind)
    if form.is_valid():
        with refusals_in(form):
            step = service.finish(actor, step_id=pk, outcome=form.cleaned_data["outcome"])
            messages.success(request, _("Done: %(step)s.") % {"step": step.get_kind_display()})
            return redirect("staff-episode", step.episode_id)
    return _page(request, actor, _found(pk), done=form)


@staff_action(Permission.WORK_STEPS)
def step_attempt(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Somebody tried; the step goes on."""
    form = TriedForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            step = service.attempt(actor, step_id=pk, outcome=form.cleaned_data["outcome"])
            messages.success(request, _("The try is noted; the step stays open."))
            return redirect("staff-step", step.pk)
    return _page(request, actor, _found(pk), tried=form)


@staff_action(Permission.WORK_STEPS)
def step_take(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The actor takes the step."""
    step = service.reassign(actor, step_id=pk, owner_id=actor.staff_id, owner_role="", center_id=None)
    messages.success(request, _("Yours now: %(step)s.") % {"step": step.get_kind_display()})
    return back(request, "staff-steps")


@staff_action(Permission.WORK_STEPS)
def step_hand_over(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The step goes to a role at a center, or to a colleague."""
    form = HandOverForm(request.POST, step=_found(pk))
    if form.is_valid():
        to = form.cleaned_data
        with refusals_in(form):
            person = to["person"].pk if to["person"] else None
            service.reassign(actor, step_id=pk, owner_id=person, owner_role=to["role"], center_id=to["center"].pk)
            messages.success(request, _("Handed over."))
            return redirect("staff-step", pk)
    return _page(request, actor, _found(pk), hand_over=form)


def _found(pk: int) -> Step:
    step = Step.objects.select_related("episode__patient", "episode__center", "center", "owner").filter(pk=pk).first()
    if step is None:
        raise NotFound(_("There is no such step."))
    return step


def _page(request: HttpRequest, actor: Actor, step: Step, **bound: Form) -> HttpResponse:
    """Show a step; a form that was refused comes back as it was typed."""
    episode = step.episode
    read_chart(actor, patient_id=episode.patient_id, page=ChartPage.STEP, episode_id=episode.pk)
    center = step.center_id or episode.center_id
    forms: dict[str, Any] = {
        "done": DoneForm(kind=step.kind),
        "tried": TriedForm(),
        "hand_over": HandOverForm(step=step, initial={"role": step.owner_role, "center": center}),
    }
    line = as_line(step, clock.now())
    others = [] if line.live else live().filter(episode_id=step.episode_id)
    shown = {
        "line": line,
        "overtaken": bool(bound) and not line.live,
        "next_lines": [as_line(each, clock.now()) for each in others],
        "actor": actor,
        "worked_at": where_worked(step.kind, actor),
        "ended_elsewhere": service.ended_elsewhere(step),
        "on_follow_up": step.kind in ON_FOLLOW_UP or step.plan_code == STOP_OR_EXTEND,
        "calls_owed": rung(step.kind, step.plan_code, step.rung).calls if step.rung else 0,
        "may_end": service.may_finish(actor, step),
        "panels": panels_of(step, actor),
        "moments": told_of(events_of(step)),
        "forms": forms | bound,
    }
    status = (422 if line.live else 409) if bound else 200
    return explained(render(request, "clinic/staff/step.html", shown, status=status))
