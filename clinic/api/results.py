"""Telling results over the API: the wet read, calls, the text, the way home, the referring office."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.fields import InstantField
from clinic.api.idempotency import idempotent
from clinic.api.identity import IdentifiersBody
from clinic.api.presenters import (
    as_call,
    as_departure,
    as_notice,
    as_patient,
    as_referrer,
    as_report,
    as_welfare,
    as_wet_read,
)
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import Audience, CallOutcome, Instruction, ReferrerNotice, ResultCategory, WelfareChoice
from clinic.services import acknowledging, departures, referrers, telling, welfare, wet_reads
from clinic.services.identifying import Said
from clinic.services.sharing import share_result


class WetReadBody(serializers.Serializer[object]):
    """What the interpreting physician said before signing, to whom, and that they read it back."""

    category = serializers.ChoiceField(choices=ResultCategory.choices)
    told_to = serializers.CharField(max_length=120)
    read_back = serializers.BooleanField()
    in_person = serializers.BooleanField(required=False, default=False)
    spoken_at = InstantField(required=False, allow_null=True, default=None)
    reader = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Who read it: only the one who is logged in may."
    )


class CallBody(serializers.Serializer[object]):
    """One call, or one talk on site, about a result."""

    audience = serializers.ChoiceField(choices=Audience.choices)
    outcome = serializers.ChoiceField(choices=CallOutcome.choices)
    told_to = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    impression = serializers.CharField(required=False, default="", allow_blank=True, max_length=32)
    read_back = serializers.BooleanField(required=False, default=False)
    in_person = serializers.BooleanField(required=False, default=False)
    representative = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        help_text="Who speaks for the patient, told instead.",
    )
    identifiers = IdentifiersBody(
        required=False,
        allow_null=True,
        default=None,
        help_text="What they said by phone: two, unless an identity check was passed on the same call.",
    )
    called_back = serializers.BooleanField(required=False, default=False, help_text="We dialed the number on record.")


class ShareBody(serializers.Serializer[object]):
    """Who speaks for the patient."""

    representative = serializers.IntegerField(min_value=1)


class DepartureBody(serializers.Serializer[object]):
    """How the patient left: the number read back to them, and what they were told."""

    callback_phone = serializers.CharField(
        max_length=40, allow_blank=True, help_text="Empty only for who has none, and is found otherwise."
    )
    instructions = serializers.ListField(child=serializers.ChoiceField(choices=Instruction.choices), max_length=10)


class WelfareBody(serializers.Serializer[object]):
    """A named clinician's decision, with the reason."""

    choice = serializers.ChoiceField(choices=WelfareChoice.choices)
    reason = serializers.CharField(max_length=200)


class EmergencyContactBody(serializers.Serializer[object]):
    """Whom to ask where the patient answers no call. Both empty: nobody."""

    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)


class ReferrerBody(serializers.Serializer[object]):
    """Who referred, and how to reach them."""

    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=40)
    practice = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    npi = serializers.CharField(required=False, default="", allow_blank=True, max_length=10)
    fax = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    direct_address = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    caller = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    after_hours_phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)


class NoticeBody(serializers.Serializer[object]):
    """How the referring office was told, and who there confirmed it (empty: nobody yet)."""

    how = serializers.ChoiceField(choices=ReferrerNotice.How.choices)
    sent_to = serializers.CharField(max_length=120)
    confirmed_by = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)


