"""Who calls the API: a logged-in member of staff, or a program with a bearer token."""

import hashlib

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.request import Request

from clinic.access import Actor, integration_actor, staff_actor
from clinic.accounts import passed_second_factor
from clinic.errors import NotAuthenticated
from clinic.models import Integration, Staff


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``. Only the token's SHA-256 is stored."""

    def authenticate(self, request: Request) -> tuple[Integration, Actor] | None:
        """Return the integration and its actor, or None where no bearer token was sent."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise NotAuthenticated("The Authorization header must be: Bearer TOKEN.")
        digest = hashlib.sha256(parts[1]).hexdigest()
        integration = Integration.objects.filter(digest=digest, revoked_at=None).first()
        if integration is None:
            raise NotAuthenticated("This token is not known, or was revoked.")
        return integration, integration_actor(integration)

    def authenticate_header(self, request: Request) -> str:
        """The challenge that goes with a 401."""
        return 'Bearer realm="ruleout"'


class StaffSessionAuthentication(SessionAuthentication):
    """The log-in session of the pages, with its CSRF check."""

    def authenticate(self, request: Request) -> tuple[Staff, Actor] | None:
        """Return the member of staff and their actor, or None where nobody is logged in."""
        found = super().authenticate(request)
        if found is None:
            return None
        staff: Staff = found[0]
        return staff, staff_actor(staff, second_factor=passed_second_factor(request, staff))
