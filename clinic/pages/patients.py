"""Finding, registering and looking at a patient. What is searched for is posted: it never stands in an address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import ChartPage, Episode, Patient
from clinic.pages.access import staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.identity import merges_of, shown_identity, with_identity
from clinic.pages.patient_forms import RecordForm, RegisterForm, SearchForm
from clinic.selectors.consent import agreed_ways
from clinic.selectors.duplicates import possible_duplicates
from clinic.selectors.patients import MOST, disclosures_of, matching, records_of
from clinic.services.charts import read_chart
from clinic.services.disclosing import give_record
from clinic.services.patients import register


@never_cache
@staff_page(Permission.FIND_PATIENTS)
def patient_search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Search by phone, name or birth date: all that is given must match."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[Patient] | None = None
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            found = matching(**form.cleaned_data)
    shown = {"form": form, "found": found, "most": MOST, "actor": actor}
    return render(request, "clinic/staff/patients.html", shown, status=422 if form.errors else 200)


@never_cache
@staff_page(Permission.REGISTER_PATIENTS)
def patient_register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register a patient; who is the same in every point is not registered twice."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            patient = register(actor, **form.wanted())
            messages.success(request, _("%(name)s is registered.") % {"name": patient})
            if possible_duplicates(patient):
                messages.warning(request, _("There are records that may be of the same person. Look at them below."))
            return redirect("staff-patient", patient.pk)
    return render(request, "clinic/staff/patient_register.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@staff_page(Permission.FIND_PATIENTS)
def patient_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One patient: who they are, how to reach them, and their episodes."""
    patient = with_identity(Patient.objects.select_related("registration")).filter(pk=pk).first()
    if patient is None:
        raise NotFound(_("There is no such patient."))
    read_chart(actor, patient_id=pk, page=ChartPage.PATIENT)
    merges = merges_of(patient) if patient.has_merges else []
    records = records_of(patient) if any(each.kept_id == pk for each in merges) else {pk}
    may_text, may_call = agreed_ways(patient.phone) if patient.phone else (False, False)
    shown = {
        "patient": patient,
        "actor": actor,
        "may_text": may_text,
        "may_call": may_call,
        "episodes": Episode.objects.filter(patient__in=records).select_related("center").order_by("-id"),
    }
    return render(request, "clinic/staff/patient.html", shown | shown_identity(patient, merges, records))


@never_cache
@staff_page(Permission.EXPORT_RECORDS)
def patient_record(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Export a patient's whole record, once it is said to whom it goes; above, to whom it went before."""
    patient = Patient.objects.filter(pk=pk).first()
    if patient is None:
        raise NotFound(_("There is no such patient."))
    read_chart(actor, patient_id=pk, page=ChartPage.RECORD)
    form = RecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = give_record(actor, patient_id=pk, **form.cleaned_data)
            # The name of the file says nothing of anybody: it lies on a shared disk.
            name = f'attachment; filename="record-{given.disclosure.pk}.json"'
            return JsonResponse(given.bundle, headers={"Content-Disposition": name}, json_dumps_params={"indent": 1})
    given_before = disclosures_of(patient).filter(report=None)
    shown = {"form": form, "patient": patient, "given": given_before}
    return render(request, "clinic/staff/patient_record.html", shown, status=422 if form.errors else 200)