class WetReadView(APIView):
    """POST: the interpreting physician's spoken impression."""

    permission = Permission.SIGN_REPORTS

    @documented("Record a wet read: it authorizes telling and treatment.", body=WetReadBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep who read what, to whom it was spoken, and the read-back."""
        checked = body(WetReadBody, request)
        reader = checked.pop("reader")
        spoken = wet_reads.Spoken(**checked)
        read = wet_reads.record_wet_read(caller(request), report_id=pk, spoken=spoken, reader=reader)
        return Response(as_wet_read(read), status=201)


class AcknowledgeView(APIView):
    """POST: a clinician takes a finding in hand."""

    permission = Permission.TELL_RESULTS

    @documented("Acknowledge a finding: nobody else is alerted to it.")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Note who has it in hand."""
        return Response(as_report(acknowledging.acknowledge(caller(request), report_id=pk)))


class ResultCallsView(APIView):
    """POST: a clinician spoke, or tried to speak, of a result."""

    permission = Permission.TELL_RESULTS

    @documented("Record a call about a result.", body=CallBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Log the call with its read-back."""
        checked = body(CallBody, request)
        said = checked.pop("identifiers")
        call = telling.Call(**checked, identifiers=Said(**said) if said else None)
        return Response(as_call(telling.record_call(caller(request), report_id=pk, call=call)), status=201)


class ResultSendView(APIView):
    """POST: send the result's text."""

    permission = Permission.SEND_RESULTS

    @documented("Send what may be sent; 409 with the reason for what may not.")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Owe the text, or refuse."""
        return Response(as_report(telling.release_result(caller(request), report_id=pk)))


class ResultShareView(APIView):
    """POST: send a representative the link to a result."""

    permission = Permission.SEND_RESULTS

    @documented("Send who speaks for the patient a link to a result that they may read.", body=ShareBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Owe the text, or refuse with the reason why they may not hear it."""
        speaker = body(ShareBody, request)["representative"]
        row = share_result(caller(request), report_id=pk, representative_id=speaker)
        return Response(
            {"id": row.pk, "report": row.report_id, "representative": row.representative_id, "at": row.at}, status=201
        )


class DepartureView(APIView):
    """POST: how a scanned patient left the center."""

    permission = Permission.RELEASE_PATIENTS

    @documented(
        "Record how the patient left. A clinician's, where the finding is not clear.", body=DepartureBody, status=201
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep who released them, the number and the instructions."""
        leaving = departures.Leaving(**body(DepartureBody, request))
        return Response(
            as_departure(departures.record_departure(caller(request), report_id=pk, leaving=leaving)), status=201
        )


class WelfareView(APIView):
    """POST: a clinician decides on a welfare check."""

    permission = Permission.TELL_RESULTS

    @documented("Decide on a welfare check for a patient whom no call reaches.", body=WelfareBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep the decision and its reason; the calls go on."""
        return Response(
            as_welfare(welfare.decide_welfare(caller(request), report_id=pk, **body(WelfareBody, request))), status=201
        )


class EmergencyContactView(APIView):
    """POST: whom to ask where a patient answers no call."""

    permission = Permission.REGISTER_PATIENTS

    @documented("Name a patient's emergency contact.", body=EmergencyContactBody)
    def post(self, request: Request, pk: int) -> Response:
        """Keep or clear it."""
        patient = welfare.name_emergency_contact(caller(request), patient_id=pk, **body(EmergencyContactBody, request))
        return Response(as_patient(patient))


class ReferrerView(APIView):
    """POST: who referred an episode."""

    permission = Permission.TELL_REFERRERS

    @documented("Record who referred the patient, or correct it.", body=ReferrerBody)
    def post(self, request: Request, pk: int) -> Response:
        """Keep the office; a report that is signed already is owed to it."""
        office = referrers.Office(**body(ReferrerBody, request))
        return Response(as_referrer(referrers.record_referrer(caller(request), episode_id=pk, office=office)))


class ReferrerNoticeView(APIView):
    """POST: the referring office was told, or sent the report."""

    permission = Permission.TELL_REFERRERS

    @documented("Record how the referring office was told, and who confirmed it.", body=NoticeBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep it; the step ends once all that is owed is confirmed."""
        notice = referrers.Notice(**body(NoticeBody, request))
        return Response(as_notice(referrers.record_notice(caller(request), report_id=pk, notice=notice)), status=201)
