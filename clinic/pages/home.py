"""Where staff arrive: what waits for them, and where they can go."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission, allowed
from clinic.models import LIVE_STEP, Step
from clinic.pages.access import staff_page
from clinic.selectors.licenses import WARN_DAYS, count_lapsing


@require_safe
@staff_page(None)
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The role's home: its own steps counted, and the pages it may see."""
    waiting = _waiting(actor) if allowed(actor, Permission.READ_STEPS) else None
    lapses = count_lapsing(within_days=WARN_DAYS) if allowed(actor, Permission.READ_PEOPLE) else 0
    return render(request, "clinic/staff/home.html", {"actor": actor, "waiting": waiting, "lapses": lapses})


def _waiting(actor: Actor) -> dict[str, int]:
    """Count the live steps of the actor's role, those of the actor alone, and what of either is overdue."""
    mine = Q(owner_id=actor.staff_id)
    for_role = Q(owner=None, owner_role=actor.role)
    if actor.center_id is not None:
        for_role &= Q(center_id=actor.center_id)
    counted: dict[str, int] = Step.objects.filter(mine | for_role, status__in=LIVE_STEP).aggregate(
        mine=Count("pk", filter=mine),
        role=Count("pk", filter=for_role),
        overdue=Count("pk", filter=Q(due_at__lt=clock.now())),
    )
    return counted
