"""The same-day reserve over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic import clock
from clinic.access import Permission
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.models import Center
from scheduling.reserve import Release
from scheduling.selectors import named
from scheduling.selectors.reserve_today import HalfToday, reserves_today
from scheduling.services.reserves import set_reserve


class ReserveQuery(serializers.Serializer[Any]):
    """Whose reserve; all centers where none is named."""

    center = serializers.CharField(required=False, default="", max_length=12)


class ReleaseBody(serializers.Serializer[Any]):
    """A step of the release."""

    minutes_before = serializers.IntegerField(help_text="Before the half-day's start; negative: after it.")
    kept_percent = serializers.IntegerField(help_text="What is kept of the size from then on.")


class ReserveBody(serializers.Serializer[Any]):
    """A half-day's size and its release."""

    scans = serializers.IntegerField()
    release = ReleaseBody(many=True)


class ReserveListView(APIView):
    """GET: what is kept for same-day rule-outs."""

    permission = Permission.READ_RESERVE

    @documented("What centers keep for same-day scans, and what is used of it today.", query=("center",))
    def get(self, request: Request) -> Response:
        """Return both half-days of each center."""
        code = query(ReserveQuery, request)["center"]
        centers = [named.center(code)] if code else list(Center.objects.filter(active=True))
        return Response({"results": [as_reserve(half) for half in reserves_today(centers, clock.now())]})


class ReserveView(APIView):
    """PUT one half-day's reserve."""

    permission = Permission.EDIT_RESERVE

    @documented("Set what a center keeps for same-day scans in one half-day.", body=ReserveBody)
    def put(self, request: Request, center: str, half: str) -> Response:
        """Set it, and return how it stands today."""
        actor, place = caller(request), named.center(center)
        given = body(ReserveBody, request)
        release = [Release(**step) for step in given["release"]]
        set_reserve(actor, center=place, half=half, scans=given["scans"], release=release)
        return Response(next(as_reserve(each) for each in reserves_today([place], clock.now()) if each.half == half))


def as_reserve(half: HalfToday) -> dict[str, object]:
    """A half-day's reserve, and how it stands today."""
    return {
        "center": half.center.code,
        "half": half.half,
        "scans": half.policy.scans,
        "release": [
            {"minutes_before": step.minutes_before, "kept_percent": step.kept_percent}
            for step in sorted(half.policy.release, key=lambda step: -step.minutes_before)
        ],
        "today": {"kept": half.kept, "used": half.used, "free": half.free},
    }
