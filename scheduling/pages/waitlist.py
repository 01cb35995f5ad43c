"""Who waits for a time, in the order in which they are served, and what is offered to them now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import Invalid
from clinic.pages.access import back, staff_action, staff_page
from clinic.pages.live import live_response
from scheduling.waitlist import answering, joining, waits

#: How many of those who wait are shown.
SHOWN = 100
PAGE = "staff-waitlist"


@require_safe
@staff_page(Permission.WAIT)
def waitlist_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The line, first in line first, each with the offers that wait for an answer."""
    line = waits.in_line(waits.who_waits())
    page = {"entries": line[:SHOWN], "more": len(line) > SHOWN, "actor": actor}
    return live_response(request, "scheduling/staff/waitlist.html", "scheduling/staff/_waitlist.html", page)


@staff_action(Permission.WAIT)
def offer_accept(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The patient said yes on the telephone."""
    visit = answering.accept(actor, offer_id=_named(request, "offer"))
    messages.success(request, _("Booked: %(patient)s.") % {"patient": visit.patient})
    return back(request, PAGE)


@staff_action(Permission.WAIT)
def offer_decline(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The patient said no on the telephone."""
    answering.decline(actor, offer_id=_named(request, "offer"))
    messages.success(request, _("Noted. The time goes to the next in line."))
    return back(request, PAGE)


@staff_action(Permission.WAIT)
def entry_withdraw(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The patient waits no longer."""
    joining.withdraw(actor, entry_id=_named(request, "entry"))
    messages.success(request, _("They wait no longer. The episode's own next step stays."))
    return redirect(PAGE)


def _named(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    if not given.isdecimal() or len(given) > 18:
        raise Invalid(_("Look at the page again: this line is not there any more."))
    return int(given)
