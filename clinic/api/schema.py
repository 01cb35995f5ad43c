"""How views describe themselves in the OpenAPI document."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

PROBLEM = OpenApiResponse(OpenApiTypes.OBJECT, description="A problem document (RFC 9457).")


def documented(
    summary: str,
    *,
    body: type[serializers.Serializer[Any]] | None = None,
    status: int = 200,
    query: tuple[str, ...] = (),
) -> Callable[[Any], Any]:
    """Describe a view's method: what it does, what it takes, what it answers."""
    answers: dict[int, Any] = {
        status: OpenApiResponse(OpenApiTypes.OBJECT, description="Done.") if status != 204 else None,
        400: PROBLEM,
        401: PROBLEM,
        403: PROBLEM,
        404: PROBLEM,
        409: PROBLEM,
    }
    return extend_schema(
        summary=summary,
        request=body,
        responses=answers,
        parameters=[OpenApiParameter(name, str, required=False) for name in query],
    )
