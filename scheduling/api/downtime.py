"""Downtime over the API: a sheet for a machine at the center that keeps it, and what is entered afterwards."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.fields import InstantField
from clinic.api.idempotency import idempotent
from clinic.api.problems import MEDIA_TYPE
from clinic.api.reading import body, caller
from clinic.api.schema import REFUSALS, Problem, documented
from clinic.models import Side
from scheduling.api.presenters import as_appointment
from scheduling.downtime.serving import sheet_response
from scheduling.models import BackEntry
from scheduling.selectors import named
from scheduling.services.back_entry import Happened, enter_back


class BackEntryBody(serializers.Serializer[Any]):
    """When it happened, as the paper says; at least one of the three."""

    arrived_at = InstantField(required=False, allow_null=True, default=None)
    started_at = InstantField(required=False, allow_null=True, default=None)
    completed_at = InstantField(required=False, allow_null=True, default=None)
    side = serializers.ChoiceField(choices=Side.choices, required=False, default="", allow_blank=True)


class DowntimeSheetView(APIView):
    """GET a center's latest downtime sheet."""

    permission = Permission.READ_APPOINTMENTS

    @extend_schema(
        summary="A center's downtime sheet, as a PDF. `X-Made-At` and `X-Stale-At` say of when it is.",
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The sheet."),
            **{
                (code, MEDIA_TYPE): OpenApiResponse(Problem, description=REFUSALS[code])
                for code in (400, 401, 403, 404, 429)
            },
        },
    )
    def get(self, request: Request, center: str) -> HttpResponse:
        """Return it."""
        return sheet_response(center)


class BackEntryView(APIView):
    """POST: what happened to a visit while the system was down."""

    permission = Permission.RUN_VISIT

    @documented("Enter when a visit's patient arrived, when it began and when it was over.", body=BackEntryBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Enter it; what contradicts the record becomes a step, and changes nothing."""
        entered = enter_back(caller(request), appointment_id=pk, happened=Happened(**body(BackEntryBody, request)))
        return Response({**as_appointment(named.appointment(pk)), "entered": [_as_entry(each) for each in entered]})


def _as_entry(entry: BackEntry) -> dict[str, object]:
    return {
        "what": entry.what,
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "author": entry.author_id,
        "outcome": entry.outcome,
        "step": entry.step_id,
    }
