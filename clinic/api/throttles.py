"""A limit on callers who have not said who they are."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from clinic.access import Actor


class PublicThrottle(SimpleRateThrottle):
    """Per client address and process, for unauthenticated callers only; it never touches Redis."""

    scope = "public"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return the bucket's key, or None for callers who are known."""
        if isinstance(request.auth, Actor) or getattr(view, "unthrottled", False):
            return None
        return f"throttle:{self.get_ident(request)}"
