"""Entering from paper what a scan found, and whom a clinician told, in the center's own time."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access import Actor, Permission
from clinic.errors import Conflict
from clinic.models import PaperEntry
from clinic.pages.access import Door, staff_action
from clinic.pages.errors import refusals_in
from clinic.services.findings import Finding
from clinic.services.papers import enter_call, enter_preliminary
from scheduling.models import Appointment
from scheduling.pages.back_entry import PaperCallForm, PaperPreliminaryForm, back_entry_response, found_visit, say
from scheduling.selectors.day import scanned_report

Enter = Callable[[Actor, Appointment, forms.Form], PaperEntry | None]


def _formed(name: str, permission: Permission, form_class: type[forms.Form], enter: Enter) -> Door:
    """Make the door of one form of the page."""

    def door(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        visit = found_visit(pk)
        with timezone.override(ZoneInfo(visit.center.zone)):
            form = form_class(request.POST, auto_id=f"{name}_%s")
            if form.is_valid():
                with refusals_in(form):
                    entry = enter(actor, visit, form)
                    say(request, [entry.outcome] if entry else [])
                    return redirect("staff-back-entry", pk)
            return back_entry_response(request, actor, visit, **{name: form})

    return staff_action(permission)(door)


def _preliminary(actor: Actor, visit: Appointment, form: forms.Form) -> PaperEntry | None:
    if visit.step_id is None or visit.completed_at is None:
        raise Conflict(_("Enter the end of the scan first."), code="scan_not_done")
    said = dict(form.cleaned_data)
    occurred_at = said.pop("occurred_at")
    return enter_preliminary(
        actor,
        step_id=visit.step_id,
        finding=Finding(**said),
        scan_ended_at=visit.completed_at,
        occurred_at=occurred_at,
    )


def _call(actor: Actor, visit: Appointment, form: forms.Form) -> PaperEntry | None:
    report = scanned_report(visit)
    if report is None:
        raise Conflict(_("Enter the preliminary first."), code="no_report")
    if not isinstance(form, PaperCallForm):
        raise TypeError
    return enter_call(actor, report_id=report.pk, call=form.call(), occurred_at=form.cleaned_data["occurred_at"])


paper_preliminary = _formed("preliminary", Permission.WRITE_PRELIMINARY, PaperPreliminaryForm, _preliminary)
paper_call = _formed("call", Permission.TELL_RESULTS, PaperCallForm, _call)
