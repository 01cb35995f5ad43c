"""Every API view declares who may call it, or nobody may."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from clinic.access import Actor, Permission, require
from clinic.errors import NotAuthenticated

#: A view's ``permission`` for routes that anybody may call: the public intake, webhooks that prove themselves.
PUBLIC = "public"


class Declared(BasePermission):
    """Reads the view's ``permission``: a `Permission`, a mapping from method to one, or `PUBLIC`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return True, or raise the domain error that says why not."""
        declared = view.permission
        if isinstance(declared, dict):
            declared = declared.get(request.method, declared.get("*"))
        if declared is None:
            return request.method == "OPTIONS"
        if declared == PUBLIC:
            return True
        if not isinstance(request.auth, Actor):
            raise NotAuthenticated
        require(request.auth, Permission(declared))
        return True
