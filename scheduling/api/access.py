"""What a patient needs to be seen, and who pays, over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.errors import NotFound
from clinic.models import AccessNeeds, Authorization, ChartPage, Coverage, CoverageStatus, Episode, Patient
from clinic.selectors.patients import found_patient
from clinic.services.access_needs import Access, record_access
from clinic.services.charts import read_chart
from clinic.services.coverage import record_coverage
from scheduling.api.bodies import AccessBody


class CoverageBody(serializers.Serializer[Any]):
    """What is known of an episode's coverage. ``estimate_cents``: what who pays for themselves was told."""

    status = serializers.ChoiceField(choices=CoverageStatus.choices)
    authorization = serializers.ChoiceField(
        choices=Authorization.choices, required=False, default=Authorization.NOT_NEEDED
    )
    estimate_cents = serializers.IntegerField(required=False, allow_null=True, default=None)


def as_access(patient: Patient, row: AccessNeeds | None) -> dict[str, object]:
    """What is recorded; nothing out of the ordinary where nobody was asked yet."""
    needs = row or AccessNeeds()
    asked = ("mobility", "transfer", "table_limit_lb", "interpreter", "no_phone")
    said = {name: getattr(needs, name) for name in asked}
    said["no_phone"] = needs.no_phone or patient.phone is None
    found_by = {name: getattr(patient, name) for name in ("contact_name", "contact_phone", "in_person_plan")}
    found_by["address"] = patient.contact_address
    return {"asked": row is not None, **said, **found_by, "findable": patient.findable}


def as_coverage(row: Coverage | None) -> dict[str, object]:
    """Who pays, as far as it is known."""
    known = row or Coverage()
    said = {name: getattr(known, name) for name in ("status", "authorization", "estimate_cents", "estimate_given_at")}
    return {**said, "settled": known.settled}


class PatientAccessView(APIView):
    """GET and POST what a patient needs to be seen."""

    permission = {"GET": Permission.FIND_PATIENTS, "POST": Permission.REGISTER_PATIENTS}

    @documented("What a patient needs of center and room, an interpreter, and how they are found without a telephone.")
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        patient = found_patient(pk)
        read_chart(caller(request), patient_id=pk, page=ChartPage.PATIENT, api=True)
        return Response(as_access(patient, AccessNeeds.objects.filter(patient=pk).first()))

    @documented("Record what a patient needs. The weight is compared with the tables, and not kept.", body=AccessBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Write all of it anew; a weight that is not said leaves the table as it is."""
        access = Access(**body(AccessBody, request))
        row = record_access(caller(request), patient_id=pk, access=access)
        return Response(as_access(row.patient, row))


class EpisodeCoverageView(APIView):
    """GET and POST who pays."""

    permission = {"GET": Permission.READ_EPISODES, "POST": Permission.RECORD_COVERAGE}

    @documented("The coverage of an episode.")
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        whose = Episode.objects.filter(pk=pk).values_list("patient_id", flat=True).first()
        if whose is None:
            raise NotFound("No such episode.")
        read_chart(caller(request), patient_id=whose, page=ChartPage.EPISODE, episode_id=pk, api=True)
        return Response(as_coverage(Coverage.objects.filter(episode=pk).first()))

    @documented("Record the coverage of an episode. It never delays a rule-out.", body=CoverageBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Write it; the step that waited for it ends once it is settled."""
        return Response(as_coverage(record_coverage(caller(request), episode_id=pk, **body(CoverageBody, request))))
