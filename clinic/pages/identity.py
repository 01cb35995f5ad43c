"""Who a patient is, on pages: the registration, checks on the phone, records that are alike, and the log."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import ChartPage, EpisodeStatus, Patient, PatientMerge, Representative
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.identity_forms import CheckForm, MergeForm, RegistrationForm, registration_initial
from clinic.selectors.duplicates import REASONS, possible_duplicates
from clinic.selectors.identity import FAILURES, identity_state, zone_of
from clinic.selectors.patients import disclosures_of, found_patient, representatives_of, speaking_for
from clinic.services.charts import read_chart
from clinic.services.identifying import Said, check_identity
from clinic.services.merging import merge_patients, tell_apart, undo_merge
from clinic.services.registration import complete_registration, registration_of


@never_cache
@staff_page(Permission.REGISTER_PATIENTS)
def registration_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Complete what was asked; what is left empty is asked another time."""
    row = registration_of(found_patient(pk))
    form = RegistrationForm(request.POST if request.method == "POST" else None, initial=registration_initial(row))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            kept = complete_registration(actor, patient_id=pk, answers=form.answers())
            left = ", ".join(part.label for part in kept.missing)
            done = _("Kept. Still missing: %(parts)s.") % {"parts": left} if left else _("Complete.")
            messages.success(request, done)
            return redirect("staff-patient", pk)
    read_chart(actor, patient_id=pk, page=ChartPage.PATIENT)
    shown = {"form": form, "patient": row.patient, "row": row}
    return render(request, "clinic/staff/patient_registration.html", shown, status=422 if form.errors else 200)


@never_cache
@staff_page(Permission.CHECK_IDENTITY)
def identity_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Check two identifiers of whoever is on the phone; below, the checks before."""
    patient = found_patient(pk)
    read_chart(actor, patient_id=pk, page=ChartPage.PATIENT)
    form = CheckForm(request.POST if request.method == "POST" else None, speakers=speaking_for(patient))
    if request.method == "POST" and form.is_valid():
        speaker = form.cleaned_data["representative"]
        with refusals_in(form):
            row = check_identity(
                actor,
                patient_id=pk,
                said=form.said() or Said(),
                representative_id=speaker.pk if speaker else None,
                called_back=form.cleaned_data["called_back"],
            )
            _say_how_it_went(request, patient, passed=row.passed)
            return redirect("staff-patient-identity", pk)
    shown = {
        "form": form,
        "patient": patient,
        "state": identity_state(patient),
        "zone": zone_of(patient),
        "checks": patient.identity_checks.select_related("by", "representative").order_by("-id")[:20],
    }
    return render(request, "clinic/staff/patient_identity.html", shown, status=422 if form.errors else 200)


def _say_how_it_went(request: HttpRequest, patient: Patient, *, passed: bool) -> None:
    left = FAILURES - identity_state(patient).failures
    if passed:
        messages.success(request, _("Known by two identifiers: for half an hour you may tell them."))
    elif left > 0:
        messages.warning(request, _("This is not what we have: disclose nothing. Tries left: %(n)s.") % {"n": left})
    # At none left the page itself says what to do, for as long as it is so.


@require_safe
@staff_page(Permission.READ_DISCLOSURES)
def disclosure_log(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """To whom what was disclosed, on what ground."""
    patient = found_patient(pk)
    read_chart(actor, patient_id=pk, page=ChartPage.PATIENT)
    shown = {"patient": patient, "zone": zone_of(patient), "disclosures": disclosures_of(patient), "actor": actor}
    return render(request, "clinic/staff/patient_disclosures.html", shown)


@never_cache
@staff_page(Permission.MERGE_PATIENTS)
def merge_page(request: HttpRequest, actor: Actor, pk: int, other: int) -> HttpResponse:
    """Look at two records side by side, and merge the second into the first."""
    kept, duplicate = found_patient(pk), found_patient(other)
    if kept == duplicate:
        raise NotFound(_("A record is not merged into itself."))
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            merge = merge_patients(actor, duplicate_id=other, kept_id=pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("Merged. The other record points to this one."))
            if merge.two_open_episodes:
                messages.warning(request, _("There are two open episodes now: a clinician is asked which one goes on."))
            return redirect("staff-patient", pk)
    for each in (kept, duplicate):
        read_chart(actor, patient_id=each.pk, page=ChartPage.PATIENT)
    sides = [_side(kept), _side(duplicate)]
    shown = {"form": form, "patient": kept, "sides": sides, "both_open": all(side["open"] for side in sides)}
    return render(request, "clinic/staff/patient_merge.html", shown, status=422 if form.errors else 200)


def _side(patient: Patient) -> dict[str, Any]:
    return {
        "patient": patient,
        "row": registration_of(patient),
        "open": patient.episodes.filter(status=EpisodeStatus.OPEN).count(),
        "episodes": patient.episodes.count(),
    }


@staff_action(Permission.REGISTER_PATIENTS)
def apart(request: HttpRequest, actor: Actor, pk: int, other: int) -> HttpResponse:
    """They are two people: the records are not shown as alike any more."""
    tell_apart(actor, patient_id=pk, other_id=other)
    messages.success(request, _("Kept: they are two people."))
    return redirect("staff-patient", pk)


@staff_action(Permission.MERGE_PATIENTS)
def merge_undo(request: HttpRequest, actor: Actor, pk: int, merge: int) -> HttpResponse:
    """Take a merge back, and look at the record that is a patient's own again."""
    undone = undo_merge(actor, merge_id=merge)
    messages.success(request, _("Taken back: they are two patients again."))
    return redirect("staff-patient", undone.duplicate_id)


def merges_of(patient: Patient) -> list[PatientMerge]:
    """The merges in force of a record, into it and of it into another one."""
    of_theirs = Q(kept=patient) | Q(duplicate=patient)
    return list(PatientMerge.objects.filter(of_theirs, undone_at=None).select_related("duplicate", "kept", "by"))


def with_identity(patients: "QuerySet[Patient]") -> "QuerySet[Any]":
    """Read beside each patient whether there are merges, and anybody who speaks for them: most have neither, and then
    nothing more is asked."""
    merges = PatientMerge.objects.filter(Q(kept=OuterRef("pk")) | Q(duplicate=OuterRef("pk")), undone_at=None)
    speakers = Representative.objects.filter(patient=OuterRef("pk"), ended_at=None)
    return patients.annotate(has_merges=Exists(merges), has_speakers=Exists(speakers))


def shown_identity(patient: Patient, merges: list[PatientMerge], records: set[int]) -> dict[str, Any]:
    """What a patient's page says of who they are; ``records`` are all of theirs."""
    alike = possible_duplicates(patient)
    asks = bool(merges) or getattr(patient, "has_speakers", True)
    return {
        "registration": registration_of(patient),
        "alike": [(each.patient, [REASONS[reason] for reason in each.reasons]) for each in alike],
        "merged_here": [each for each in merges if each.kept_id == patient.pk],
        "merged_away": next((each for each in merges if each.duplicate_id == patient.pk), None),
        "speakers": [each for each in representatives_of(patient, records) if each.ended_at is None] if asks else [],
        "identity": identity_state(patient),
    }
