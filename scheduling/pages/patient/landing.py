"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page


@patient_page
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Is it a cramp or a clot?"""
    draft = visitor.draft(request)
    unfinished = draft is not None and draft.assessment_id is None
    return render(request, "scheduling/patient/landing.html", {"unfinished": unfinished})
