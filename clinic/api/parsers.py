"""JSON in."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser

from clinic.errors import DomainError, Invalid


class BodyTooLarge(DomainError):
    """The body is longer than any that means something here."""

    code, status, title = "body_too_large", 413, "The body is too large."


class JSONParser(BaseParser):
    """Reads a JSON object; anything else is refused with its own sentence."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the body's object; raise `Invalid` for what is not one, and `BodyTooLarge`."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise BodyTooLarge(f"Send at most {most:,} bytes.")
        try:
            parsed = orjson.loads(body) if body else {}
        except orjson.JSONDecodeError as error:
            raise Invalid(f"The body is not JSON: {error}.", code="malformed_json") from error
        if not isinstance(parsed, dict):
            raise Invalid("The body must be a JSON object.", code="not_an_object")
        return parsed
