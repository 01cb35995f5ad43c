"""The first page, and the way to a consultation without the whole of the questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic.models import ZipCode
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.forms import ZipForm


@patient_page
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Is it a cramp or a clot?"""
    draft = visitor.draft(request)
    unfinished = draft is not None and draft.assessment_id is None
    return render(request, "scheduling/patient/landing.html", {"unfinished": unfinished})


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest) -> HttpResponse:
    """Ask for danger signs first: only who has none of them books a routine visit here."""
    form = ZipForm(request.POST if "zip" in request.POST else None)
    signs = request.POST.get("signs", "")
    if signs in ("yes", "unknown"):
        return redirect("patient-check")
    if form.is_bound and form.is_valid():
        if not ZipCode.objects.filter(pk=form.cleaned_data["zip"]).exists():
            form.add_error("zip", form.fields["zip"].error_messages["invalid"])
        elif signs == "no":
            visitor.actor(request)
            request.session.pop(visitor.DRAFT, None)
            request.session[visitor.CONSULT_ZIP] = form.cleaned_data["zip"]
            return redirect("patient-slots")
    page = {"form": form, "signs": signs, "unanswered": form.is_bound and not signs}
    return render(request, "scheduling/patient/consultation.html", page, status=400 if form.is_bound else 200)
