"""The buttons around a result: acknowledge, wet read, the way home, a welfare check, the referring office."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.access import Actor, Permission
from clinic.models import Report
from clinic.pages.access import Door, staff_action
from clinic.pages.departure_form import DepartureForm
from clinic.pages.errors import refusals_in
from clinic.services import acknowledging, departures, referrers, welfare, wet_reads
from notifications.pages.after_forms import (
    ContactForm,
    NoticeForm,
    OfficeForm,
    WelfareForm,
    WetReadForm,
)
from notifications.pages.result_page import found, result_response


@staff_action(Permission.TELL_RESULTS)
def result_acknowledge(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The clinician has the finding in hand."""
    acknowledging.acknowledge(actor, report_id=pk)
    messages.success(request, _("You have it in hand. Nobody else is alerted."))
    return redirect("staff-result", pk)


def _formed(
    name: str,
    permission: Permission,
    form_class: type[Any],
    act: Callable[[Actor, Report, Any], object],
    done: Promise | str,
) -> Door:
    """Make the door of one form of the report's page."""

    def door(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        report, form = found(pk), form_class(request.POST, auto_id=f"{name}_%s")
        if form.is_valid():
            with refusals_in(form):
                act(actor, report, form)
                messages.success(request, str(done))
                return redirect("staff-result", pk)
        return result_response(request, actor, report, **{name: form})

    return staff_action(permission)(door)


result_wet_read = _formed(
    "wet_read",
    Permission.SIGN_REPORTS,
    WetReadForm,
    lambda actor, report, form: wet_reads.record_wet_read(actor, report_id=report.pk, spoken=form.spoken()),
    lazy("The wet read is in the log. It may be told and treated."),
)
result_departure = _formed(
    "departure",
    Permission.RELEASE_PATIENTS,
    DepartureForm,
    lambda actor, report, form: departures.record_departure(actor, report_id=report.pk, leaving=form.leaving()),
    lazy("The patient is released."),
)
result_welfare = _formed(
    "welfare",
    Permission.TELL_RESULTS,
    WelfareForm,
    lambda actor, report, form: welfare.decide_welfare(actor, report_id=report.pk, **form.cleaned_data),
    lazy("The decision is recorded. Keep calling."),
)
result_office = _formed(
    "office",
    Permission.TELL_REFERRERS,
    OfficeForm,
    lambda actor, report, form: referrers.record_referrer(actor, episode_id=report.episode_id, office=form.office()),
    lazy("The referring office is recorded."),
)
result_notice = _formed(
    "notice",
    Permission.TELL_REFERRERS,
    NoticeForm,
    lambda actor, report, form: referrers.record_notice(actor, report_id=report.pk, notice=form.notice()),
    lazy("It is in the log."),
)
result_contact = _formed(
    "contact",
    Permission.REGISTER_PATIENTS,
    ContactForm,
    lambda actor, report, form: welfare.name_emergency_contact(
        actor, patient_id=report.episode.patient_id, **form.cleaned_data
    ),
    lazy("The emergency contact is recorded."),
)
