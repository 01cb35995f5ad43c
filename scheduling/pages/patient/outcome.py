"""What follows from the answers: one screen a disposition. An emergency leads to no slot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from clinic.models import LIVE_STEP, Episode, Step, StepKind, ZipCode
from scheduling.models import Appointment
from scheduling.pages.dispositions import TONES
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import language_of, patient_page
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
    page = {
        "assessment": assessment,
        "decision": decision,
        "screen": screen_of(decision, language),
        "reasons": [reason["patient"][language] for reason in decision.reasons[:1]],
        "tone": TONES[Disposition(decision.disposition)],
        "callback": _callback(assessment.episode),
        "kept": _kept(assessment.episode),
        "zone": _zone(assessment),
        "bookable": decision.disposition in BOOKABLE,
        "can_reach": visitor.draft(request) is not None,
        "whereabouts": assessment.whereabouts.exists(),
    }
    template = _TEMPLATES.get(Disposition(decision.disposition), "scheduling/patient/outcome.html")
    return render(request, template, page)


def screen_of(decision: Decision, language: str) -> Screen:
    """Return the words of a decision's screen."""
    minutes = decision.within_minutes
    soon = decision.disposition == Disposition.CLINICIAN_CALLBACK and minutes is not None and minutes <= CALLBACK_NOW
    return SCREENS[language]["CALLBACK_10" if soon else decision.disposition]


def _callback(episode: Episode | None) -> Step | None:
    """Return the call that was promised, with its due time."""
    if episode is None:
        return None
    calls = episode.steps.filter(status__in=LIVE_STEP, kind__in=(StepKind.CALLBACK, StepKind.ARRIVAL_CALL))
    return calls.order_by("due_at").first()


def _kept(episode: Episode | None) -> Appointment | None:
    """Return the slot that is kept beside a callback."""
    if episode is None:
        return None
    held = Appointment.objects.filter(episode=episode, status="held").select_related("center")
    return held.first()


def _zone(assessment: Assessment) -> str:
    """Return the zone in which the visitor reads a clock: the one of their ZIP code."""
    place = ZipCode.objects.filter(pk=assessment.zip or "").first()
    if place is not None:
        return place.zone
    return assessment.episode.center.zone if assessment.episode else "America/New_York"
