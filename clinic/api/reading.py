"""From a request to what the services take."""

from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from clinic.access import Actor
from clinic.errors import NotAuthenticated


def caller(request: Request) -> Actor:
    """Return who calls; the view's permission has made sure that somebody does."""
    if not isinstance(request.auth, Actor):
        raise NotAuthenticated
    return request.auth


def checked(serializer: type[serializers.Serializer[Any]], given: Any) -> dict[str, Any]:
    """Return validated input, or raise the error that names each field."""
    try:
        return dict(_reader(serializer).run_validation(given))
    except serializers.ValidationError:
        # Wrong input is rare, and its errors are DRF's to word.
        read = serializer(data=given)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


@cache
def _reader(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """One instance for all requests and threads: it keeps nothing of what it reads, and copying its fields each time
    would cost more than reading them."""
    return serializer()


def body(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the request's validated body."""
    return checked(serializer, request.data)


def query(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the request's validated query."""
    return checked(serializer, request.query_params.dict())
