"""Who speaks for a patient, on a page: recorded, permitted by the patient, and ended."""

from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from clinic.access import Actor, Permission
from clinic.authority import Ruling
from clinic.models import ChartPage, Patient, Representative
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.identity_forms import PermissionForm, RepresentativeForm
from clinic.selectors.identity import ruling_on
from clinic.selectors.patients import found_patient, representatives_of
from clinic.services.charts import read_chart
from clinic.services.representatives import end_representative, record_permission, record_representative


@dataclass(frozen=True)
class SpeakerLine:
    """Somebody who speaks for the patient, whether they may hear a result today, and the form of the patient's word."""

    row: Representative
    ruling: Ruling
    form: Form


@never_cache
@staff_page(Permission.REGISTER_PATIENTS)
def representatives_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Who speaks for the patient; and record somebody else."""
    patient = found_patient(pk)
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            record_representative(actor, patient_id=pk, speaker=form.speaker())
            messages.success(request, _("Recorded."))
            return redirect("staff-patient-representatives", pk)
    return _page(request, actor, patient, form)


@staff_action(Permission.CHECK_IDENTITY)
def permission(request: HttpRequest, actor: Actor, pk: int, speaker: int) -> HttpResponse:
    """Keep the patient's own word on who may hear results."""
    form = PermissionForm(request.POST, auto_id=f"permission_{speaker}_%s")
    if form.is_valid():
        with refusals_in(form):
            record_permission(
                actor,
                representative_id=speaker,
                granted=form.cleaned_data["granted"] == "yes",
                how=form.cleaned_data["how"],
                expires_on=form.cleaned_data["expires_on"],
                identifiers=form.said(),
            )
            messages.success(request, _("The patient's word is kept."))
            return redirect("staff-patient-representatives", pk)
    return _page(request, actor, found_patient(pk), RepresentativeForm(), refused={speaker: form})


@staff_action(Permission.REGISTER_PATIENTS)
def end(request: HttpRequest, actor: Actor, pk: int, speaker: int) -> HttpResponse:
    """They speak for the patient no longer."""
    row = end_representative(actor, representative_id=speaker, reason="ended_by_staff")
    messages.success(request, _("%(name)s speaks for the patient no longer.") % {"name": row.name})
    return redirect("staff-patient-representatives", pk)


def _page(
    request: HttpRequest,
    actor: Actor,
    patient: Patient,
    form: RepresentativeForm,
    refused: dict[int, Form] | None = None,
) -> HttpResponse:
    read_chart(actor, patient_id=patient.pk, page=ChartPage.PATIENT)
    refused = refused or {}
    lines = [
        SpeakerLine(row, ruling_on(row), refused.get(row.pk) or PermissionForm(auto_id=f"permission_{row.pk}_%s"))
        for row in representatives_of(patient)
    ]
    shown = {"patient": patient, "form": form, "lines": lines, "actor": actor}
    wrong = form.errors or any(each.errors for each in refused.values())
    return render(request, "clinic/staff/patient_representatives.html", shown, status=422 if wrong else 200)
