"""Reading orders, and the directory of practices."""

from django.db.models import QuerySet

from clinic.errors import NotFound
from clinic.models import DDimer, Episode, Order, OrderStatus, Practice

#: How many practices are offered while an NPI is typed.
OFFERED = 10


def orders_of(episode_id: int) -> QuerySet[Order]:
    """Return an episode's orders, the last one first. Raises `NotFound`."""
    if not Episode.objects.filter(pk=episode_id).exists():
        raise NotFound("No such episode.")
    return Order.objects.filter(episode_id=episode_id).select_related("signed_by", "step").order_by("-id")


def practices_like(npi: str) -> list[Practice]:
    """Return practices whose NPI begins with these digits."""
    return list(Practice.objects.filter(npi__startswith=npi).order_by("npi")[:OFFERED])


def practice_of(npi: str) -> Practice | None:
    """Return the practice with an NPI, or None."""
    return Practice.objects.filter(npi=npi).first() if npi.isascii() and npi.isdecimal() else None


def d_dimer_of(episode: Episode) -> str:
    """Return what the episode's orders say of a D-dimer, as a plan takes it; a positive one outweighs a negative."""
    in_force = Order.objects.filter(episode=episode).exclude(status=OrderStatus.AMENDED)
    said = set(in_force.values_list("d_dimer", flat=True))
    return next((each.value for each in (DDimer.POSITIVE, DDimer.NEGATIVE) if each in said), "unknown")
