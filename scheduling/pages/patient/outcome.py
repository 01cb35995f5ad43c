"""What follows from the answers: one screen a disposition. An emergency leads to no slot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from clinic.models import ZipCode
from scheduling.pages.dispositions import TONES
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import language_of, patient_page
from scheduling.pages.patient.promises import kept_time, promised_call, visit_ahead
from scheduling.pages.patient.wishes import BOOKABLE
from triage.models import Assessment, Decision, Disposition
from triage.urgency import CALLBACK_NOW
from triage.words.screens import SCREENS, Screen

_TEMPLATES = {
    Disposition.EMERGENCY_911: "scheduling/patient/emergency.html",
    Disposition.ED_NOW: "scheduling/patient/emergency_room.html",
}


@patient_page
@require_safe
def outcome(request: HttpRequest) -> HttpResponse:
    """Show the screen of the decision in force."""
    assessment = visitor.assessment(request)
    return shown_outcome(request, assessment) if assessment else redirect("patient-check")


def shown_outcome(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show what an assessment led to: the screen of its decision in force."""
    decision = assessment.decisions.order_by("-number")[0]
    language = language_of(request)
    bookable = decision.disposition in BOOKABLE
    booked = visit_ahead(assessment.episode) if bookable else None
    if booked is not None:
        request.session[visitor.VISIT] = booked.pk
    page = {
        "assessment": assessment,
        "decision": decision,
        "screen": screen_of(decision, language),
        "reasons": [reason["patient"][language] for reason in decision.reasons[:1]],
        "tone": TONES[Disposition(decision.disposition)],
        "soon": _is_soon(decision),
        "callback": promised_call(assessment.episode),
        "kept": kept_time(assessment.episode),
        "booked": booked,
        "waits": visitor.waits(request, assessment.episode),
        "zone": _zone(assessment),
        "bookable": bookable,
        "can_reach": visitor.draft(request) is not None,
        "whereabouts": assessment.whereabouts.exists(),
    }
    template = _TEMPLATES.get(Disposition(decision.disposition), "scheduling/patient/outcome.html")
    return render(request, template, page)


def screen_of(decision: Decision, language: str) -> Screen:
    """Return the words of a decision's screen."""
    return SCREENS[language]["CALLBACK_10" if _is_soon(decision) else decision.disposition]


def _is_soon(decision: Decision) -> bool:
    """Whether a clinician calls at once: who is not reached then goes to the emergency room, and calls nobody."""
    minutes = decision.within_minutes
    return decision.disposition == Disposition.CLINICIAN_CALLBACK and minutes is not None and minutes <= CALLBACK_NOW


def _zone(assessment: Assessment) -> str:
    """Return the zone in which the visitor reads a clock: the one of their ZIP code."""
    place = ZipCode.objects.filter(pk=assessment.zip or "").first()
    if place is not None:
        return place.zone
    return assessment.episode.center.zone if assessment.episode else "America/New_York"
