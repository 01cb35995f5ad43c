"""What a patient needs to be seen, and who pays: asked by a colleague before a time is chosen."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import AccessNeeds, Authorization, ChartPage, Coverage, CoverageStatus, Episode, Patient
from clinic.pages.access import back, staff_page
from clinic.pages.access_forms import NEEDS, OTHER_WAY, NeedsForm, OtherWayForm, access_of
from clinic.pages.errors import refusals_in
from clinic.services.access_needs import record_access
from clinic.services.charts import read_chart
from clinic.services.coverage import record_coverage
from clinic.tables import STANDARD_LB


class AccessForm(NeedsForm, OtherWayForm):
    """What to ask, and what was said."""

    no_phone = forms.BooleanField(label=lazy("They have no telephone of their own"), required=False)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = (*NEEDS, "no_phone", *OTHER_WAY)


class CoverageForm(forms.Form):
    """What is known of who pays."""

    status = forms.ChoiceField(label=lazy("Coverage"), choices=CoverageStatus.choices)
    authorization = forms.ChoiceField(label=lazy("Authorization"), choices=Authorization.choices)
    estimate = forms.DecimalField(
        label=lazy("Estimate that they were told, in dollars"),
        min_value=0,
        decimal_places=2,
        max_digits=8,
        required=False,
        help_text=lazy("Only where the patient pays for themselves."),
    )


@never_cache
@staff_page(Permission.REGISTER_PATIENTS)
def access_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask and record. From a call it leads back to the call, whose times then leave out what does not fit."""
    patient = Patient.objects.filter(pk=pk).first()
    if patient is None:
        raise NotFound(_("There is no such patient."))
    row = AccessNeeds.objects.filter(patient=patient).first()
    form = AccessForm(request.POST if request.method == "POST" else None, initial=_initial(request, patient, row))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            access = access_of(form.cleaned_data, has_phone=not form.cleaned_data["no_phone"])
            record_access(actor, patient_id=pk, access=access)
            messages.success(request, _("Recorded. Times in rooms that do not fit are left out."))
            return back(request) if form.cleaned_data["next"] else redirect("staff-patient", pk)
    read_chart(actor, patient_id=pk, page=ChartPage.PATIENT)
    shown = {"patient": patient, "form": form, "row": row, "standard": STANDARD_LB}
    return render(request, "clinic/staff/access_needs.html", shown, status=422 if form.errors else 200)


@never_cache
@staff_page(Permission.RECORD_COVERAGE)
def coverage_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Record who pays."""
    episode = Episode.objects.select_related("patient").filter(pk=pk).first()
    if episode is None:
        raise NotFound(_("There is no such episode."))
    row = Coverage.objects.filter(episode=episode).first() or Coverage()
    known: dict[str, Any] = {"status": row.status, "authorization": row.authorization}
    if row.estimate_cents is not None:
        known["estimate"] = f"{row.estimate_cents / 100:.2f}"
    form = CoverageForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        cents = None if given["estimate"] is None else int(given["estimate"] * 100)
        with refusals_in(form):
            record_coverage(
                actor,
                episode_id=pk,
                status=given["status"],
                authorization=given["authorization"],
                estimate_cents=cents,
            )
            messages.success(request, _("Recorded."))
            return redirect("staff-episode", pk)
    read_chart(actor, patient_id=episode.patient_id, page=ChartPage.EPISODE, episode_id=pk)
    shown = {"episode": episode, "form": form, "settled": row.settled, "urgent": episode.kind == "suspected_dvt"}
    return render(request, "clinic/staff/coverage.html", shown, status=422 if form.errors else 200)


def _initial(request: HttpRequest, patient: Patient, row: AccessNeeds | None) -> dict[str, Any]:
    known: dict[str, Any] = {
        "next": request.GET.get("next", ""),
        "no_phone": patient.phone is None,
        "contact_name": patient.contact_name,
        "contact_phone": patient.contact_phone,
        "address": patient.contact_address,
        "in_person_plan": patient.in_person_plan,
    }
    if row is not None:
        known |= {name: getattr(row, name) for name in ("mobility", "transfer", "interpreter")}
        known["no_phone"] = row.no_phone or patient.phone is None
    return known
