"""Referrals over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.orders import as_order, as_practice
from clinic.api.presenters import as_referrer
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import DDimer, Language, OrderPriority, Side
from clinic.services.referrers import Office
from scheduling.api.bodies import ContactBody
from scheduling.api.presenters import as_intake
from scheduling.api.reading import as_contact
from scheduling.intake.referring import ANSWERERS, Ordered, Referral, Referred, refer


class OfficeBody(serializers.Serializer[Any]):
    """Who calls. What the directory knows of the practice's NPI need not be said again."""

    name = serializers.CharField(max_length=120, help_text="The referring clinician.")
    caller = serializers.CharField(max_length=120, help_text="Who is on the telephone.")
    npi = serializers.CharField(required=False, default="", allow_blank=True, max_length=10)
    practice = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    after_hours_phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    fax = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    direct_address = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)


class OrderedBody(serializers.Serializer[Any]):
    """The order: signed, or to follow."""

    practitioner = serializers.CharField(max_length=120)
    npi = serializers.CharField(max_length=10)
    side = serializers.ChoiceField(choices=Side.choices)
    signed = serializers.BooleanField(required=False, default=True)
    priority = serializers.ChoiceField(choices=OrderPriority.choices, required=False, default=OrderPriority.URGENT)
    indication = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    d_dimer = serializers.ChoiceField(choices=DDimer.choices, required=False, default=DDimer.UNKNOWN)


class ReferralBody(serializers.Serializer[Any]):
    """The call of a referring office; ``answers`` are the groups of the questionnaire, the danger signs among them."""

    office = OfficeBody()
    order = OrderedBody()
    contact = ContactBody()
    answers = serializers.JSONField(help_text="As for an assessment; a missing answer is unknown.")
    answered_by = serializers.ChoiceField(choices=ANSWERERS, required=False, default="referrer")
    language = serializers.ChoiceField(choices=Language.choices, required=False, default=Language.ENGLISH)

    def validate_answers(self, value: object) -> object:
        """Only an object holds groups of answers."""
        if not isinstance(value, dict):
            raise serializers.ValidationError("Send an object with the groups of answers.")
        return value


def as_referral(referred: Referred) -> dict[str, object]:
    """What a referral led to."""
    return {
        **as_intake(referred.intake),
        "referrer": as_referrer(referred.referrer) if referred.referrer else None,
        "order": as_order(referred.order) if referred.order else None,
        "practice": as_practice(referred.practice) if referred.practice else None,
    }


class ReferralListView(APIView):
    """POST: the call of a referring office."""

    permission = Permission.REFER

    @documented("Take the call of a referring office.", body=ReferralBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Decide, and keep office, order and patient; or refuse by field, and keep nothing."""
        given = body(ReferralBody, request)
        referral = Referral(
            office=Office(**given.pop("office")),
            order=Ordered(**given.pop("order")),
            contact=as_contact(given.pop("contact")),
            **given,
        )
        return Response(as_referral(refer(caller(request), referral=referral)), status=201)
