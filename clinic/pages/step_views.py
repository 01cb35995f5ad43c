"""The ways to look at the worklist, each one keystroke away: mine, my center's, what is late, what is nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.access import Actor


@dataclass(frozen=True)
class View:
    """One way to look: its words, its key, its address, and whether it is the one that is shown."""

    label: str | Promise
    key: str
    url: str
    shown: bool


def own_view(actor: Actor) -> dict[str, str]:
    """The steps of one's own role, at one's own center where one has one."""
    return {"role": actor.role} | _here(actor)


def views_of(actor: Actor, asked: Mapping[str, str]) -> list[View]:
    """Return the views of an actor; one whose filters are just those asked for is the one that is shown."""
    own = own_view(actor)
    ways: list[tuple[str | Promise, str, dict[str, str]]] = [
        (_("My role's"), "R", own),
        (_("Mine"), "M", {"mine": "yes"}),
        (_("Overdue"), "O", {**own, "overdue": "yes"}),
        (_("Unassigned"), "U", {**own, "unassigned": "yes"}),
    ]
    if actor.center_id:
        ways.insert(2, (_("My center's"), "C", _here(actor)))
    given = {name: value for name, value in asked.items() if value}
    at = reverse("staff-steps")
    return [View(label, key, f"{at}?{urlencode(filters)}", filters == given) for label, key, filters in ways]


def _here(actor: Actor) -> dict[str, str]:
    return {"center": str(actor.center_id)} if actor.center_id else {}
