"""A limit on callers who have not said who they are."""

from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from clinic.access import Actor


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from, as far as proxies of ours have seen it, and never as a client says of itself.

    Whatever limits tries by an address asks here: behind a proxy all of the world would have one address otherwise.
    """
    return BaseThrottle().get_ident(Request(request)) or ""


class PublicThrottle(SimpleRateThrottle):
    """Per client address and process, for unauthenticated callers only; it never touches Redis."""

    scope = "public"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return the bucket's key, or None for callers who are known."""
        if isinstance(request.auth, Actor) or getattr(view, "unthrottled", False):
            return None
        return f"throttle:{self.get_ident(request)}"
