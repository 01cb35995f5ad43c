"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
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
