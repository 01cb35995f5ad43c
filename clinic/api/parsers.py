"""JSON in."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.parsers import BaseParser

from clinic.errors import Invalid


class JSONParser(BaseParser):
    """Reads a JSON object; anything else is refused with its own sentence."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the body's object; raise `Invalid` for what is not one."""
        body = stream.read()
        try:
            parsed = orjson.loads(body) if body else {}
        except orjson.JSONDecodeError as error:
            raise Invalid(f"The body is not JSON: {error}.", code="malformed_json") from error
        if not isinstance(parsed, dict):
            raise Invalid("The body must be a JSON object.", code="not_an_object")
        return parsed
