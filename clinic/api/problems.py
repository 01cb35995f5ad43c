"""RFC 9457: every refusal is a problem document that names the rule, and the field where there is one."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from clinic.errors import DomainError, Forbidden, Invalid, NotAuthenticated, NotFound

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


def document(error: DomainError) -> dict[str, object]:
    """Return the problem document of a domain error."""
    body: dict[str, object] = {
        "type": f"/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
    }
    if error.fields:
        body["errors"] = [{"field": field, "message": message} for field, message in error.fields.items()]
    # What a refusal adds may not hide what every problem document says.
    return {**error.extra, **body}


def handle(raised: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: domain errors and DRF's own become problems; the rest is a fault, and stays one."""
    error = _as_domain_error(raised)
    if error is None:
        return None
    response = Response(document(error), status=error.status, content_type=MEDIA_TYPE)
    if isinstance(error, NotAuthenticated):
        response["WWW-Authenticate"] = 'Bearer realm="ruleout"'
    wait = getattr(raised, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _as_domain_error(raised: Exception) -> DomainError | None:
    if isinstance(raised, DomainError):
        return raised
    if isinstance(raised, Http404):
        return NotFound()
    if isinstance(raised, PermissionDenied):
        return Forbidden()
    if isinstance(raised, exceptions.ValidationError):
        return Invalid(fields=dict(_flatten(raised.detail)))
    if isinstance(raised, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return NotAuthenticated(str(raised.detail))
    if isinstance(raised, exceptions.APIException):
        error = DomainError(str(raised.detail), code=str(raised.default_code))
        error.status = raised.status_code
        error.title = str(raised.default_detail)
        return error
    return None


def _flatten(detail: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(detail, Mapping):
        return [
            pair for key, value in detail.items() for pair in _flatten(value, f"{path}.{key}" if path else str(key))
        ]
    if isinstance(detail, list):
        if all(not isinstance(item, Mapping | list) for item in detail):
            return [(path or "non_field_errors", " ".join(str(item) for item in detail))]
        return [pair for index, item in enumerate(detail) for pair in _flatten(item, f"{path}.{index}" if item else "")]
    return [(path or "non_field_errors", str(detail))]
