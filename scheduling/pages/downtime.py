"""The center's downtime sheet: of when it is, and the file to print and keep."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission, allowed
from clinic.pages.access import staff_page
from scheduling.downtime.serving import sheet_response
from scheduling.models import DowntimeSheet
from scheduling.pages.day import DayForm, center_of
from scheduling.selectors.day import visits_of_day
from scheduling.services.pulse import last_downtime
from scheduling.services.sheets import stale_centers


@require_safe
@never_cache
@staff_page(Permission.READ_APPOINTMENTS)
def downtime_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One center's sheet: its own, unless another is asked for."""
    center = center_of(request.GET.get("center", ""), actor)
    today = clock.today(center.zone)
    shown = {
        "may_enter": allowed(actor, Permission.RUN_VISIT),
        # The latest on top: what was missed is of the last hours.
        "visits": [
            visit for day in (today, today - timedelta(days=1)) for visit in reversed(visits_of_day(center, day))
        ],
        "down": last_downtime(),
        "center": center,
        "form": DayForm(initial={"center": center.code}),
        "sheet": DowntimeSheet.objects.filter(center=center).defer("content").first(),
        "now": clock.now(),
    }
    return render(request, "scheduling/staff/downtime.html", shown)


@require_safe
@never_cache
@staff_page(Permission.READ_APPOINTMENTS)
def downtime_sheet(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The sheet itself."""
    return sheet_response(code)


def sheets_are_stale() -> str:
    """The words of the notice while sheets are older than they may be, else nothing."""
    stale = stale_centers()
    if not stale:
        return ""
    named = ", ".join(center.code for center in stale[:5]) + (", …" if len(stale) > 5 else "")
    return ngettext(
        "The downtime sheet of %(n)s center is older than 20 minutes (%(named)s). Tell an administrator.",
        "The downtime sheets of %(n)s centers are older than 20 minutes (%(named)s). Tell an administrator.",
        len(stale),
    ) % {"n": len(stale), "named": named}
