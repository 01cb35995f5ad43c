"""The demo's clock: how far to move it. Production has no such page."""

from datetime import timedelta
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic import clock
from clinic.access import Actor, Permission
from clinic.pages.access import Door, staff_page
from clinic.pages.errors import refusals_in
from clinic.services.time_travel import FURTHEST, advance_to

UNITS = {"minutes": lazy("minutes"), "hours": lazy("hours"), "days": lazy("days")}


class ClockForm(forms.Form):
    """By how much the clock moves."""

    amount = forms.IntegerField(
        label=lazy("Move forward by"), min_value=1, max_value=FURTHEST.days * 24 * 60, initial=1
    )
    unit = forms.ChoiceField(label=lazy("Unit"), choices=list(UNITS.items()), initial="hours")

    def span(self) -> timedelta:
        """The time to move by."""
        return timedelta(**{self.cleaned_data["unit"]: self.cleaned_data["amount"]})


def _where_movable(door: Door) -> Door:
    @wraps(door)
    def only_there(request: HttpRequest) -> HttpResponse:
        if not settings.CLOCK_MOVABLE:
            raise Http404
        return door(request)

    return only_there


@_where_movable
@staff_page(Permission.MOVE_CLOCK)
def clock_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what time it is here, and move on: the clock stops wherever something falls due until that is done."""
    form = ClockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            moved = advance_to(actor, to=clock.now() + form.span())
            messages.success(request, _("The clock was moved, with %(stops)s stops on the way.") % moved)
            return redirect("staff-clock")
    ahead = clock.offset()
    shown = {"form": form, "now": clock.now(), "ahead_days": ahead.days, "ahead_hours": ahead.seconds // 3600}
    return render(request, "clinic/staff/clock.html", shown, status=422 if form.errors else 200)
