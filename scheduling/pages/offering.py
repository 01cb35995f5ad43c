"""The part of a step's page that offers times to the patient, and its button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clinic.access import Actor, Permission, allowed
from clinic.models import Step
from clinic.pages.access import staff_action
from clinic.pages.beside import Panel
from scheduling.selectors.step_times import times_of, waits_for_a_time
from scheduling.services.offering import offer_times

#: How many times the page shows; the patient sees all of them.
SHOWN = 4


def offers_of_step(step: Step, actor: Actor) -> Panel | None:
    """Beside a step that waits for a visit: the first times within its window, and the text that offers them."""
    if not waits_for_a_time(step) or not allowed(actor, Permission.BOOK):
        return None
    return Panel("scheduling/staff/_offer_times.html", {"step": step, "slots": _first(step)})


def _first(step: Step) -> list[object]:
    return list(times_of(step, zip=step.episode.patient.zip, most=SHOWN))


@staff_action(Permission.BOOK)
def offer(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Have the times sent."""
    offer_times(actor, step_id=pk)
    messages.success(request, _("The times are on their way, with a link to choose one."))
    return redirect("staff-step", pk)
