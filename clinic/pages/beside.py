"""What stands beside a step on its page. Each app registers its own, as the kernel knows nothing of those above it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clinic.access import Actor
from clinic.models import Step


@dataclass(frozen=True)
class Panel:
    """A part of the page: its template, and what the template shows, as ``shown``.

    One that ``leads`` stands before what can be done about the step: it is why the step is there.
    """

    template: str
    shown: Mapping[str, object]
    leads: bool = False


#: Returns what there is to show of a step to an actor, or None.
Show = Callable[[Step, Actor], Panel | None]
_shows: list[Show] = []


def register(show: Show) -> None:
    """Add a part to the page of a step."""
    if show not in _shows:
        _shows.append(show)


def panels_of(step: Step, actor: Actor) -> list[Panel]:
    """Return what stands beside a step, for an actor."""
    return [panel for show in _shows if (panel := show(step, actor)) is not None]
