"""What managers type to edit availability: one form a kind, which names an edit as the API does."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.errors import Invalid
from clinic.models import Center, Staff
from scheduling.calendar import without
from scheduling.models import AbsenceKind, EditKind, ResourceKind

WEEKDAYS = tuple(
    enumerate((_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")))
)


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)


def _time(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **more)


class EditForm(forms.Form):
    """A form of one kind of edit, of a unit or of a center."""

    kind: ClassVar[EditKind]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several forms stand on one page, with fields of the same names.
        super().__init__(*args, **{"auto_id": f"id_{self.kind}_%s", **kwargs})

    def given(self, zone: str) -> dict[str, Any]:
        """What it says, as `scheduling.services.editing.naming` reads it; hours are local to ``zone``."""
        return dict(self.cleaned_data)


class DayForm(EditForm):
    """Other hours on a day, off, or at another center."""

    kind = EditKind.DAY
    on = _date(_("Day"))
    starts = _time(_("From"), required=False, help_text=_("Leave both empty for a day off."))
    ends = _time(_("Until"), required=False)
    at = forms.ModelChoiceField(
        label=_("At another center"),
        queryset=Center.objects.filter(active=True),
        to_field_name="code",
        required=False,
        empty_label=_("No, here"),
    )

    def given(self, zone: str) -> dict[str, Any]:
        """The center by its code."""
        at = self.cleaned_data["at"]
        return {**self.cleaned_data, "at": at.code if at else ""}


class DayAsUsualForm(EditForm):
    """Take the exception of a day back."""

    kind = EditKind.DAY_AS_USUAL
    on = forms.DateField(widget=forms.HiddenInput)


class BreakForm(EditForm):
    """A break on a day."""

    kind = EditKind.BREAK
    on = _date(_("Day"))
    starts = _time(_("From"))
    ends = _time(_("Until"))


class WeeklyBreakForm(EditForm):
    """A break every week."""

    kind = EditKind.WEEKLY_BREAK
    first = _date(_("From this day on"))
    starts = _time(_("From"))
    ends = _time(_("Until"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )


class DownForm(EditForm):
    """Not there from now until a time."""

    kind = EditKind.DOWN
    why = forms.ChoiceField(
        label=_("What is it?"),
        choices=[each for each in AbsenceKind.choices if each[0] != AbsenceKind.BREAK],
        widget=forms.RadioSelect,
    )
    until_on = _date(_("Back on"))
    until = _time(_("At"))

    def given(self, zone: str) -> dict[str, Any]:
        """The instant at which it is back."""
        back = datetime.combine(self.cleaned_data["until_on"], self.cleaned_data["until"], ZoneInfo(zone))
        try:
            until = back.astimezone(ZoneInfo("UTC"))
        except OverflowError as error:
            raise Invalid(fields={"until_on": str(_("Give a day that the calendar has."))}) from error
        return {"why": self.cleaned_data["why"], "until": until}


class AbsenceOverForm(EditForm):
    """It is there again, or the break is dropped."""

    kind = EditKind.ABSENCE_OVER
    absence = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)


class LeaveForm(EditForm):
    """A leave of a person."""

    kind = EditKind.LEAVE
    first = _date(_("First day away"))
    last = _date(_("Last day away"))


class RetirementForm(EditForm):
    """Used no more."""

    kind = EditKind.RETIREMENT
    first = _date(_("From this day on"))


class _WeekdaysForm(EditForm):
    """Two hours for each weekday, none where there is nothing."""

    begins, ends_with = "starts", "ends"
    first = _date(_("From this day on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in WEEKDAYS:
            self.fields[f"{self.begins}_{day}"] = _time(_("%(day)s from") % {"day": name}, required=False)
            self.fields[f"{self.ends_with}_{day}"] = _time(_("%(day)s until") % {"day": name}, required=False)

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """The name of each weekday with its two fields."""
        return [(name, self[f"{self.begins}_{day}"], self[f"{self.ends_with}_{day}"]) for day, name in WEEKDAYS]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields that are no weekday's."""
        return [self[name] for name in self.fields if not name[-1].isdigit()]

    def clean(self) -> dict[str, Any]:
        """Both hours of a weekday, or neither."""
        cleaned: dict[str, Any] = super().clean() or {}
        for day, _name in WEEKDAYS:
            both = cleaned.get(f"{self.begins}_{day}"), cleaned.get(f"{self.ends_with}_{day}")
            if (both[0] is None) != (both[1] is None):
                self.add_error(f"{self.ends_with}_{day}", _("Give both hours, or neither."))
        return cleaned

    def spans(self) -> list[dict[str, Any]]:
        """The weekdays that have hours."""
        found = (
            {
                "weekday": day,
                self.begins: self.cleaned_data[f"{self.begins}_{day}"],
                self.ends_with: self.cleaned_data[f"{self.ends_with}_{day}"],
            }
            for day, _name in WEEKDAYS
        )
        return [span for span in found if span[self.begins] is not None]


