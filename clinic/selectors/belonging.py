"""Whose chart is whose: which patients the staff of a center look after. Each app adds what it knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from clinic import clock
from clinic.access import Actor
from clinic.models import LIVE_STEP, ActorKind, ChartOpening, Episode, Patient, Role, Staff, Step

#: Who looks after the patients of their own center. Representatives answer the whole network's lines, physicians read
#: for every center, and whoever belongs to no center (on call, remote) serves all.
AT_A_CENTER = frozenset({Role.SONOGRAPHER, Role.CLINICIAN, Role.MANAGER})


@dataclass(frozen=True)
class Care:
    """Rows that show that a patient is in care at all, and rows that show that they are in the care of an actor.

    Both are filtered by a reference to the patient, as ``OuterRef``.
    """

    anywhere: Callable[[], "QuerySet[Any]"]
    with_actor: Callable[[Actor], "QuerySet[Any]"]


_sources: list[Care] = []


def register(care: Care) -> None:
    """Add rows that show whose a patient is."""
    if care not in _sources:
        _sources.append(care)


def bound_to_center(actor: Actor) -> bool:
    """Whether the actor looks after the patients of one center, and of others only with a reason."""
    return actor.kind == ActorKind.STAFF and actor.center_id is not None and actor.role in AT_A_CENTER


def theirs(prefix: str = "") -> Q:
    """The rows of a patient, and of those that were merged into them."""
    return Q(**{f"{prefix}patient_id": OuterRef("pk")}) | Q(**{f"{prefix}patient__merged_into_id": OuterRef("pk")})


@dataclass(frozen=True)
class Belonging:
    """Whether a chart is the actor's own to read, and the opening by which they may otherwise."""

    own: bool
    opening_id: int | None


def belonging(actor: Actor, patient_id: int) -> Belonging:
    """Return whether an actor who is bound to a center looks after a patient. One query.

    Whoever is in no care yet is everybody's: somebody must begin.
    """
    cares = [KERNEL, *_sources]
    anywhere, mine = Q(), Q()
    for care in cares:
        anywhere |= Q(Exists(care.anywhere()))
        mine |= Q(Exists(care.with_actor(actor)))
    # Whoever is bound to a center is a member of staff, and has an id.
    opening = ChartOpening.objects.filter(
        patient_id=OuterRef("pk"), staff_id=actor.staff_id or 0, expires_at__gt=clock.now()
    ).order_by("-id")
    found = (
        Patient.objects.filter(pk=patient_id)
        .annotate(own=~anywhere | mine, opening=Subquery(opening.values("pk")[:1]))
        .values_list("own", "opening")
        .first()
    )
    return Belonging(bool(found[0]), found[1]) if found else Belonging(own=True, opening_id=None)


def _of_actor(actor: Actor) -> "QuerySet[Step]":
    """Steps that make a patient theirs: at their center, in their name, or of their role where a center has nobody of
    that role."""
    role = Staff.objects.filter(home_center=OuterRef("center"), role=actor.role, is_active=True)
    orphaned = Q(status__in=LIVE_STEP, owner=None, owner_role=actor.role) & ~Q(Exists(role))
    mine = Q(center_id=actor.center_id) | Q(owner_id=actor.id) | Q(episode__center_id=actor.center_id) | orphaned
    return Step.objects.filter(theirs("episode__"), mine)


KERNEL = Care(anywhere=lambda: Episode.objects.filter(theirs()), with_actor=_of_actor)
