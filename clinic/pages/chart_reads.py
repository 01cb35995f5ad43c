"""Who read whose chart: the log by patient and by person; opening another center's chart; reviewing who did."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import Patient, Staff, Verdict
from clinic.pages.access import back, staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.patient_forms import SearchForm
from clinic.selectors import chart_reads as selector
from clinic.selectors.patients import matching
from clinic.services.charts import LEAST_REASON, MOST_REASON, break_glass, review_opening


class ReasonForm(forms.Form):
    """Why another center's chart is opened."""

    reason = forms.CharField(
        label=lazy("Why do you need this chart?"),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        widget=forms.Textarea({"rows": 3}),
        help_text=lazy("Such as: came to our desk without an appointment; their own center asked us to call."),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    """What a reviewer found."""

    verdict = forms.ChoiceField(label=lazy("Was it justified?"), choices=Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=lazy("What follows from it"), max_length=MOST_REASON, required=False)


class PersonForm(forms.Form):
    """Who may have looked."""

    person = forms.CharField(label=lazy("User name or name"), max_length=80)


@never_cache
@staff_page(Permission.BREAK_GLASS)
def chart_open(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask why another center's chart is opened, and open it for a shift. Nothing of it is shown before."""
    if not Patient.objects.filter(pk=pk).exists():
        raise NotFound(_("There is no such patient."))
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            break_glass(actor, patient_id=pk, reason=form.cleaned_data["reason"])
            messages.warning(request, _("The chart is open to you for this shift. Your reason will be reviewed."))
            return back(request)
    return render(request, "clinic/staff/chart_open.html", {"form": form, "pk": pk}, status=422 if form.errors else 200)


@never_cache
@staff_page(Permission.REVIEW_ACCESS)
def chart_reads(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The log: of one patient, of one person, or the newest. Both are searched for by POST."""
    asked = request.POST.get("by", "") if request.method == "POST" else ""
    patients, people = (
        SearchForm(request.POST if asked == "patient" else None),
        PersonForm(request.POST if asked == "person" else None),
    )
    shown = {"patients": patients, "people": people, "actor": actor, "most": selector.MOST}
    if asked == "patient" and patients.is_valid():
        with refusals_in(patients):
            shown["found_patients"] = matching(**patients.cleaned_data)
    elif asked == "person" and people.is_valid():
        shown["found_people"] = selector.people_named(people.cleaned_data["person"])
    patient, person, before = (_number(request, name) for name in ("patient", "person", "before"))
    shown |= {
        "patient": Patient.objects.filter(pk=patient).first() if patient else None,
        "person": Staff.objects.filter(pk=person).first() if person else None,
        "looks": selector.looks(patient_id=patient, staff_id=person, before=before),
        "waiting": selector.openings(),
    }
    wrong = patients.errors or people.errors
    return render(request, "clinic/staff/chart_reads.html", shown, status=422 if wrong else 200)


@require_safe
@never_cache
@staff_page(Permission.REVIEW_ACCESS)
def openings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The openings that wait for a review, oldest first, and those that were reviewed."""
    return _openings(request, actor)


@staff_action(Permission.REVIEW_ACCESS)
def opening_review(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Say whether an opening was justified."""
    form = ReviewForm(request.POST, auto_id=f"review_{pk}_%s")
    if form.is_valid():
        with refusals_in(form):
            review_opening(actor, opening_id=pk, **form.cleaned_data)
            messages.success(request, _("Reviewed."))
            return redirect("staff-chart-openings")
    return _openings(request, actor, {pk: form})


def _openings(request: HttpRequest, actor: Actor, bound: dict[int, ReviewForm] | None = None) -> HttpResponse:
    bound = bound or {}
    waiting = [(row, bound.get(row.pk, ReviewForm(auto_id=f"review_{row.pk}_%s"))) for row in selector.openings()]
    shown = {
        "waiting": waiting,
        "reviewed": selector.openings(reviewed=True),
        "actor": actor,
        "form": next(iter(bound.values()), None),
    }
    return render(request, "clinic/staff/chart_openings.html", shown, status=422 if bound else 200)


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None
