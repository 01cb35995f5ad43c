"""Entering what a paper says of one visit, in the center's own time."""

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

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import Side
from clinic.pages.access import staff_page
from clinic.pages.errors import refusals_in
from scheduling.models import Appointment, BackEntryOutcome
from scheduling.selectors.day import shown
from scheduling.services.back_entry import Happened, enter_back


def _moment(label: object) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget)  # type: ignore[arg-type]


class BackEntryForm(forms.Form):
    """When it happened, as the paper says."""

    arrived_at = _moment(lazy("Arrived"))
    started_at = _moment(lazy("Started"))
    completed_at = _moment(lazy("Completed"))
    side = forms.ChoiceField(
        label=lazy("Side on the table"),
        choices=[("", lazy("Not a scan, or the order names none")), *Side.choices],
        required=False,
    )


@never_cache
@staff_page(Permission.RUN_VISIT)
def back_entry_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One visit's times from the paper. What is recorded already stands in the fields, and is left as it is."""
    visit = shown().filter(pk=pk).prefetch_related("back_entries__author").first()
    if visit is None:
        raise NotFound(_("There is no such visit."))
    with timezone.override(ZoneInfo(visit.center.zone)):
        form = BackEntryForm(request.POST if request.method == "POST" else None, initial=_recorded(visit))
        if request.method == "POST" and form.is_valid():
            with refusals_in(form):
                entered = enter_back(actor, appointment_id=pk, happened=Happened(**form.cleaned_data))
                if any(entry.outcome == BackEntryOutcome.CONFLICT for entry in entered):
                    messages.warning(request, _("It contradicts what others recorded. Nothing was overwritten."))
                elif entered:
                    messages.success(request, _("Entered, with the times at which it happened."))
                else:
                    messages.success(request, _("All of it was recorded already."))
                return redirect("staff-back-entry", pk)
        context = {"form": form, "visit": visit, "zone": visit.center.zone}
        return render(request, "scheduling/staff/back_entry.html", context, status=422 if form.errors else 200)


def _recorded(visit: Appointment) -> dict[str, datetime | None]:
    return {name: getattr(visit, name) for name in ("arrived_at", "started_at", "completed_at")}
