"""Where no time fits: the other ways, and the wait for the first one that does."""

import contextlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.errors import DomainError, Invalid
from scheduling.errors import AlreadyWaiting, WaitOver
from scheduling.intake.deciding import TO_EMERGENCY_CARE
from scheduling.intake.falling_back import fall_back
from scheduling.models import EntryStatus, OfferKind, VisitKind, WaitlistEntry
from scheduling.pages.patient import visitor
from scheduling.pages.patient.booking import details_form, registered
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.forms import DetailsForm, WaitForm
from scheduling.pages.patient.offers import by_center
from scheduling.pages.patient.refusals import put_on
from scheduling.pages.patient.visit import own
from scheduling.pages.patient.wishes import Wish, wish
from scheduling.states import MOVABLE
from scheduling.waitlist.joining import Terms, join, withdraw
from scheduling.waitlist.waits import shown_entries
from scheduling.waitlist.ways import ways_forward


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def none_in_time(request: HttpRequest) -> HttpResponse:
    """No time shown is in time any more: the ways that are left; on POST what the rule says then.

    A better time may have come free meanwhile: then that is shown.
    """
    wanted = wish(request)
    if wanted is None or wanted.episode is None:
        return redirect("patient-landing")
    if request.method == "POST":
        decided = fall_back(visitor.actor(request), episode_id=wanted.episode.pk)
        return redirect("patient-outcome" if decided else "patient-slots")
    if wanted.deadline is None:
        return redirect("patient-slots")
    ways = ways_forward(wanted.episode.pk)
    if ways.near:
        return redirect("patient-slots")
    to_care = ways.fallback is not None and ways.fallback.disposition in TO_EMERGENCY_CARE
    page = {"wish": wanted, "ways": ways, "offers": by_center(ways.further), "to_care": to_care}
    return render(request, "scheduling/patient/none.html", page)


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest) -> HttpResponse:
    """Ask how soon they can come, and put them on the list. What a rule says of a rule-out is not put off by that."""
    wanted = wish(request)
    if wanted is None:
        return redirect("patient-landing")
    waits = _entry(request)
    if waits is not None and wanted.episode is not None and waits.episode_id == wanted.episode.pk:
        return redirect("patient-waiting")
    given = request.POST if request.method == "POST" else None
    form, details = WaitForm(given), details_form(request, wanted)
    if given is not None and form.is_valid() and (details is None or details.is_valid()):
        try:
            return _joined(request, wanted, form.cleaned_data, details)
        except AlreadyWaiting:
            return _waits_already(request, wanted)
        except Invalid as refused:
            put_on(details or form, refused)
        except DomainError as refused:
            messages.error(request, _(refused.detail))
            return redirect("patient-slots")
    page = {"wish": wanted, "form": form, "details": details}
    return render(request, "scheduling/patient/wait.html", page, status=200 if given is None else 400)


@patient_page
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """How the wait stands: what for, until when, and the time that is offered now."""
    entry = _entry(request)
    if entry is None:
        return redirect("patient-slots")
    offer = next((each for each in entry.open_offers if each.kind == OfferKind.SLOT), None)
    page = {"entry": entry, "offer": offer, "zone": entry.episode.center.zone}
    return render(request, "scheduling/patient/waiting.html", page)


@patient_page
@require_POST
def wait_no_longer(request: HttpRequest) -> HttpResponse:
    """Leave the list; the visit that they have stays."""
    entry = _entry(request)
    if entry is not None:
        with contextlib.suppress(WaitOver):
            withdraw(visitor.actor(request), entry_id=entry.pk)
        request.session.pop(visitor.WAIT, None)
        messages.success(request, _("You are off the list. Nothing else has changed."))
    return redirect("patient-visit" if entry is not None and entry.visit_id else "patient-slots")


@patient_page
@require_POST
def sooner(request: HttpRequest) -> HttpResponse:
    """Wait for an earlier time than that of one's own visit, which stays until there is one."""
    actor, found = own(request)
    if found.status not in MOVABLE or found.episode is None or found.patient is None:
        return redirect("patient-visit")
    form = WaitForm(request.POST)
    form.is_valid()
    terms = Terms(
        visit_type=found.visit_type,
        zip=found.patient.zip,
        latest=found.starts_at,
        short_notice=bool(form.cleaned_data.get("short_notice")) or found.visit_type.kind == VisitKind.DVT_SCAN,
        visit_id=found.pk,
    )
    try:
        entry = join(actor, patient=found.patient, episode=found.episode, terms=terms)
    except AlreadyWaiting:
        pass
    except DomainError as refused:
        messages.error(request, _(refused.detail))
    else:
        request.session[visitor.WAIT] = entry.pk
        messages.success(request, _("You are on the list. We text you when an earlier time comes free."))
    return redirect("patient-visit")


def _joined(request: HttpRequest, wanted: Wish, given: dict[str, Any], details: DetailsForm | None) -> HttpResponse:
    patient = wanted.patient or registered(request, wanted, details)
    terms = Terms(
        visit_type=wanted.visit_type,
        zip=wanted.zip,
        short_notice=wanted.urgent or given["short_notice"],
    )
    entry = join(visitor.actor(request), patient=patient, episode=wanted.episode, terms=terms)
    request.session[visitor.WAIT] = entry.pk
    request.session.pop(visitor.CONSULT_ZIP, None)
    request.session.pop(visitor.NEEDS, None)
    if wanted.deadline is not None and wanted.episode is not None:
        decided = fall_back(visitor.actor(request), episode_id=wanted.episode.pk)
        if decided is not None:
            return redirect("patient-outcome")
    return redirect("patient-waiting")


def _waits_already(request: HttpRequest, wanted: Wish) -> HttpResponse:
    entry = WaitlistEntry.objects.filter(episode=wanted.episode, status=EntryStatus.WAITING).first()
    if entry is not None:
        request.session[visitor.WAIT] = entry.pk
    return redirect("patient-waiting")


def _entry(request: HttpRequest) -> Any:
    """Return the entry that waits, with its open offers: this browser's, or that of the visit which it has proven."""
    waits = shown_entries().filter(status=EntryStatus.WAITING)
    if pk := request.session.get(visitor.WAIT):
        return waits.filter(pk=pk).first()
    found = visitor.visit(request)
    return waits.filter(visit=found[1]).first() if found else None
