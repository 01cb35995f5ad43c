"""The places that staff can go to. Each app registers its own, as the kernel knows nothing of those above it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from clinic.access import Actor, Permission, allowed


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page of the menu: its words, its route, what it takes to see it, and the kinds of step worked there.

    ``first_for`` names the roles whose daily page it is: it stands first in their menu.
    """

    route: str
    label: str | Promise
    about: str | Promise
    permission: Permission
    order: int
    first_for: frozenset[str] = frozenset()
    demo_only: bool = False
    steps: Mapping[str, str | Promise] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.route)


_places: dict[str, Place] = {}


def register(place: Place) -> None:
    """Add a page to the menu of those who may see it."""
    _places[place.route] = place


def places_of(actor: Actor, *, demo: bool) -> list[Place]:
    """Return the pages that an actor may see, their daily one first."""
    found = (place for place in _places.values() if allowed(actor, place.permission))
    shown = (place for place in found if demo or not place.demo_only)
    return sorted(shown, key=lambda place: (actor.role not in place.first_for, place.order))


def where_worked(kind: str, actor: Actor) -> tuple[Place, str | Promise] | None:
    """Return the page on which steps of a kind are worked, with what is done there, if the actor may see it."""
    for place in _places.values():
        if place.steps and kind in place.steps and allowed(actor, place.permission):
            return place, place.steps[kind]
    return None
