"""Before a visit is moved the danger signs are asked again; where one is there, help comes first."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.access import Actor
from scheduling.intake.asking_again import ask_signs
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import language_of, patient_page
from scheduling.pages.patient.outcome import shown_outcome
from scheduling.pages.patient.visit import own
from scheduling.pages.signs_form import SignsForm
from triage.models import Assessment, Occasion

#: For how long an answer counts as asked just now.
FRESH = timedelta(minutes=15)


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def signs(request: HttpRequest) -> HttpResponse:
    """Ask; then on to the other times, or to help."""
    actor, found = own(request)
    return ask_again(
        request,
        actor,
        episode_id=found.episode_id or 0,
        here="patient-signs",
        onward="patient-move",
        back="patient-visit",
    )


def ask_again(
    request: HttpRequest, actor: Actor, *, episode_id: int, here: str, onward: str, back: str = ""
) -> HttpResponse:
    """Ask the danger signs on the page ``here``; then on to ``onward``, or to help."""
    form = SignsForm(language_of(request), request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"form": form, "here": here, "back": back or onward, "moving": onward == "patient-move"}
        return render(request, "scheduling/patient/signs.html", page, status=400 if form.is_bound else 200)
    asked = ask_signs(
        actor,
        episode_id=episode_id,
        answers=form.answers(),
        occasion=Occasion.RESCHEDULE,
        language=language_of(request),
    )
    if asked.decision is not None:
        request.session[visitor.SIGNS] = asked.assessment.pk
        return redirect("patient-help")
    request.session[visitor.SIGNS_ASKED] = clock.now().isoformat()
    return redirect(onward)


@patient_page
@require_safe
def get_help(request: HttpRequest) -> HttpResponse:
    """The screen of what the signs led to. It stays; no times are shown on it."""
    assessment = (
        Assessment.objects.select_related("episode__center", "patient")
        .filter(pk=request.session.get(visitor.SIGNS, 0))
        .first()
    )
    return shown_outcome(request, assessment) if assessment else redirect("patient-visit")


def asked_just_now(request: HttpRequest) -> bool:
    """Whether this visitor has answered the danger signs within the last minutes."""
    at = request.session.get(visitor.SIGNS_ASKED)
    return at is not None and clock.now() - datetime.fromisoformat(at) < FRESH
