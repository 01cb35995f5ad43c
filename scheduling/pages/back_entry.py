"""Entering what a paper says of one visit and of its result, in the center's own time."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache

from clinic.access import Actor, Permission, allowed
from clinic.errors import NotFound
from clinic.models import Audience, CallOutcome, ChartPage, Impression, Side
from clinic.pages.access import staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.identity_forms import IdentifierFields
from clinic.services.charts import read_chart
from clinic.services.telling import Call
from scheduling.models import Appointment, BackEntryOutcome
from scheduling.pages.visit_presenter import SCANS
from scheduling.selectors.day import scanned_report, shown
from scheduling.services.back_entry import Happened, enter_back

#: Whom a paper says that a clinician called. A representative is entered on the results desk, where they are named.
_HEARERS = [choice for choice in Audience.choices if choice[0] != Audience.REPRESENTATIVE]


def moment(label: object, *, required: bool = False) -> forms.DateTimeField:
    """A field for a time as it stands on the paper."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, widget=widget)  # type: ignore[arg-type]


class BackEntryForm(forms.Form):
    """When it happened, as the paper says."""

    arrived_at = moment(lazy("Arrived"))
    started_at = moment(lazy("Started"))
    completed_at = moment(lazy("Completed"))
    side = forms.ChoiceField(
        label=lazy("Side on the table"),
        choices=[("", lazy("Not a scan, or the order names none")), *Side.choices],
        required=False,
    )


class PaperPreliminaryForm(forms.Form):
    """The sonographer's preliminary, as the paper says."""

    occurred_at = moment(lazy("Written at"), required=True)
    impression = forms.ChoiceField(label=lazy("Impression"), choices=Impression.choices, widget=forms.RadioSelect)
    side = forms.ChoiceField(label=lazy("Side"), choices=Side.choices, widget=forms.RadioSelect)
    findings = forms.CharField(
        label=lazy("Findings"), required=False, max_length=10_000, widget=forms.Textarea({"rows": 3})
    )


class PaperCallForm(IdentifierFields):
    """One call about the result, as the paper says; by phone with what they said of themselves."""

    field_order = ("occurred_at", "audience", "outcome", "told_to", "read_back", "in_person")

    occurred_at = moment(lazy("Spoken at"), required=True)
    audience = forms.ChoiceField(label=lazy("Who was called?"), choices=_HEARERS)
    outcome = forms.ChoiceField(label=lazy("How did it end?"), choices=CallOutcome.choices)
    told_to = forms.CharField(label=lazy("Told to"), required=False, max_length=120)
    read_back = forms.BooleanField(label=lazy("They read it back correctly"), required=False)
    in_person = forms.BooleanField(label=lazy("In person, not by phone"), required=False)

    def call(self) -> Call:
        """What the service takes."""
        given = {name: self.cleaned_data[name] for name in ("audience", "outcome", "told_to", "read_back", "in_person")}
        return Call(**given, identifiers=self.said(), called_back=self.cleaned_data["called_back"])


@never_cache
@staff_page(Permission.RUN_VISIT)
def back_entry_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One visit's times from the paper. What is recorded already stands in the fields, and is left as it is."""
    visit = found_visit(pk)
    with timezone.override(ZoneInfo(visit.center.zone)):
        form = BackEntryForm(request.POST if request.method == "POST" else None, initial=_recorded(visit))
        if request.method == "POST" and form.is_valid():
            with refusals_in(form):
                entered = enter_back(actor, appointment_id=pk, happened=Happened(**form.cleaned_data))
                say(request, [entry.outcome for entry in entered])
                return redirect("staff-back-entry", pk)
        return back_entry_response(request, actor, visit, form=form)


def found_visit(pk: int) -> Appointment:
    """Return the visit with what was entered so far. Raises `NotFound`."""
    visit = shown().filter(pk=pk).prefetch_related("back_entries__author").first()
    if visit is None:
        raise NotFound(_("There is no such visit."))
    return visit


def say(request: HttpRequest, outcomes: Sequence[str]) -> None:
    """Tell what became of what was entered."""
    if BackEntryOutcome.CONFLICT in outcomes:
        messages.warning(request, _("It contradicts what others recorded. Nothing was overwritten."))
    elif outcomes:
        messages.success(request, _("Entered, with the times at which it happened."))
    else:
        messages.success(request, _("All of it was recorded already."))


def back_entry_response(
    request: HttpRequest, actor: Actor, visit: Appointment, **bound: forms.BaseForm
) -> HttpResponse:
    """Show what can be entered of a visit; a form that was refused comes back as it was typed."""
    if visit.patient_id is not None:
        read_chart(actor, patient_id=visit.patient_id, page=ChartPage.VISIT, episode_id=visit.episode_id)
    report = scanned_report(visit)
    scanned = visit.step_id is not None and visit.visit_type.kind in SCANS and visit.completed_at is not None
    context = {
        "form": BackEntryForm(initial=_recorded(visit)),
        "preliminary": PaperPreliminaryForm(auto_id="preliminary_%s"),
        "call": PaperCallForm(auto_id="call_%s"),
        **bound,
        "visit": visit,
        "zone": visit.center.zone,
        "may_write": scanned and allowed(actor, Permission.WRITE_PRELIMINARY),
        "may_tell": report is not None and allowed(actor, Permission.TELL_RESULTS),
        "papers": list(report.paper_entries.select_related("author")) if report is not None else [],
    }
    wrong = any(form.errors for form in bound.values() if form.is_bound)
    return render(request, "scheduling/staff/back_entry.html", context, status=422 if wrong else 200)


def _recorded(visit: Appointment) -> dict[str, datetime | None]:
    return {name: getattr(visit, name) for name in ("arrived_at", "started_at", "completed_at")}
