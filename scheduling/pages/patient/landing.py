"""The first page, and the way to a consultation without the whole of the questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic.models import ZipCode
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.forms import UNKNOWN_ZIP, ConsultationForm
from scheduling.states import MOVABLE


@patient_page
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Is it a cramp or a clot?"""
    draft = visitor.draft(request)
    own = visitor.visit(request)
    page = {
        "unfinished": draft is not None and draft.assessment_id is None,
        "decided": draft is not None and draft.assessment_id is not None,
        "booked": own is not None and own[1].status in MOVABLE,
    }
    return render(request, "scheduling/patient/landing.html", page)


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest) -> HttpResponse:
    """Ask for danger signs first: only who has none of them books a routine visit here."""
    form = ConsultationForm(request.POST if request.method == "POST" else None)
    if request.POST.get("signs") in ("yes", "unknown"):
        return redirect("patient-check")
    if form.is_valid():
        if ZipCode.objects.filter(pk=form.cleaned_data["zip"]).exists():
            visitor.actor(request)
            request.session.pop(visitor.DRAFT, None)
            request.session[visitor.CONSULT_ZIP] = form.cleaned_data["zip"]
            return redirect("patient-slots")
        form.add_error("zip", UNKNOWN_ZIP)
    status = 400 if form.is_bound else 200
    return render(request, "scheduling/patient/consultation.html", {"form": form}, status=status)
