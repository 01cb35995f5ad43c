"""Whose patients are whose, by visits: those of a center's calendar, and of where somebody works today."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from clinic import clock
from clinic.access import Actor
from clinic.selectors.belonging import Care, theirs
from scheduling.models import Appointment, ResourceDay

#: Somebody who is lent to another center for a day reads its charts on the day before and after as well.
AROUND = timedelta(days=1)


def _with(actor: Actor) -> "QuerySet[Any]":
    today = clock.now().date()
    lent = ResourceDay.objects.filter(
        resource__staff_id=actor.staff_id or 0, on__range=(today - AROUND, today + AROUND)
    )
    there = Q(center_id=actor.center_id) | Q(center_id__in=lent.values("center_id"))
    return Appointment.objects.filter(theirs(), there)


CARE = Care(anywhere=lambda: Appointment.objects.filter(theirs()), with_actor=_with)
