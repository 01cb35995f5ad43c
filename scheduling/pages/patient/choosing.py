"""The slots, and keeping one of them."""

from datetime import MAXYEAR, MINYEAR, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.errors import Conflict, Invalid, NotFound
from clinic.models import Center
from scheduling.models import Appointment
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import begin_anew, patient_page
from scheduling.pages.patient.offers import Offer, offers
from scheduling.pages.patient.wishes import Wish, wish
from scheduling.selectors import named
from scheduling.selectors.step_times import window_of
from scheduling.services.holding import hold_slot
from scheduling.services.wanted import SlotChoice


@patient_page
@require_safe
def slots(request: HttpRequest) -> HttpResponse:
    """Show the times that can be booked, best first; nothing to whom was told to seek emergency care."""
    wanted = wish(request)
    if wanted is None:
        return redirect("patient-check" if visitor.assessment(request) else "patient-landing")
    if booked := _booked(request, wanted):
        request.session[visitor.VISIT] = booked.pk
        return redirect("patient-visit")
    widely = request.GET.get("all") == "yes"
    found = _offers(wanted, widely=widely)[:12]
    page = {
        "wish": wanted,
        "offers": found,
        "all_today": all(offer.today for offer in found),
        "deadline": wanted.deadline,
        "widely": widely,
        "none_in_time": wanted.deadline is not None and not found,
        "back": _back(wanted),
    }
    return render(request, "scheduling/patient/slots.html", page)


@patient_page
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Keep a time for ten minutes, or say that somebody was first and show the next ones."""
    wanted = wish(request)
    if wanted is None:
        return begin_anew(request, "patient-landing")
    try:
        choice = SlotChoice(wanted.visit_type, *chosen(request), wanted.needs)
        _refuse_outside(wanted, choice)
        kept = hold_slot(visitor.actor(request), slot=choice)
    except (Conflict, Invalid, NotFound):
        messages.warning(request, _("That time was just taken. Nothing is lost: here are the next ones."))
        return redirect("patient-slots")
    request.session[visitor.HOLD] = kept.pk
    return redirect("patient-kept")


def chosen(request: HttpRequest) -> tuple[Center, datetime]:
    """Return the center and start that a button named. Raises `Invalid` or `NotFound`."""
    try:
        starts_at = parse_datetime(request.POST.get("starts_at", ""))
    except ValueError:
        starts_at = None
    # In the first and the last year there is no hour later or earlier, by the clocks of some zone, to reckon with.
    if starts_at is None or starts_at.tzinfo is None or not MINYEAR < starts_at.year < MAXYEAR:
        raise Invalid(fields={"starts_at": "Choose a time."})
    return named.center(request.POST.get("center", "")), starts_at


def _refuse_outside(wanted: Wish, choice: SlotChoice) -> None:
    """Refuse a start that the page never showed: outside the window of the follow-up's step, or past the deadline."""
    its_type, at = choice.visit_type, choice.starts_at
    result_at = at + timedelta(minutes=its_type.minutes + its_type.reading_minutes)
    outside = wanted.step is not None and not window_of(wanted.step).holds(at)
    late = wanted.deadline is not None and not wanted.deadline.met_by(at, result_at, choice.center.zone)
    if outside or late or (wanted.latest is not None and at > wanted.latest):
        raise Invalid(fields={"starts_at": "This lies outside the time in which the visit may be."})


def _offers(wanted: Wish, *, widely: bool) -> list[Offer]:
    window = window_of(wanted.step) if wanted.step else None
    return offers(
        wanted.visit_type,
        zip=wanted.zip,
        needs=wanted.needs,
        deadline=wanted.deadline,
        from_=window.from_ if window else None,
        until=window.until if window else wanted.latest,
        widely=widely,
    )


def _booked(request: HttpRequest, wanted: Wish) -> Appointment | None:
    """Return the visit that this wish led to already: a back button books nothing twice."""
    if wanted.episode is None or wanted.step is not None:
        return None
    ahead = Appointment.objects.filter(
        episode=wanted.episode, visit_type=wanted.visit_type, status__in=("booked", "confirmed")
    )
    return ahead.order_by("-id").first()


def _back(wanted: Wish) -> str:
    """Return the page that led here."""
    if wanted.step is not None:
        return "patient-follow-up"
    return "patient-outcome" if wanted.episode is not None else "patient-consultation"
