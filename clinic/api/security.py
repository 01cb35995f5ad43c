"""How the OpenAPI document names the two ways to say who calls. Importing this module registers both."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerScheme(OpenApiAuthenticationExtension):
    """A program's bearer token."""

    target_class = "clinic.api.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the scheme as OpenAPI writes it."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of an integration; its scopes say what it may do.",
        }


class StaffSessionScheme(OpenApiAuthenticationExtension):
    """The log-in session of the pages."""

    target_class = "clinic.api.authentication.StaffSessionAuthentication"
    name = "staffSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the scheme as OpenAPI writes it."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of a member of staff. What changes something also needs X-CSRFToken.",
        }
