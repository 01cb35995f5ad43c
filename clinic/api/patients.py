"""Finding and registering patients over the API."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.identity_presenters import as_duplicate
from clinic.api.presenters import as_patient
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import ConsentChannel, DisclosurePurpose, Language, Sex
from clinic.selectors import patients as selector
from clinic.selectors.duplicates import possible_duplicates
from clinic.services import patients as service
from clinic.services.disclosing import give_record
from clinic.services.other_ways import OtherWay


class SearchBody(serializers.Serializer[object]):
    """Whom to look for: at least one of the three."""

    phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)


class OtherWayBody(serializers.Serializer[object]):
    """How somebody without a telephone is reached: one of the three at least."""

    contact_name = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    contact_phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    address = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    in_person_plan = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)


class RegisterBody(serializers.Serializer[object]):
    """A new patient."""

    given_name = serializers.CharField(max_length=80)
    family_name = serializers.CharField(max_length=80)
    phone = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="Empty of who has none: then `reached_by` says how else they are reached.",
    )
    reached_by = OtherWayBody(required=False, allow_null=True, default=None)
    zip = serializers.RegexField(r"^\d{5}$", error_messages={"invalid": "Enter the five digits of a US ZIP code."})
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, default=Sex.OTHER)
    language = serializers.ChoiceField(choices=Language.choices, required=False, default=Language.ENGLISH)
    consent_to_texts = serializers.BooleanField(required=False, allow_null=True, default=None)
    consent_channel = serializers.ChoiceField(
        choices=ConsentChannel.choices, required=False, default=ConsentChannel.PHONE
    )


class PatientSearchView(APIView):
    """POST: find patients."""

    permission = Permission.FIND_PATIENTS

    @documented("Find patients by phone, name or birth date.", body=SearchBody)
    def post(self, request: Request) -> Response:
        """Return at most twenty that match all that is given."""
        found = selector.matching(**body(SearchBody, request))
        return Response({"results": [as_patient(patient) for patient in found]})


class PatientListView(APIView):
    """POST: register a patient."""

    permission = Permission.REGISTER_PATIENTS

    @documented("Register a patient.", body=RegisterBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Register, or return the patient who is the same in every point; with the records that are alike."""
        given = body(RegisterBody, request)
        way = OtherWay(**(given.pop("reached_by") or {}))
        patient = service.register(caller(request), **given, other_way=way)
        alike = [as_duplicate(each) for each in possible_duplicates(patient)]
        return Response({**as_patient(patient), "possible_duplicates": alike}, status=201)


class RecordBody(serializers.Serializer[object]):
    """To whom the record goes, and why."""

    to_whom = serializers.CharField(max_length=120)
    purpose = serializers.ChoiceField(choices=DisclosurePurpose.choices)


class PatientRecordView(APIView):
    """POST: give a patient's whole record to somebody."""

    permission = Permission.EXPORT_RECORDS

    @documented("Export a patient's whole record as a FHIR Bundle; to whom it goes is written down.", body=RecordBody)
    def post(self, request: Request, pk: int) -> Response:
        """Return the record, once it is noted to whom it goes."""
        return Response(give_record(caller(request), patient_id=pk, **body(RecordBody, request)).bundle)
