"""Who speaks for a patient, over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.identity import IdentifiersBody
from clinic.api.identity_presenters import as_permission, as_representative
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import ChartPage, Language, RepresentativeKind
from clinic.selectors.patients import found_patient, representatives_of
from clinic.services import representatives as service
from clinic.services.charts import read_chart
from clinic.services.identifying import Said


class RepresentativeBody(serializers.Serializer[Any]):
    """Somebody who speaks for a patient; of a guardian and an agent with the document that the recorder has seen."""

    kind = serializers.ChoiceField(choices=RepresentativeKind.choices)
    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=40)
    language = serializers.ChoiceField(choices=Language.choices, required=False, default=Language.ENGLISH)
    document = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    consent_to_texts = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Their own answer to whether we may text them."
    )


class PermissionBody(serializers.Serializer[Any]):
    """The patient's own word; by phone with the identifiers, or after an identity check on the same call."""

    granted = serializers.BooleanField()
    how = serializers.ChoiceField(choices=[("phone", "By phone"), ("in_person", "In person")])
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    identifiers = IdentifiersBody(required=False, allow_null=True, default=None)


class EndBody(serializers.Serializer[Any]):
    """Why they speak for the patient no longer: a short code."""

    reason = serializers.CharField(max_length=40)


class RepresentativeListView(APIView):
    """GET: who speaks for a patient. POST: somebody else does."""

    permission = {"GET": Permission.FIND_PATIENTS, "POST": Permission.REGISTER_PATIENTS}

    @documented("Who speaks for a patient, and whether they may hear a result today, and why not.")
    def get(self, request: Request, pk: int) -> Response:
        """Return them, those who speak no longer included."""
        patient = found_patient(pk)
        read_chart(caller(request), patient_id=pk, page=ChartPage.PATIENT, api=True)
        return Response({"results": [as_representative(each) for each in representatives_of(patient)]})

    @documented("Record who speaks for a patient.", body=RepresentativeBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep them."""
        speaker = service.Speaker(**body(RepresentativeBody, request))
        row = service.record_representative(caller(request), patient_id=pk, speaker=speaker)
        return Response(as_representative(row), status=201)


class PermissionListView(APIView):
    """POST: the patient says whether a representative may hear results."""

    permission = Permission.CHECK_IDENTITY

    @documented("Record the patient's permission to hear results, or its end.", body=PermissionBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep the patient's word."""
        given = body(PermissionBody, request)
        said = Said(**given.pop("identifiers")) if given["identifiers"] else given.pop("identifiers")
        row = service.record_permission(caller(request), representative_id=pk, identifiers=said, **given)
        return Response(as_permission(row), status=201)


class RepresentativeEndView(APIView):
    """POST: they speak for the patient no longer."""

    permission = Permission.REGISTER_PATIENTS

    @documented("Record that somebody speaks for the patient no longer.", body=EndBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """End it."""
        row = service.end_representative(caller(request), representative_id=pk, **body(EndBody, request))
        return Response(as_representative(row))
