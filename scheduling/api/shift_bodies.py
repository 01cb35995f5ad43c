"""What an edit of availability takes over the API."""

from typing import Any

from rest_framework import serializers

from clinic.api.fields import InstantField
from scheduling.models import AbsenceKind, EditKind, ResourceKind

WEEKDAY = "0 is Monday."


class ShiftBody(serializers.Serializer[Any]):
    """One weekly shift, local to the center. An end at or before its start is the next day's."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text=WEEKDAY)
    starts = serializers.TimeField()
    ends = serializers.TimeField()


class OpeningBody(serializers.Serializer[Any]):
    """One weekday's hours, local to the center."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text=WEEKDAY)
    opens = serializers.TimeField()
    closes = serializers.TimeField()


class ShiftEditBody(serializers.Serializer[Any]):
    """An edit: its kind, and the fields that this kind takes; hours are local to the center."""

    kind = serializers.ChoiceField(choices=EditKind.choices)
    center = serializers.CharField(
        required=False, max_length=12, help_text="`closure`, `reopening`, `hours`, `new_unit`."
    )
    resource = serializers.IntegerField(required=False, min_value=1, help_text="All other kinds: the unit.")
    on = serializers.DateField(required=False, help_text="`day`, `day_as_usual`, `break`, `closure`, `reopening`.")
    first = serializers.DateField(
        required=False, help_text="`week`, `weekly_break`, `hours`, `retirement`, `leave`: the first date."
    )
    last = serializers.DateField(required=False, help_text="`leave`: the last date.")
    until = InstantField(required=False, help_text="`down`: when it is there again.")
    starts = serializers.TimeField(required=False, allow_null=True, help_text="With `ends`; `day` without both: off.")
    ends = serializers.TimeField(required=False, allow_null=True)
    at = serializers.CharField(required=False, max_length=12, help_text="`day`: at another center.")
    weekdays = serializers.ListField(
        required=False, child=serializers.IntegerField(min_value=0, max_value=6), max_length=7
    )
    shifts = ShiftBody(many=True, required=False, help_text="`week`: a weekday without a shift is off.")
    hours = OpeningBody(many=True, required=False, help_text="`hours`: a weekday without hours is closed.")
    absence = serializers.IntegerField(required=False, min_value=1, help_text="`absence_over`.")
    why = serializers.ChoiceField(
        required=False,
        choices=[each for each in AbsenceKind.choices if each[0] != AbsenceKind.BREAK],
        help_text="`down`.",
    )
    reason = serializers.CharField(required=False, max_length=80, help_text="`closure`: what patients may be told.")
    unit_kind = serializers.ChoiceField(required=False, choices=ResourceKind.choices, help_text="`new_unit`.")
    name = serializers.CharField(required=False, max_length=80, help_text="`new_unit`: a room gets the next number.")
    staff = serializers.CharField(required=False, max_length=150, help_text="`new_unit`: a person's user name.")
    dry_run = serializers.BooleanField(required=False, default=False)
    displace = serializers.BooleanField(required=False, default=False)
