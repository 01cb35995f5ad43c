"""The places that staff can go to. Each app registers its own, as the kernel knows nothing of those above it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from clinic.access import Actor, Permission, allowed


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page of the menu: its words, its route, what it takes to see it, and the kinds of step worked there.

    ``first_for`` names the roles whose daily page it is: it stands first in their menu. ``seldom``: in a menu that is
    long it stands under "More".
    """

    route: str
    label: str | Promise
    about: str | Promise
    permission: Permission
    order: int
    first_for: frozenset[str] = frozenset()
    demo_only: bool = False
    seldom: bool = False
    steps: Mapping[str, str | Promise] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.route)


#: As many stand in one row on the screen of a desk.
IN_A_ROW = 10
_places: dict[str, Place] = {}


def register(place: Place) -> None:
    """Add a page to the menu of those who may see it."""
    _places[place.route] = place


def places_of(actor: Actor, *, demo: bool) -> list[Place]:
    """Return the pages that an actor may see, their daily one first."""
    found = (place for place in _places.values() if allowed(actor, place.permission))
    shown = (place for place in found if demo or not place.demo_only)
    return sorted(shown, key=lambda place: (actor.role not in place.first_for, place.order))


@dataclass(frozen=True)
class Menu:
    """The places in the row, those under "More", and which of the latter is open."""

    row: list[Place]
    more: list[Place]
    here: Place | None

    @property
    def any(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.row or self.more)


def menu_of(places: list[Place], path: str) -> Menu:
    """Lay out a menu for the page at a path: in one row, what is seldom needed apart where they are many."""
    if len(places) <= IN_A_ROW:
        return Menu(places, [], None)
    more = [place for place in places if place.seldom]
    here = next((place for place in more if place.url == path), None)
    return Menu([place for place in places if not place.seldom], more, here)


def where_worked(kind: str, actor: Actor) -> tuple[Place, str | Promise] | None:
    """Return the page on which steps of a kind are worked, with what is done there, if the actor may see it."""
    for place in _places.values():
        if place.steps and kind in place.steps and allowed(actor, place.permission):
            return place, place.steps[kind]
    return None
