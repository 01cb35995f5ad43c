"""What was decided in an episode and why; a person's override; the danger signs at a later contact."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import ChartPage, Episode
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.services.charts import read_chart
from scheduling.intake.asking_again import ask_signs
from scheduling.intake.overriding import REASON_LENGTH, override
from scheduling.pages.given_answers import given_answers
from scheduling.pages.signs_form import StaffSignsForm
from triage.models import Decision, Disposition, InterimAnticoagulant, Occasion, Whereabouts
from triage.overriding import CALLBACK_MINUTES, Target
from triage.selectors import decisions_of, intake_of
from triage.urgency import Disposition as Asked

_CHOOSE = ("", lazy("–"))


class OverrideForm(forms.Form):
    """The decision to put beside the one in force, and why."""

    disposition = forms.ChoiceField(
        label=lazy("What shall happen?"), choices=[("", lazy("Choose")), *Disposition.choices]
    )
    tier = forms.TypedChoiceField(
        label=lazy("Tier, for a scan today"),
        choices=[_CHOOSE, (1, lazy("Tier 1: result within 4 hours")), (2, lazy("Tier 2: today"))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    within_minutes = forms.TypedChoiceField(
        label=lazy("Minutes, for a call"),
        choices=[_CHOOSE, *((each, str(each)) for each in CALLBACK_MINUTES)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    interim_anticoagulant = forms.ChoiceField(
        label=lazy("Anticoagulant until then, for a scan within 24 hours"),
        choices=[_CHOOSE, *InterimAnticoagulant.choices],
        required=False,
    )
    reason = forms.CharField(label=lazy("Why?"), max_length=REASON_LENGTH, widget=forms.Textarea({"rows": 3}))

    def target(self) -> Target:
        """Return what is asked for."""
        given = self.cleaned_data
        return Target(
            disposition=Asked(given["disposition"]),
            tier=given["tier"],
            within_minutes=given["within_minutes"],
            interim_anticoagulant=given["interim_anticoagulant"],
        )


@require_safe
@staff_page(Permission.READ_EPISODES)
def decision_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Every decision of an episode in a clinician's words, and what can be put beside it."""
    return _page(request, actor, _found(pk))


@staff_action(Permission.OVERRIDE)
def decision_override(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Put another decision beside the one in force."""
    episode, form = _found(pk), OverrideForm(request.POST)
    decisions = decisions_of(episode)
    if form.is_valid() and decisions:
        with refusals_in(form):
            override(
                actor,
                assessment_id=decisions[0].assessment_id,
                target=form.target(),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("Your decision is in force. The one before it stays on record."))
            return redirect("staff-decisions", pk)
    return _page(request, actor, episode, override=form)


@staff_action(Permission.ASK_SIGNS)
def decision_signs(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Keep the danger signs of this contact; say loudly where one is there."""
    form = StaffSignsForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            asked = ask_signs(
                actor, episode_id=pk, answers=form.answers(), occasion=Occasion(form.cleaned_data["occasion"])
            )
            if asked.decision is None:
                messages.success(request, _("No danger sign: noted."))
            else:
                messages.error(request, _said(asked.decision))
            return redirect("staff-decisions", pk)
    return _page(request, actor, _found(pk), signs=form)


def _said(decision: Decision) -> str:
    words: str = decision.reasons[0]["clinician"]
    return f"{decision.get_disposition_display()}. {words}"


def _found(pk: int) -> Episode:
    episode = Episode.objects.select_related("patient", "center").filter(pk=pk).first()
    if episode is None:
        raise NotFound(_("There is no such episode."))
    return episode


def _page(request: HttpRequest, actor: Actor, episode: Episode, **bound: forms.Form) -> HttpResponse:
    read_chart(actor, patient_id=episode.patient_id, page=ChartPage.DECISIONS, episode_id=episode.pk)
    intake = intake_of(episode)
    shown: dict[str, Any] = {
        "episode": episode,
        "given": given_answers(intake) if intake else None,
        "zone": episode.center.zone,
        "decisions": decisions_of(episode),
        "whereabouts": Whereabouts.objects.filter(assessment__episode=episode).order_by("-at"),
        "actor": actor,
        "override": OverrideForm(),
        "signs": StaffSignsForm(),
    }
    return render(request, "scheduling/staff/decisions.html", shown | bound, status=422 if bound else 200)
