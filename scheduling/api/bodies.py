"""What the API of scheduling takes."""

from typing import Any

from rest_framework import serializers

from clinic.api.fields import InstantField
from clinic.languages import INTERPRETED
from clinic.models import Language, Mobility, Side, Transfer
from clinic.tables import HEAVIEST_LB
from scheduling.intake.overriding import REASON_LENGTH
from scheduling.intake.reading import ANSWERED_BY
from scheduling.models import OverbookReason
from scheduling.selectors.site import WITHIN_MILES
from triage.models import Disposition, InterimAnticoagulant, Occasion

#: Occasions on which there is no episode yet.
_BEFORE_EPISODES = (Occasion.INTAKE, Occasion.WALK_IN)


class AccessBody(serializers.Serializer[Any]):
    """What the patient needs to be seen. The weight is compared with the tables, and not kept."""

    mobility = serializers.ChoiceField(choices=Mobility.choices, required=False, default=Mobility.WALKS)
    transfer = serializers.ChoiceField(choices=Transfer.choices, required=False, default=Transfer.ALONE)
    weight_lb = serializers.IntegerField(required=False, allow_null=True, default=None)
    interpreter = serializers.ChoiceField(
        choices=list(INTERPRETED.items()), required=False, allow_blank=True, default="", help_text="Empty: none."
    )
    no_phone = serializers.BooleanField(required=False, default=False)
    contact_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
    contact_phone = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    address = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    in_person_plan = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class ContactBody(serializers.Serializer[Any]):
    """Who the answers are about, and how to reach them."""

    given_name = serializers.CharField(max_length=80)
    family_name = serializers.CharField(max_length=80)
    phone = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="Empty of who has none: then `access` says how else they are reached.",
    )
    zip = serializers.CharField(max_length=10)
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    consent_to_texts = serializers.BooleanField(required=False, allow_null=True, default=None)
    access = AccessBody(required=False, allow_null=True, default=None)


class AssessmentBody(serializers.Serializer[Any]):
    """One intake: the groups of answers, who gave them, and whom they are about."""

    answers = serializers.JSONField(help_text="The groups of the questionnaire; a missing answer is unknown.")
    language = serializers.ChoiceField(choices=Language.choices, required=False, default=Language.ENGLISH)
    answered_by = serializers.ChoiceField(choices=ANSWERED_BY, required=False, default="patient")
    relation = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    relative_name = serializers.CharField(required=False, default="", allow_blank=True, max_length=80)
    zip = serializers.CharField(required=False, default="", allow_blank=True, max_length=10)
    contact = ContactBody(required=False, allow_null=True, default=None)

    def validate_answers(self, value: object) -> object:
        """Only an object holds groups of answers."""
        if not isinstance(value, dict):
            raise serializers.ValidationError("Send an object with the groups of answers.")
        return value


class OverrideBody(serializers.Serializer[Any]):
    """The disposition to put beside the one in force, and why."""

    disposition = serializers.ChoiceField(choices=Disposition.choices)
    tier = serializers.IntegerField(required=False, allow_null=True, default=None)
    within_minutes = serializers.IntegerField(required=False, allow_null=True, default=None)
    interim_anticoagulant = serializers.ChoiceField(
        choices=InterimAnticoagulant.choices, required=False, allow_blank=True, default=""
    )
    reason = serializers.CharField(max_length=REASON_LENGTH)


class WhereaboutsBody(serializers.Serializer[Any]):
    """Where somebody is who was sent to emergency care, and whether somebody is with them."""

    place = serializers.CharField(max_length=200)
    accompanied = serializers.BooleanField(allow_null=True, required=False, default=None)


class SignsBody(serializers.Serializer[Any]):
    """The groups ``emergency`` and ``limb_threat``, and at which contact they were asked."""

    answers = serializers.JSONField()
    occasion = serializers.ChoiceField(choices=[each for each in Occasion.choices if each[0] not in _BEFORE_EPISODES])

    def validate_answers(self, value: object) -> object:
        """Only an object holds groups of answers."""
        if not isinstance(value, dict) or not all(isinstance(group, dict) for group in value.values()):
            raise serializers.ValidationError("Send an object with the groups emergency and limb_threat.")
        return value


def _language() -> serializers.ChoiceField:
    """A language besides English that somebody must speak whose time the visit takes."""
    codes = ", ".join(INTERPRETED)
    return serializers.ChoiceField(
        choices=list(INTERPRETED.items()),
        required=False,
        allow_blank=True,
        default="",
        error_messages={"invalid_choice": f"Give one of {codes}, or leave it out: everybody speaks English."},
        help_text="Only with people who speak it. Empty: whoever is free.",
    )


