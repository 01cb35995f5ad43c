"""Licenses that run out soon, and who else may then act in that state."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinic import clock
from clinic.models import Center, License, Role

#: How far ahead a license that runs out is told of, in days: renewals take weeks.
WARN_DAYS = 60
#: From so many days on it is pressing.
PRESSING_DAYS = 7
MOST_DAYS = 3660
#: Of a state without a center.
_ELSEWHERE = "America/New_York"
_PRACTITIONERS = (Role.CLINICIAN, Role.PHYSICIAN)


@dataclass(frozen=True)
class Lapse:
    """A license that runs out, in how many days after today (0: tonight), and how many of the same role remain."""

    license: License
    days: int
    remaining: int

    @property
    def lapsed(self) -> bool:
        """Whether it counts no longer."""
        return self.days < 0

    @property
    def pressing(self) -> bool:
        """Whether somebody must act now."""
        return self.days <= PRESSING_DAYS or self.remaining == 0


def lapsing(*, within_days: int = WARN_DAYS) -> list[Lapse]:
    """Return the licenses of active staff that run out within so many days, or have: the first one on top.

    A license counts up to and including its last day; one that ran out is told of until it is renewed or removed.
    """
    todays = _todays()
    first, last = min(todays.values()), max(todays.values())
    others = (
        _in_force(first)
        .filter(state=OuterRef("state"), staff__role=OuterRef("staff__role"))
        .exclude(staff=OuterRef("staff"))
        .filter(expires_on__gt=OuterRef("expires_on"))
        .order_by()
        .values("state")
        .annotate(n=Count("pk"))
        .values("n")
    )
    soon = License.objects.filter(
        staff__is_active=True, staff__role__in=_PRACTITIONERS, expires_on__lte=last + timedelta(days=within_days)
    )
    rows = soon.select_related("staff__home_center").annotate(remaining=Coalesce(Subquery(others), 0))
    found = [
        Lapse(row, (row.expires_on - todays.get(row.state, last)).days, row.remaining)
        for row in rows.order_by("expires_on", "state", "staff_id")
    ]
    return [each for each in found if each.days <= within_days]


def count_lapsing(*, within_days: int = WARN_DAYS) -> int:
    """Return how many there are."""
    return len(lapsing(within_days=within_days))


def _todays() -> dict[str, date]:
    """The date of now in each state that has a center; of two zones the earlier one, for the license holds there."""
    todays: dict[str, date] = {"": clock.today(_ELSEWHERE)}
    for state, zone in Center.objects.values_list("state", "zone").distinct():
        todays[state] = min(todays.get(state, date.max), clock.today(zone))
    return todays


def _in_force(on: date) -> "QuerySet[License]":
    return License.objects.filter(Q(staff__is_active=True), expires_on__gte=on)
