"""An offer of a time, to be answered: seen by a link that was proven, or by whoever waits in this browser."""

import contextlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.access import Actor, patient_actor
from clinic.errors import DomainError, NotFound
from clinic.models import LinkPurpose
from clinic.selectors.patients import staying
from scheduling.errors import OfferOver, PatientBusy
from scheduling.models import Offer, OfferKind, OfferStatus
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.signs import ask_again, asked_just_now
from scheduling.waitlist.answering import accept, decline
from scheduling.waitlist.waits import offer as find_offer


@patient_page
@require_safe
def offer_page(request: HttpRequest) -> HttpResponse:
    """What is offered and until when; what became of it where it is over. Looking at it answers nothing."""
    _actor, offer = own_offer(request)
    over = offer.status != OfferStatus.OPEN or offer.expires_at <= clock.now()
    page = {
        "offer": offer,
        "over": over,
        "accepted": offer.status == OfferStatus.ACCEPTED,
        "move": offer.kind == OfferKind.MOVE,
        "asked": asked_just_now(request),
        "zone": offer.center.zone,
        "own_visit": over and visitor.visit(request) is not None,
    }
    return render(request, "scheduling/patient/offer.html", page)


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def offer_signs(request: HttpRequest) -> HttpResponse:
    """The danger signs come before a time, as at every later contact."""
    actor, offer = own_offer(request)
    visit = offer.visit if offer.kind == OfferKind.MOVE else None
    episode_id = visit.episode_id if visit and visit.episode_id else offer.entry.episode_id
    return ask_again(request, actor, episode_id=episode_id, here="patient-offer-signs", onward="patient-offer")


@patient_page
@require_POST
def take_offer(request: HttpRequest) -> HttpResponse:
    """Yes: the visit is booked, or moved."""
    actor, offer = own_offer(request)
    if offer.status == OfferStatus.OPEN and not asked_just_now(request):
        return redirect("patient-offer-signs")
    try:
        visit = accept(actor, offer_id=offer.pk)
    except OfferOver:
        return redirect("patient-offer")
    except PatientBusy:
        messages.error(request, _("There is another visit at that time already. Please choose another time."))
        return redirect("patient-offer")
    except DomainError as refused:
        messages.error(request, _(refused.detail))
        return redirect("patient-offer")
    request.session.pop(visitor.WAIT, None)
    request.session[visitor.VISIT] = visit.pk
    messages.success(request, _("Thank you. Here is your time; a text with it is on its way."))
    return redirect("patient-visit")


@patient_page
@require_POST
def leave_offer(request: HttpRequest) -> HttpResponse:
    """No: the time goes to somebody else, and whatever they have stays."""
    actor, offer = own_offer(request)
    with contextlib.suppress(OfferOver):
        decline(actor, offer_id=offer.pk)
    return redirect("patient-offer")


def own_offer(request: HttpRequest) -> tuple[Actor, Offer]:
    """Return who answers and the offer open in this browser, or raise `NotFound`."""
    link = visitor.proven(request, LinkPurpose.OFFER)
    if link is not None:
        offer = find_offer(link.subject_id)
        if not visitor.is_theirs(link, offer.patient):
            raise NotFound(code="link_unknown")
        return patient_actor(staying(link.patient).pk), offer
    entry = request.session.get(visitor.WAIT)
    latest = Offer.objects.filter(entry_id=entry or 0, kind=OfferKind.SLOT).order_by("-id").first()
    if latest is None:
        raise NotFound(code="link_unknown")
    return visitor.actor(request), find_offer(latest.pk)
