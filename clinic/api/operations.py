"""Health, readiness, metrics, and the movable clock of the demo."""

from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic import clock
from clinic.access import Permission
from clinic.api.fields import InstantField
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.errors import NotFound
from clinic.metrics import exposition
from clinic.services.time_travel import advance_to


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is alive: anybody may ask."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can serve: the database answers, and has every migration that this release knows; it may have later
    ones. Redis is not asked: requests do without it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            done = set(cursor.fetchall())
    except DatabaseError:
        done = set()
    if not done >= _known_migrations():
        return JsonResponse({"status": "the database does not answer, or is not migrated"}, status=503)
    return JsonResponse({"status": "ready"})


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus: no health information, no identifiers."""
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


class ClockBody(serializers.Serializer[object]):
    """To which instant the clock is moved."""

    to = InstantField()


class ClockView(APIView):
    """GET what time it is here; POST, in the demo only, to move on."""

    permission = {"GET": Permission.READ_CENTERS, "POST": Permission.MOVE_CLOCK}

    @documented("The product's clock.")
    def get(self, request: Request) -> Response:
        """Return the instant at which the product lives."""
        return Response({"now": clock.now(), "movable": settings.CLOCK_MOVABLE})

    @documented("Move the clock forward (demo and tests only).", body=ClockBody)
    def post(self, request: Request) -> Response:
        """Move it, stopping at each due time until the workers have done what was due."""
        if not settings.CLOCK_MOVABLE:
            raise NotFound("The clock of a production system can't be moved.")
        return Response(advance_to(caller(request), to=body(ClockBody, request)["to"]))
