"""The center's day: its visits in order, and what can be done with each."""

from collections import Counter

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import Center
from clinic.pages.access import staff_page
from clinic.pages.live import live_response
from clinic.pages.widgets import LongSelect
from scheduling.models import Appointment, AppointmentStatus
from scheduling.pages.day_board import board_of
from scheduling.pages.visit_presenter import as_line
from scheduling.selectors.day import opening_of, rooms_of, visits_of_day
from scheduling.selectors.running import running_day


class DayForm(forms.Form):
    """Whose day to show."""

    center = forms.ModelChoiceField(
        label=lazy("Center"),
        queryset=Center.objects.filter(active=True),
        to_field_name="code",
        empty_label=None,
        widget=LongSelect,
    )


@require_safe
@staff_page(Permission.READ_APPOINTMENTS)
def day_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Today at one center: one's own, unless another is asked for."""
    center = center_of(request.GET.get("center", ""), actor)
    today = clock.today(center.zone)
    visits = visits_of_day(center, today)
    now = clock.now()
    day = running_day(visits, now)
    lines = [as_line(visit, actor, now, day.expected.get(visit.pk)) for visit in visits]
    shown = {
        "center": center,
        "today": today,
        "now": now.replace(second=0, microsecond=0),
        "form": DayForm(initial={"center": center.code}),
        "lines": lines,
        # The first about which somebody here can do something now.
        "next": next((line for line in lines if line.buttons or line.wants_preliminary), None),
        "board": board_of(lines, rooms_of(center), opening_of(center, today), now),
        "late": day.late,
        "counts": _counts(visits),
        "actor": actor,
    }
    return live_response(request, "scheduling/staff/day.html", "scheduling/staff/_day.html", shown)


def center_of(code: str, actor: Actor) -> Center:
    """Return the center that was asked for, else the caller's own, else the first. Raises `NotFound`."""
    active = Center.objects.filter(active=True)
    if code:
        # An address may hold what no text in the database can.
        center = None if "\0" in code else active.filter(code=code).first()
    elif actor.center_id is not None:
        center = Center.objects.filter(pk=actor.center_id).first()
    else:
        center = active.first()
    if center is None:
        raise NotFound(_("There is no such center."))
    return center


def _counts(visits: list[Appointment]) -> list[tuple[str, str, int]]:
    """Return status, words and number, in the order of a visit's life, for those that occur."""
    counted = Counter(visit.status for visit in visits)
    return [(status.value, str(status.label), counted[status]) for status in AppointmentStatus if counted[status]]
