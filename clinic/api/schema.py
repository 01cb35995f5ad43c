"""How views describe themselves in the OpenAPI document."""

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from clinic.api.idempotency import HEADER, honors_key
from clinic.api.problems import MEDIA_TYPE


class ProblemField(serializers.Serializer[Any]):
    """One field that is not right, by its path in the body, and why."""

    field = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457): a stable code of the rule, a sentence, and the fields that are not right."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    # The standard's own word (RFC 9457, section 3), which DRF uses for something else.
    errors = ProblemField(many=True, required=False)  # type: ignore[assignment]


#: Why a request may be refused, by status.
REFUSALS = {
    400: "The body or the query is not right.",
    401: "Nobody is logged in, or the token is not known.",
    403: "The caller may not do this.",
    404: "It does not exist, or the caller may not know that it does.",
    409: "It does not fit the present state.",
    410: "It was there, and its time is over.",
    413: "The body is too large.",
    415: "The body is not JSON by its media type.",
    422: f"This {HEADER} was used for a different request.",
    429: "Too many requests of somebody who is not logged in: `Retry-After` says when to try again.",
}
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="1 to 128 printable characters, such as a UUID. Sent again within 24 hours, the same request answers"
    " the same and acts once.",
)


def documented(
    summary: str,
    *,
    body: type[serializers.Serializer[Any]] | None = None,
    status: int = 200,
    otherwise: Mapping[int, str] | None = None,
    query: tuple[str, ...] = (),
    operation: str | None = None,
) -> Callable[[Any], Any]:
    """Describe a view's method: what it does, what it takes, what it answers. Put it above `idempotent`.

    ``otherwise`` says when it answers with another status of success. ``operation`` names it where its path alone would
    name two.
    """

    def describe(view: Any) -> Any:
        keyed = honors_key(view)
        done = OpenApiResponse(OpenApiTypes.OBJECT, description="Done.") if status != 204 else None
        others = {
            code: OpenApiResponse(OpenApiTypes.OBJECT, description=when) for code, when in (otherwise or {}).items()
        }
        answers: dict[Any, Any] = {status: done, **others} | {
            (code, MEDIA_TYPE): OpenApiResponse(Problem, description=why)
            for code, why in REFUSALS.items()
            if (keyed or code != 422) and (body or code != 415)
        }
        parameters = [OpenApiParameter(name, str, required=False) for name in query]
        decorate = extend_schema(
            operation_id=operation,
            summary=summary,
            request=body,
            responses=answers,
            parameters=[*parameters, IDEMPOTENCY_KEY] if keyed else parameters,
        )
        return decorate(view)

    return describe
