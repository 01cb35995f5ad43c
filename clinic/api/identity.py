"""Who somebody is, over the API: registration in parts, identity checks, duplicates and merges, and the log."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.identity_presenters import as_check, as_disclosure, as_duplicate, as_merge, as_registration
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import ChartPage, Language, Patient, RegistrationPart, Sex
from clinic.selectors.duplicates import possible_duplicates
from clinic.selectors.identity import identity_state
from clinic.selectors.patients import disclosures_of, found_patient
from clinic.services import identifying, merging
from clinic.services import registration as registering
from clinic.services.charts import read_chart


class RegistrationBody(serializers.Serializer[Any]):
    """The parts that were asked, and their answers. Parts that are not named stay as they are."""

    parts = serializers.ListField(child=serializers.ChoiceField(choices=RegistrationPart.choices), max_length=10)
    legal_name = serializers.CharField(required=False, default="", allow_blank=True, max_length=160)
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, default="", allow_blank=True)
    street = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    city = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    state = serializers.CharField(required=False, default="", allow_blank=True, max_length=2)
    zip = serializers.CharField(required=False, default="", allow_blank=True, max_length=5)
    emergency_contact_name = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    emergency_contact_phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    language = serializers.ChoiceField(choices=Language.choices, required=False, default="", allow_blank=True)
    primary_clinician = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    payer = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    member_number = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)


class IdentifiersBody(serializers.Serializer[Any]):
    """What somebody on the phone said of the patient. It is compared, and not kept."""

    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=160)
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    street = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    zip = serializers.CharField(required=False, default="", allow_blank=True, max_length=10)


class CheckBody(serializers.Serializer[Any]):
    """Two identifiers or more; whether we dialed the number on record; and who speaks, if not the patient."""

    identifiers = IdentifiersBody()
    called_back = serializers.BooleanField(required=False, default=False)
    representative = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


class MergeBody(serializers.Serializer[Any]):
    """The second record of this patient, and how it is known that they are one person."""

    duplicate = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=200)


class OtherBody(serializers.Serializer[Any]):
    """The record of another person that is like this one."""

    other = serializers.IntegerField(min_value=1)


class RegistrationView(APIView):
    """GET: what is registered and what is missing. POST: complete parts."""

    permission = {"GET": Permission.FIND_PATIENTS, "POST": Permission.REGISTER_PATIENTS}

    @documented("A patient's registration, and which parts are missing.")
    def get(self, request: Request, pk: int) -> Response:
        """Return it; one that nobody began misses every part."""
        patient = found_patient(pk)
        read_chart(caller(request), patient_id=pk, page=ChartPage.PATIENT, api=True)
        return Response(as_registration(registering.registration_of(patient)))

    @documented("Complete parts of a registration. No visit waits for it.", body=RegistrationBody)
    def post(self, request: Request, pk: int) -> Response:
        """Keep what was asked."""
        given = body(RegistrationBody, request)
        answers = registering.Answers(**{**given, "parts": tuple(given["parts"])})
        return Response(
            as_registration(registering.complete_registration(caller(request), patient_id=pk, answers=answers))
        )


class IdentityCheckListView(APIView):
    """POST: who is on the phone."""

    permission = Permission.CHECK_IDENTITY

    @documented(
        "Check two identifiers before anything is disclosed by phone. A check that fails is kept, and answers 201 with"
        " passed false; after three 409 until we called the recorded number.",
        body=CheckBody,
        status=201,
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Compare, keep which were right, and say how it stands."""
        given = body(CheckBody, request)
        row = identifying.check_identity(
            caller(request),
            patient_id=pk,
            said=identifying.Said(**given["identifiers"]),
            representative_id=given["representative"],
            called_back=given["called_back"],
        )
        return Response(as_check(row, identity_state(row.patient)), status=201)


class DuplicateListView(APIView):
    """GET: records that may be of the same person."""

    permission = Permission.FIND_PATIENTS

    @documented("Records that may be this patient's as well, with the reasons. Nothing is merged by itself.")
    def get(self, request: Request, pk: int) -> Response:
        """Return them."""
        patient: Patient = found_patient(pk)
        read_chart(caller(request), patient_id=pk, page=ChartPage.PATIENT, api=True)
        return Response({"results": [as_duplicate(each) for each in possible_duplicates(patient)]})


class DistinctView(APIView):
    """POST: two records that are alike are of two people."""

    permission = Permission.REGISTER_PATIENTS

    @documented("Keep that two records that are alike are of two people, such as twins.", body=OtherBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep it."""
        row = merging.tell_apart(caller(request), patient_id=pk, other_id=body(OtherBody, request)["other"])
        return Response({"one": row.one_id, "other": row.other_id, "at": row.at}, status=201)


class MergeListView(APIView):
    """POST: another record is this patient's as well."""

    permission = Permission.MERGE_PATIENTS

    @documented("Merge another record into this one, by a pointer; its open episodes move.", body=MergeBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Merge; ``warnings`` says where a clinician must look."""
        given = body(MergeBody, request)
        merge = merging.merge_patients(
            caller(request), duplicate_id=given["duplicate"], kept_id=pk, reason=given["reason"]
        )
        return Response(as_merge(merge), status=201)


class MergeUndoView(APIView):
    """POST: they are two people after all."""

    permission = Permission.MERGE_PATIENTS

    @documented("Take a merge back; 409 where something was learned of the person since.")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Part them again."""
        return Response(as_merge(merging.undo_merge(caller(request), merge_id=pk)))


class DisclosureListView(APIView):
    """GET: to whom what was disclosed."""

    permission = Permission.READ_DISCLOSURES

    @documented("What was disclosed of a patient: to whom, on what ground, how, by whom, when.")
    def get(self, request: Request, pk: int) -> Response:
        """Return the log, latest first."""
        patient = found_patient(pk)
        read_chart(caller(request), patient_id=pk, page=ChartPage.PATIENT, api=True)
        return Response({"results": [as_disclosure(each) for each in disclosures_of(patient)]})
