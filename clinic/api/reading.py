"""From a request to what the services take."""

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
    read = serializer(data=given)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def body(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the request's validated body."""
    return checked(serializer, request.data)


def query(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the request's validated query."""
    return checked(serializer, request.query_params.dict())
