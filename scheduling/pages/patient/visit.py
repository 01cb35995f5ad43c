"""One's own visit: seen, confirmed, cancelled, put into the calendar. Every change is a POST."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.access import Actor
from clinic.errors import NotFound, StaleState
from clinic.models import Link, LinkPurpose
from clinic.phones import national
from clinic.services import links
from scheduling.ics import Entry, calendar
from scheduling.models import Appointment, AppointmentStatus, EntryStatus, VisitKind
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.forms import WaitForm
from scheduling.pages.patient.promises import promised_call
from scheduling.services import visits
from scheduling.states import MOVABLE

#: The way to an address from wherever a phone is: opens its own map. It says where, and nothing of why.
DIRECTIONS = "https://www.google.com/maps/dir/?"
#: How long after the visit its link still opens it.
LINK_LIFE = timedelta(days=2)


@patient_page
@require_safe
def visit(request: HttpRequest) -> HttpResponse:
    """When, where, what to bring, and what can still be changed."""
    _, found = own(request)
    address = f"{found.center.street}, {found.center.city}, {found.center.state} {found.center.zip}"
    over = found.status in (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)
    changeable = found.status in MOVABLE
    page = {
        "visit": found,
        "scan": found.visit_type.kind in (VisitKind.DVT_SCAN, VisitKind.REPEAT_SCAN),
        "consult": found.visit_type.kind == VisitKind.CONSULT,
        "changeable": changeable,
        "over": over,
        "callback": promised_call(found.episode) if over else None,
        "address": address,
        "directions": DIRECTIONS + urlencode({"api": "1", "destination": address}),
        "manage": _manage(found) if changeable else "",
        "urgent": found.visit_type.kind == VisitKind.DVT_SCAN,
        "waits": changeable and found.waits.filter(status=EntryStatus.WAITING).exists(),
        "sooner": WaitForm(),
    }
    return render(request, "scheduling/patient/visit.html", page)


@patient_page
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The patient will come."""
    actor, found = own(request)
    if found.status != AppointmentStatus.CONFIRMED:
        try:
            visits.confirm(actor, appointment_id=found.pk)
        except StaleState:
            messages.warning(request, _("This visit was changed in the meantime. Here is how it stands now."))
    return redirect("patient-visit")


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponse:
    """Ask whether it is meant, then cancel on POST."""
    actor, found = own(request)
    if found.status not in MOVABLE:
        return redirect("patient-visit")
    if request.method != "POST":
        urgent = found.visit_type.kind == VisitKind.DVT_SCAN
        return render(request, "scheduling/patient/cancel.html", {"visit": found, "urgent": urgent})
    try:
        visits.cancel(actor, appointment_id=found.pk, reason="by_patient")
    except StaleState:
        messages.warning(request, _("This visit was changed in the meantime. Here is how it stands now."))
    return redirect("patient-visit")


@patient_page
@require_safe
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The visit for the phone's calendar."""
    _, found = own(request)
    center, cancelled = found.center, found.status == AppointmentStatus.CANCELLED
    text = calendar(
        Entry(
            # By the address that we give out, whatever the one by which the patient came: a calendar knows it by this.
            uid=f"visit-{found.pk}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}",
            # That it was cancelled is a revision of its own (RFC 5546, section 2.1.4).
            sequence=found.sequence + cancelled,
            stamped_at=clock.now(),
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            summary=gettext_visit(),
            location=f"{center.name}, {center.street}, {center.city}, {center.state} {center.zip}",
            description=national(center.phone),
            cancelled=cancelled,
        )
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def gettext_visit() -> str:
    """Return what a calendar shows of a visit: no clinical word."""
    return _("Visit at Vein Center")


def own(request: HttpRequest) -> tuple[Actor, Appointment]:
    """Return who acts and the visit open in this browser, or raise `NotFound`."""
    found = visitor.visit(request)
    if found is None:
        raise NotFound(_("Open the link in our text message again to see your visit."), code="visit_unknown")
    return found


def _manage(found: Appointment) -> str:
    """Return the address that opens the visit from anywhere, with the birth date."""
    link = Link.objects.filter(purpose=LinkPurpose.VISIT, subject_id=found.pk, patient=found.patient_id or 0).first()
    return links.url(link) if link else ""
