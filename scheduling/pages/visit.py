"""One visit: its buttons, and the sonographer's preliminary once the scan is done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import Conflict, DomainError, NotFound, StaleState
from clinic.models import ChartPage, Impression, Side
from clinic.pages.access import Door, back, staff_action, staff_page
from clinic.pages.departure_form import DepartureForm
from clinic.pages.errors import refusals_in
from clinic.pages.vein_form import VeinFields, sides_of
from clinic.phones import national
from clinic.result_rules import URGENT_IMPRESSIONS
from clinic.services.charts import read_chart
from clinic.services.departures import needs_clinician, record_departure
from clinic.services.findings import Finding
from clinic.services.orders import order_of
from clinic.services.reports import record_preliminary
from scheduling.errors import OrderMissing, SideMismatch
from scheduling.models import Appointment
from scheduling.pages.overtaken import overtaken
from scheduling.pages.visit_presenter import SCANS, as_line
from scheduling.selectors.day import departure_of, scanned_report, shown
from scheduling.services import visits


class PreliminaryForm(VeinFields):
    """What the sonographer found: never a diagnosis. Either side may be studied, so the list has both."""

    field_order = ("impression", "side", "findings")

    impression = forms.ChoiceField(label=lazy("Impression"), choices=Impression.choices, widget=forms.RadioSelect)
    side = forms.ChoiceField(label=lazy("Side"), choices=Side.choices, widget=forms.RadioSelect)
    findings = forms.CharField(
        label=lazy("Findings"), required=False, max_length=10_000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, sides=sides_of(Side.BILATERAL), **kwargs)

    def finding(self) -> Finding:
        """What the service takes."""
        given = self.cleaned_data
        return Finding(
            impression=given["impression"],
            side=given["side"],
            findings=given["findings"],
            veins=self.veins(),
            clot_length_cm=given["clot_length_cm"],
            junction_distance_cm=given["junction_distance_cm"],
        )


@require_safe
@staff_page(Permission.READ_APPOINTMENTS)
def visit_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One visit with what can be done about it now."""
    return _page(request, actor, _found(pk), PreliminaryForm())


def _button(service: Callable[..., Appointment], done: Promise | str) -> Door:
    """Make the door of one transition of a visit."""

    def door(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        try:
            visit = service(actor, appointment_id=pk)
        except StaleState:
            return _overtaken(request, pk)
        messages.success(request, f"{visit.patient}: {done}")
        return back(request, "staff-day")

    return staff_action(Permission.RUN_VISIT)(door)


@staff_action(Permission.RUN_VISIT)
def start(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The visit begins, on the side that is on the table."""
    try:
        visit = visits.start(actor, appointment_id=pk, side=request.POST.get("side", ""))
    except StaleState:
        return _overtaken(request, pk)
    except (OrderMissing, SideMismatch) as refusal:
        messages.error(request, _to_the_order(pk, refusal))
        return back(request, "staff-day")
    messages.success(request, _("%(name)s: the visit has begun.") % {"name": visit.patient})
    return back(request, "staff-day")


check_in = _button(visits.check_in, lazy("checked in."))
complete = _button(visits.complete, lazy("the visit is completed."))
no_show = _button(visits.no_show, lazy("did not come. The next step is open."))


@staff_action(Permission.WRITE_PRELIMINARY)
def preliminary(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Write the preliminary of a scan that was done."""
    visit = _found(pk)
    form = PreliminaryForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            _write(actor, visit, form.finding())
            messages.success(request, _("The preliminary is with the interpreting physician."))
            if form.cleaned_data["impression"] in URGENT_IMPRESSIONS:
                messages.warning(request, _("The patient stays on site until a clinician has spoken with them."))
            return redirect("staff-visit", pk)
    return _page(request, actor, visit, form)


@staff_action(Permission.RELEASE_PATIENTS)
def departure(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Record how the patient leaves after their scan."""
    visit = _found(pk)
    report = scanned_report(visit)
    if report is None:
        raise Conflict(_("Write the preliminary first."), code="no_report")
    form = DepartureForm(request.POST, auto_id="departure_%s")
    if form.is_valid():
        with refusals_in(form):
            record_departure(actor, report_id=report.pk, leaving=form.leaving())
            messages.success(request, _("The patient is released."))
            return redirect("staff-visit", pk)
    return _page(request, actor, visit, PreliminaryForm(), form)


def _to_the_order(pk: int, refusal: DomainError) -> str:
    """Why a scan does not begin, with the way to the page where that is mended."""
    orders = reverse("staff-orders", args=[_found(pk).episode_id])
    return format_html('{} <a class="tap" href="{}">{}</a>', refusal.detail, orders, _("To the order"))


def _overtaken(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, overtaken(_found(pk)))
    return back(request, "staff-day")


def _write(actor: Actor, visit: Appointment, finding: Finding) -> None:
    if visit.step_id is None or visit.completed_at is None:
        raise Conflict(_("Complete the visit first."), code="scan_not_done")
    record_preliminary(actor, step_id=visit.step_id, finding=finding, scan_ended_at=visit.completed_at)


def _found(pk: int) -> Appointment:
    visit = shown().filter(pk=pk).first()
    if visit is None:
        raise NotFound(_("There is no such visit."))
    return visit


def _page(
    request: HttpRequest, actor: Actor, visit: Appointment, form: PreliminaryForm, leaving: DepartureForm | None = None
) -> HttpResponse:
    if visit.patient_id is not None:
        read_chart(actor, patient_id=visit.patient_id, page=ChartPage.VISIT, episode_id=visit.episode_id)
    report = scanned_report(visit)
    gone = departure_of(report) if report else None
    known = {"callback_phone": national(visit.patient.phone) if visit.patient and visit.patient.phone else ""}
    scan = visit.visit_type.kind in SCANS and visit.step is not None
    context = {
        "order_shown": scan,
        "order": order_of(visit.step) if scan and visit.step else None,
        "line": as_line(visit, actor, clock.now()),
        "form": form,
        "leaving": leaving or DepartureForm(auto_id="departure_%s", initial=known),
        "to_release": report is not None and gone is None,
        "clinician_releases": report is not None and needs_clinician(report),
        "departure": gone,
        "actor": actor,
    }
    wrong = form.errors or (leaving is not None and leaving.errors)
    return render(request, "scheduling/staff/visit.html", context, status=422 if wrong else 200)
