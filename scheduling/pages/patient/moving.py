"""Moving one's own visit to another time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.access import Actor
from clinic.errors import Conflict, Invalid, NotFound
from scheduling.errors import PastDeadline, PatientBusy
from scheduling.models import Appointment, VisitKind
from scheduling.needs import NO_NEEDS, Needs
from scheduling.pages.patient.choosing import chosen
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.offers import Offer, offers
from scheduling.pages.patient.signs import asked_just_now
from scheduling.pages.patient.visit import own
from scheduling.pages.patient.wishes import needs_in
from scheduling.selectors.deadlines import of_episode
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.step_times import Window, window_of
from scheduling.services.asking_clinician import ask_clinician
from scheduling.services.rescheduling import reschedule
from scheduling.states import MOVABLE
from scheduling.templatetags.patient_times import zoned_hour
from triage.selectors import intake_of


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    """Show other times, or move the visit to the one chosen: it keeps its old time until the new one is taken."""
    actor, found = own(request)
    if found.status not in MOVABLE:
        return redirect("patient-visit")
    if found.episode_id and not asked_just_now(request):
        return redirect("patient-signs")
    if request.method != "POST":
        return render(request, "scheduling/patient/move.html", {"visit": found, "offers": _offers(found)[:12]})
    try:
        center, starts_at = chosen(request)
        _refuse_outside_window(found, starts_at)
        reschedule(actor, appointment_id=found.pk, starts_at=starts_at, center=center)
    except PastDeadline:
        _ask_clinician(request, actor, found)
    except PatientBusy:
        messages.error(request, _("There is another visit at that time already. Please choose another time."))
    except (Conflict, Invalid, NotFound):
        messages.warning(request, _("That time was just taken. Your visit stays as it was; here are the next ones."))
    else:
        messages.success(request, _("Your visit was moved. We send you a text with the new time."))
        return redirect("patient-visit")
    return redirect("patient-move")


def _refuse_outside_window(found: Appointment, starts_at: datetime) -> None:
    """Keep the visit of a follow-up within its step's window, as where it was booked: past it is a clinician's word."""
    window = _window(found)
    if window is None or window.holds(starts_at):
        return
    if starts_at <= window.until:
        raise Invalid(fields={"starts_at": "This is too early."})
    # An earlier time than the present one is always an improvement.
    if starts_at > found.starts_at:
        raise PastDeadline


def _window(found: Appointment) -> Window | None:
    """Return the span in which the visit's step may begin; None where it has none."""
    step = found.step
    return window_of(step) if step is not None and step.window_end is not None else None


def _ask_clinician(request: HttpRequest, actor: Actor, found: Appointment) -> None:
    """Say no, and who calls by when: only a clinician may choose a time past the deadline."""
    step = ask_clinician(actor, appointment_id=found.pk)
    when = zoned_hour((step.due_at or clock.now()).astimezone(ZoneInfo(found.center.zone)))
    sentence = _("That is later than is safe for you. A clinician calls you by %(when)s. Until then your visit stays.")
    messages.error(request, sentence % {"when": when})


def _offers(found: Appointment) -> list[Offer]:
    episode, window = found.episode, _window(found)
    urgent = found.visit_type.kind == VisitKind.DVT_SCAN
    return offers(
        found.visit_type,
        zip=found.patient.zip if found.patient else found.center.zip,
        needs=(_needs(found) if urgent else NO_NEEDS) | Needs.named(found.needs) | needs_of_patient(found.patient_id),
        deadline=of_episode(episode) if episode and urgent else None,
        from_=window.from_ if window else None,
        until=window.until if window else None,
    )


def _needs(found: Appointment) -> Needs:
    assessment = intake_of(found.episode) if found.episode else None
    return needs_in(assessment) if assessment else NO_NEEDS
