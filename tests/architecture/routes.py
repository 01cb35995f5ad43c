"""Every route of the product, as its tests walk them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

#: What a route's parameters become: rows that do not exist, so that only the door is tried.
_FILLED = {"int": "999999", "str": "nothing"}


@dataclass(frozen=True)
class Route:
    """One URL pattern with its view."""

    path: str
    name: str
    view: Any

    @property
    def url(self) -> str:
        """An address that leads there."""
        return "/" + re.sub(r"<(\w+):\w+>", lambda found: _FILLED[found[1]], self.path)

    @property
    def api(self) -> Any:
        """The API view's class, or None for a page."""
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)

    @property
    def methods(self) -> list[str]:
        """What the API view's class answers, besides OPTIONS."""
        return [name for name in ("get", "post", "put", "patch", "delete") if hasattr(self.api, name)]


def every_route() -> list[Route]:
    """All routes but those of Django's own administration, which asks for `is_staff` itself."""
    return list(_walk(get_resolver().url_patterns, ""))


def api_routes() -> list[Route]:
    """The routes of the API."""
    return [route for route in every_route() if route.path.startswith("api/")]


def staff_routes() -> list[Route]:
    """The pages of staff: all that lies under /staff/ but the log-in."""
    return [
        route
        for route in every_route()
        if route.path.startswith("staff/") and not route.path.startswith("staff/account/")
    ]


def _walk(patterns: list[URLPattern | URLResolver], above: str) -> Iterator[Route]:
    for pattern in patterns:
        path = above + str(pattern.pattern)
        if path == "admin/":
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield Route(path, pattern.name or "", pattern.callback)
