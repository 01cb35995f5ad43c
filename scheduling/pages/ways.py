"""All the ways forward of one episode, each with its button: for whoever has the patient on the line."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import Conflict
from clinic.models import ChartPage
from clinic.pages.access import back, staff_action, staff_page
from clinic.services.charts import read_chart
from scheduling.intake.falling_back import fall_back
from scheduling.models import OverbookReason
from scheduling.pages.patient.choosing import chosen
from scheduling.services.asking_clinician import ask_for_add_on
from scheduling.services.booking import book
from scheduling.services.wanted import SlotChoice
from scheduling.waitlist.joining import Terms, join
from scheduling.waitlist.offering import ask_to_move
from scheduling.waitlist.overbooking import overbook
from scheduling.waitlist.ways import Ways, ways_forward
from triage.models import Disposition


@never_cache
@require_safe
@staff_page(Permission.SEARCH_SLOTS)
def ways_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What can be done for an episode now."""
    ways = ways_forward(pk)
    read_chart(actor, patient_id=ways.episode.patient_id, page=ChartPage.EPISODE, episode_id=pk)
    return render(request, "scheduling/staff/ways.html", shown(actor, ways))


def shown(actor: Actor, ways: Ways | None) -> dict[str, object]:
    """Return the ways with what their buttons need."""
    fallback = ways.fallback if ways else None
    words = Disposition(fallback.disposition).label if fallback else ""
    return {"actor": actor, "ways": ways, "reasons": OverbookReason.choices, "fallback_words": words}


@staff_action(Permission.BOOK)
def ways_book(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Book one of the times."""
    ways = _urgent_or_not(pk)
    if ways.visit_type is None:
        raise Conflict(_("Nothing waits to be booked here."), code="nothing_to_book")
    slot = SlotChoice(ways.visit_type, *chosen(request), ways.needs)
    book(actor, patient=ways.episode.patient, slot=slot, episode=ways.episode)
    messages.success(request, _("Booked."))
    return _back(request, pk)


@staff_action(Permission.WAIT)
def ways_wait(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Put the patient on the waitlist."""
    ways = _urgent_or_not(pk)
    if ways.visit_type is None:
        raise Conflict(_("Nothing waits to be booked here."), code="nothing_to_book")
    short_notice = ways.urgent or request.POST.get("short_notice") == "yes"
    terms = Terms(visit_type=ways.visit_type, zip=ways.zip or ways.episode.patient.zip, short_notice=short_notice)
    join(actor, patient=ways.episode.patient, episode=ways.episode, terms=terms)
    messages.success(request, _("On the waitlist. What the episode owes the patient stays as it is."))
    return _back(request, pk)


@staff_action(Permission.WAIT)
def ways_move(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask a willing routine patient to make room; whoever needs it is put on the waitlist first."""
    ways = _urgent_or_not(pk)
    entry = ways.entry
    if entry is None and ways.visit_type is not None:
        terms = Terms(visit_type=ways.visit_type, zip=ways.zip, short_notice=True)
        entry = join(actor, patient=ways.episode.patient, episode=ways.episode, terms=terms)
    if entry is None:
        raise Conflict(_("Nothing waits to be booked here."), code="nothing_to_book")
    visit = request.POST.get("visit", "")
    offer = ask_to_move(actor, entry_id=entry.pk, visit_id=int(visit) if visit.isdecimal() else None)
    messages.success(request, _("Asked %(patient)s by text. Phone them too.") % {"patient": offer.patient})
    return _back(request, pk)


@staff_action(Permission.OVERBOOK)
def ways_overbook(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Add the rule-out on, in the name of who presses the button."""
    ways = _urgent_or_not(pk)
    center, starts_at = chosen(request)
    reason = request.POST.get("reason", "")
    visit = overbook(actor, episode=ways.episode, center=center, starts_at=starts_at, reason=reason)
    messages.success(request, _("Added on: %(patient)s.") % {"patient": visit.patient})
    return _back(request, pk)


@staff_action(Permission.BOOK)
def ways_ask(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Have a clinician decide on an add-on."""
    ask_for_add_on(actor, episode_id=pk)
    messages.success(request, _("A clinician has it on the worklist now, due in ten minutes."))
    return _back(request, pk)


@staff_action(Permission.ASSESS)
def ways_fallback(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Nothing is in time: what the rule says then."""
    if fall_back(actor, episode_id=pk) is None:
        messages.info(request, _("A time in time is free, or nothing was promised: nothing has changed."))
    else:
        messages.warning(request, _("No time is in time any more: another decision is in force."))
    return _back(request, pk)


def _urgent_or_not(pk: int) -> Ways:
    ways = ways_forward(pk)
    if ways.to_care:
        raise Conflict(_("This patient was sent to emergency care."), code="sent_to_emergency_care")
    return ways


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    return back(request, "staff-home") if request.POST.get("next") else redirect("staff-ways", pk)
