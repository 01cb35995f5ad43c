"""The representative's console: who calls, the script, and who waits to be called or booked."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.models import StepKind
from clinic.pages.access import staff_page
from clinic.pages.live import live_response
from clinic.pages.patient_forms import SearchForm
from clinic.pages.step_presenter import as_line
from clinic.selectors.steps import live

#: How many of those who wait are shown; the worklist has the rest.
SHOWN = 25
WAITING = (
    StepKind.CALLBACK,
    StepKind.ARRIVAL_CALL,
    StepKind.BOOKING,
    StepKind.CONTACT,
    StepKind.SELF_CARE_CHECK,
    StepKind.REFERRER_TIME,
)


@require_safe
@staff_page(Permission.ASSESS)
def console(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Search, begin an intake, and see the callbacks and bookings that wait, the most pressing first."""
    now = clock.now()
    waiting = live().filter(kind__in=WAITING)[: SHOWN + 1]
    lines = [as_line(step, now) for step in waiting]
    context = {"form": SearchForm(), "lines": lines[:SHOWN], "more": len(lines) > SHOWN, "actor": actor}
    return live_response(request, "scheduling/staff/console.html", "scheduling/staff/_console.html", context)