class NearQuery(serializers.Serializer[Any]):
    """From where, and how far."""

    near = serializers.RegexField(
        r"^\d{5}$", required=False, error_messages={"invalid": "Enter the five digits of a US ZIP code."}
    )
    within_miles = serializers.FloatField(required=False)


class SlotQuery(NearQuery):
    """Which slots are looked for. ``assessment`` or ``episode`` brings its clinical clock."""

    visit_type = serializers.CharField(max_length=8)
    until = InstantField(required=False)
    assessment = serializers.IntegerField(required=False, min_value=1)
    episode = serializers.IntegerField(required=False, min_value=1)
    center = serializers.CharField(required=False, default="", max_length=12)
    arm = serializers.BooleanField(required=False, default=False)
    iliac = serializers.BooleanField(required=False, default=False)
    wheelchair = serializers.BooleanField(required=False, default=False)
    lift = serializers.BooleanField(required=False, default=False)
    table_lb = serializers.IntegerField(required=False, default=0, min_value=0, max_value=HEAVIEST_LB)
    language = _language()
    limit = serializers.IntegerField(required=False, default=20)

    def get_fields(self) -> dict[str, serializers.Field]:
        """``from`` is a word of Python's own, so that it can't be declared above."""
        return super().get_fields() | {"from": InstantField(required=False)}


class SlotBody(serializers.Serializer[Any]):
    """A slot, as a search named it, and what the center must have for this patient."""

    visit_type = serializers.CharField(max_length=8)
    center = serializers.CharField(max_length=12)
    starts_at = InstantField()
    arm = serializers.BooleanField(required=False, default=False)
    iliac = serializers.BooleanField(required=False, default=False)
    wheelchair = serializers.BooleanField(required=False, default=False)
    lift = serializers.BooleanField(required=False, default=False)
    table_lb = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=HEAVIEST_LB,
        help_text="What the table must carry, in pounds; 0: any.",
    )
    language = _language()


class BookingBody(serializers.Serializer[Any]):
    """A booking: whom, and a hold or a slot. The episode may be named by its assessment."""

    patient = serializers.IntegerField(min_value=1)
    hold = serializers.IntegerField(required=False, min_value=1)
    slot = SlotBody(required=False)
    episode = serializers.IntegerField(required=False, min_value=1)
    assessment = serializers.IntegerField(required=False, min_value=1)
    willing_to_move = serializers.BooleanField(
        required=False, default=False, help_text="They may be asked to make room for somebody who must come sooner."
    )
    representative = serializers.IntegerField(
        required=False, min_value=1, help_text="Who speaks for the patient and asked for it."
    )


class RescheduleBody(serializers.Serializer[Any]):
    """The new time, and the new center where it changes."""

    starts_at = InstantField()
    center = serializers.CharField(required=False, default="", max_length=12)


class CancelBody(serializers.Serializer[Any]):
    """Why, as a short code."""

    reason = serializers.RegexField(r"^[a-z0-9_]{0,40}$", required=False, default="", allow_blank=True)


class StartBody(serializers.Serializer[Any]):
    """The side on the table, where the order of a scan names one."""

    side = serializers.ChoiceField(choices=Side.choices, required=False, default="", allow_blank=True)


class WaitQuery(serializers.Serializer[Any]):
    """Whose entries are shown."""

    center = serializers.CharField(required=False, default="", max_length=12)
    episode = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class WaitBody(serializers.Serializer[Any]):
    """For what somebody waits: the visit, from where and how far, and when. ``instead_of``: their visit to give up."""

    patient = serializers.IntegerField(min_value=1)
    visit_type = serializers.CharField(max_length=8)
    zip = serializers.RegexField(r"^\d{5}$", error_messages={"invalid": "Enter the five digits of a US ZIP code."})
    episode = serializers.IntegerField(required=False, min_value=1)
    assessment = serializers.IntegerField(required=False, min_value=1)
    within_miles = serializers.IntegerField(required=False, default=WITHIN_MILES, min_value=1)
    centers = serializers.ListField(
        child=serializers.CharField(max_length=12), required=False, default=list, max_length=5
    )
    earliest = InstantField(required=False)
    latest = InstantField(required=False)
    short_notice = serializers.BooleanField(required=False, default=False)
    wheelchair = serializers.BooleanField(required=False, default=False)
    instead_of = serializers.IntegerField(required=False, min_value=1)


class AskToMoveBody(serializers.Serializer[Any]):
    """Which of the visits that could make room; the soonest where none is named."""

    appointment = serializers.IntegerField(required=False, min_value=1)


class OverbookBody(serializers.Serializer[Any]):
    """An add-on: whose, where, when, and why."""

    episode = serializers.IntegerField(min_value=1)
    center = serializers.CharField(max_length=12)
    starts_at = InstantField()
    reason = serializers.ChoiceField(choices=OverbookReason.choices)


class EmptyBody(serializers.Serializer[Any]):
    """Nothing."""
