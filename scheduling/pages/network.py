"""The manager's view of all centers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.pages.access import staff_page
from scheduling.selectors.network import network_today


@require_safe
@staff_page(Permission.VIEW_NETWORK)
def network_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Each center's day, overdue steps and open results, with the network's sums on top."""
    rows = network_today(clock.now())
    totals = {
        "visits": sum(row.total for row in rows),
        "here": sum(row.here for row in rows),
        "no_shows": sum(row.visits["no_show"] for row in rows),
        "overdue": sum(row.overdue for row in rows),
        "open_results": sum(row.open_results for row in rows),
    }
    return render(request, "scheduling/staff/network.html", {"rows": rows, "totals": totals, "actor": actor})