class WeekForm(_WeekdaysForm):
    """Weekly hours of a person, with one break."""

    kind = EditKind.WEEK
    break_starts = _time(_("Break from"), required=False, help_text=_("Every day; leave both empty for none."))
    break_ends = _time(_("Break until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Both hours of the break, or neither, in order."""
        cleaned = super().clean()
        starts, ends = cleaned.get("break_starts"), cleaned.get("break_ends")
        if (starts is None) != (ends is None) or (starts is not None and ends is not None and starts >= ends):
            self.add_error("break_ends", _("Give both hours, the end after the start, or neither."))
        return cleaned

    def given(self, zone: str) -> dict[str, Any]:
        """The shifts, split around the break."""
        return {"first": self.cleaned_data["first"], "shifts": list(self._around_the_break())}

    def _around_the_break(self) -> Any:
        starts, ends = self.cleaned_data["break_starts"], self.cleaned_data["break_ends"]
        for span in self.spans():
            parts = [(span["starts"], span["ends"])]
            for first, last in without(parts, starts, ends) if starts else parts:
                yield {"weekday": span["weekday"], "starts": first, "ends": last}


class ClosureForm(EditForm):
    """The center is closed on a day, or for a part of it."""

    kind = EditKind.CLOSURE
    on = _date(_("Day"))
    reason = forms.CharField(label=_("Why"), max_length=80, help_text=_("Such as: snow, no power, a holiday."))
    starts = _time(_("From"), required=False, help_text=_("Leave both empty for the whole day."))
    ends = _time(_("Until"), required=False)


class ReopeningForm(EditForm):
    """Take the closures of a day back."""

    kind = EditKind.REOPENING
    on = forms.DateField(widget=forms.HiddenInput)


class HoursForm(_WeekdaysForm):
    """Opening hours."""

    kind = EditKind.HOURS
    begins, ends_with = "opens", "closes"

    def given(self, zone: str) -> dict[str, Any]:
        """The weekdays that are open."""
        return {"first": self.cleaned_data["first"], "hours": self.spans()}


class NewUnitForm(EditForm):
    """Another unit."""

    kind = EditKind.NEW_UNIT
    unit_kind = forms.ChoiceField(label=_("What"), choices=ResourceKind.choices)
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("A room gets the next number by itself.")
    )
    staff = forms.ModelChoiceField(
        label=_("Who"),
        queryset=Staff.objects.filter(is_active=True, role__in=("sonographer", "clinician", "physician")).order_by(
            "last_name", "first_name"
        ),
        to_field_name="username",
        required=False,
        help_text=_("For a person: the member of staff."),
        empty_label=_("Nobody: it is a room"),
    )

    def given(self, zone: str) -> dict[str, Any]:
        """The person by their user name."""
        staff = self.cleaned_data["staff"]
        return {**self.cleaned_data, "staff": staff.username if staff else ""}


OF_UNIT: tuple[type[EditForm], ...] = (
    DownForm,
    DayForm,
    BreakForm,
    WeekForm,
    WeeklyBreakForm,
    LeaveForm,
    RetirementForm,
)
OF_CENTER: tuple[type[EditForm], ...] = (ClosureForm, HoursForm, NewUnitForm)
OF_ONE_ROW: tuple[type[EditForm], ...] = (DayAsUsualForm, AbsenceOverForm, ReopeningForm)
FORMS: dict[str, type[EditForm]] = {form.kind: form for form in OF_UNIT + OF_CENTER + OF_ONE_ROW}
