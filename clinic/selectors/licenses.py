"""Licenses that run out soon, and who else may then act in that state."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinic import clock
from clinic.models import License, Role

#: How far ahead a license that runs out is told of, in days: renewals take weeks.
WARN_DAYS = 60
#: From so many days on it is pressing.
PRESSING_DAYS = 7
MOST_DAYS = 3660
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
    today = clock.now().date()
    others = (
        _in_force(today)
        .filter(state=OuterRef("state"), staff__role=OuterRef("staff__role"))
        .exclude(staff=OuterRef("staff"))
        .filter(expires_on__gt=OuterRef("expires_on"))
        .order_by()
        .values("state")
        .annotate(n=Count("pk"))
        .values("n")
    )
    soon = License.objects.filter(
        staff__is_active=True, staff__role__in=_PRACTITIONERS, expires_on__lte=today + timedelta(days=within_days)
    )
    rows = soon.select_related("staff__home_center").annotate(remaining=Coalesce(Subquery(others), 0))
    return [
        Lapse(row, (row.expires_on - today).days, row.remaining)
        for row in rows.order_by("expires_on", "state", "staff_id")
    ]


def count_lapsing(*, within_days: int = WARN_DAYS) -> int:
    """Return how many there are."""
    until = clock.now().date() + timedelta(days=within_days)
    found = License.objects.filter(staff__is_active=True, staff__role__in=_PRACTITIONERS, expires_on__lte=until)
    return found.count()


def _in_force(on: date) -> "QuerySet[License]":
    return License.objects.filter(Q(staff__is_active=True), expires_on__gte=on)
