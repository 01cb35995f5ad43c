"""An episode's whole story in plain words, and the clinician's signature that ends it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.models import ChartPage, ClosingReason
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.step_presenter import as_line
from clinic.pages.timeline import told
from clinic.selectors.episodes import story
from clinic.services.charts import read_chart
from clinic.services.episodes import close_episode


class CloseForm(forms.Form):
    """Why the episode ends."""

    reason = forms.ChoiceField(
        label=lazy("Why does it end?"), choices=[("", lazy("Choose a reason")), *ClosingReason.choices]
    )


@require_safe
@staff_page(Permission.READ_EPISODES)
def episode_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The story: what is next, what was, who did it."""
    return _page(request, actor, pk, CloseForm())


@staff_action(Permission.CLOSE_EPISODES)
def episode_close(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Sign that it is over, or say what is still owed."""
    form = CloseForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            close_episode(actor, episode_id=pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The episode is closed, with your signature."))
            return redirect("staff-episode", pk)
    return _page(request, actor, pk, form)


def _page(request: HttpRequest, actor: Actor, pk: int, form: CloseForm) -> HttpResponse:
    found = story(pk)
    read_chart(actor, patient_id=found.episode.patient_id, page=ChartPage.EPISODE, episode_id=pk)
    now = clock.now()
    lines = [as_line(step, now) for step in found.steps]
    live = sorted((line for line in lines if line.live), key=lambda line: line.step.due_at or now)
    shown = {
        "story": found,
        "episode": found.episode,
        "zone": found.episode.center.zone,
        "next": live[:1],
        "later": live[1:],
        "over": [line for line in lines if not line.live],
        "moments": told(found),
        "form": form,
        "actor": actor,
    }
    return render(request, "clinic/staff/episode.html", shown, status=422 if form.errors else 200)
