"""Forms of the patient's pages, built from the questionnaire and from what a booking needs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.languages import INTERPRETED
from clinic.models import Mobility, Transfer
from clinic.phones import national, normalize_own
from clinic.services.access_needs import Access
from clinic.tables import HEAVIEST_LB, LIGHTEST_LB
from scheduling.pages.patient.screens import OPTIONAL_GROUPS, Screen
from triage.drafts import answer, check_answer
from triage.questionnaire import Item, Kind

#: An answer in own words that may be longer gets a box of several lines.
LONGEST_LINE = 120
DATE_INPUTS = ["%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"]
CHOOSE = _("Please choose one of the answers.")
FIRST_NAME = {"required": _("Enter the patient's first name.")}
LAST_NAME = {"required": _("Enter the patient's last name.")}
BIRTH_DATE = {"required": _("Enter the patient's birth date.")}
PHONE = {"required": _("Enter the phone number: we need it to reach you.")}
ZIP = {"required": _("Enter the ZIP code of where you are now.")}
UNKNOWN_ZIP = _("This ZIP code does not exist. Enter five digits.")
_AUTOCOMPLETE = {"contact.phone": "tel", "contact.zip": "postal-code", "patient.birth_date": "bday"}
_MODES = {Kind.PHONE: "tel", Kind.ZIP: "numeric", Kind.WHOLE_NUMBER: "numeric"}
#: Questions other than these need an answer, if only "I am not sure".
_MAY_BE_OPEN = frozenset({"patient.birth_date", "patient.age", "onset_days"})


def date_field(
    label: Any,
    *,
    autocomplete: str = "",
    required: bool = True,
    help_text: Any = "",
    missing: dict[str, Any] | None = None,
) -> forms.DateField:
    """A date, by the phone's own wheel or typed. ``missing``: what is said where it was left empty."""
    attributes = {"type": "date", "autocomplete": autocomplete} if autocomplete else {"type": "date"}
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=DATE_INPUTS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=attributes),
        error_messages={"invalid": _("Enter a date like 03/09/1968.")} | (missing or {}),
    )


class ScreenForm(forms.Form):
    """The questions of one screen, in one language, with what was answered before."""

    def __init__(self, items: Screen, language: str, answers: Mapping[str, Any], given: Any = None) -> None:
        super().__init__(given, initial={item.key: _shown(item, answer(answers, item.key)) for item in items})
        at = 1 if language == "es" else 0
        for item in items:
            self.fields[item.key] = _field(item, at)
        self.items = {item.key: item for item in items}

    def clean(self) -> dict[str, Any]:
        """Hold every answer against its question, so that all that is wrong is said at once."""
        for key, item in self.items.items():
            if key in self.cleaned_data:
                try:
                    check_answer(item, self.cleaned_data[key])
                except ValueError as error:
                    self.add_error(key, gettext(str(error)))
        return self.cleaned_data

    def given(self) -> dict[Item, object]:
        """Return each question with its checked answer; one that was left open as None."""
        return {
            item: None if self.cleaned_data.get(key) in (None, "") else self.cleaned_data[key]
            for key, item in self.items.items()
        }


def _shown(item: Item, value: object) -> object:
    """An answer as it is typed: a number without its country."""
    return national(str(value)) if item.kind is Kind.PHONE and value else value


def _field(item: Item, at: int) -> forms.Field:
    required = item.group not in OPTIONAL_GROUPS and item.key not in _MAY_BE_OPEN
    words: dict[str, Any] = {"label": item.question[at], "required": required}
    if item.help:
        words["help_text"] = item.help[at]
    if item.kind in (Kind.TRI, Kind.CHOICE):
        return forms.ChoiceField(
            choices=[(choice.value, choice.words[at]) for choice in item.choices],
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": CHOOSE},
            **words,
        )
    if item.kind is Kind.DATE:
        return date_field(
            words["label"],
            autocomplete=_AUTOCOMPLETE.get(item.key, ""),
            required=required,
            help_text=words.get("help_text", ""),
        )
    attributes = {"inputmode": _MODES.get(item.kind, "text"), "autocomplete": _AUTOCOMPLETE.get(item.key, "off")}
    if item.kind is Kind.WHOLE_NUMBER:
        return forms.IntegerField(
            min_value=item.minimum,
            max_value=item.maximum,
            widget=forms.TextInput(attrs=attributes),
            **words,
        )
    kind = "tel" if item.kind is Kind.PHONE else "text"
    length = {Kind.PHONE: 40, Kind.ZIP: 10}.get(item.kind, item.maximum)
    widget = forms.Textarea({"rows": 2}) if _is_long(item) else forms.TextInput({"type": kind, **attributes})
    missing = {Kind.PHONE: PHONE, Kind.ZIP: ZIP}.get(item.kind)
    return forms.CharField(max_length=length, widget=widget, error_messages=missing, **words)


def _is_long(item: Item) -> bool:
    """Whether an answer in own words may be more than a line."""
    return item.kind is Kind.TEXT and (item.maximum or 0) > LONGEST_LINE


class AccessFields(forms.Form):
    """What the patient needs to be seen. All of it may be left as it is."""

    transfer = forms.ChoiceField(
        label=_("How does the patient get onto an exam table?"),
        choices=[
            (Transfer.ALONE, _("Without help")),
            (Transfer.HELPER, _("With help from a person")),
            (Transfer.LIFT, _("With a lift")),
        ],
        required=False,
    )
    wheelchair = forms.BooleanField(label=_("The patient uses a wheelchair"), required=False)
    weight_lb = forms.IntegerField(
        label=_("Weight in pounds, only if more than 350"),
        min_value=LIGHTEST_LB,
        max_value=HEAVIEST_LB,
        required=False,
        help_text=_("We only look for a table that is strong enough. We do not keep the number."),
    )
    interpreter = forms.ChoiceField(
        label=_("Does the patient need an interpreter?"),
        choices=[("", _("No")), *((code, _(name)) for code, name in INTERPRETED.items())],
        required=False,
    )

    def access(self) -> Access:
        """What the intake keeps."""
        given = self.cleaned_data
        return Access(
            mobility=Mobility.WHEELCHAIR if given["wheelchair"] else Mobility.WALKS,
            transfer=given["transfer"] or Transfer.ALONE,
            weight_lb=given["weight_lb"],
            interpreter=given["interpreter"],
        )


class NameForm(AccessFields):
    """Who the visit is for, and whether we may text. Nobody is asked to agree in order to get care."""

    given_name = forms.CharField(
        label=_("Patient's first name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages=FIRST_NAME,
    )
    family_name = forms.CharField(
        label=_("Patient's last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages=LAST_NAME,
    )
    birth_date = date_field(
        _("Patient's birth date"),
        autocomplete="bday",
        help_text=_("Our links ask for it, so that nobody else can open them."),
        missing=BIRTH_DATE,
    )
    consent_to_texts = forms.ChoiceField(
        label=_("May we text this number?"),
        choices=[("yes", _("Yes, I agree")), ("no", _("No, call me instead"))],
        widget=forms.RadioSelect,
    )

    field_order: tuple[str, ...] = (
        *("given_name", "family_name", "birth_date", "consent_to_texts"),
        *("transfer", "wheelchair", "weight_lb", "interpreter"),
    )

    def __init__(self, given: Any = None, *, wording: str) -> None:
        super().__init__(given)
        self.fields["consent_to_texts"].help_text = wording


class AnsweredForm(NameForm):
    """The name, after the questions: the birth date was asked there, and may be given here where it was left open."""

    def __init__(self, given: Any = None, *, wording: str, born: object) -> None:
        super().__init__(given, wording=wording)
        if born:
            del self.fields["birth_date"]
        else:
            self.fields["birth_date"].required = False


class PhoneField(forms.CharField):
    """A number at which somebody is reached: what is wrong with it is said together with the other fields' faults."""

    def __init__(self, *, label: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
        super().__init__(label=label, max_length=40, widget=widget, error_messages=PHONE)

    def validate(self, value: str) -> None:
        """Refuse what no text or call of ours reaches."""
        super().validate(value)
        try:
            normalize_own(value)
        except ValueError as error:
            raise forms.ValidationError(gettext(str(error))) from error


class DetailsForm(NameForm):
    """A consultation without questions: also how to reach the patient."""

    phone = PhoneField(label=_("Phone number"))
    field_order = (
        *("given_name", "family_name", "birth_date", "phone", "consent_to_texts"),
        *("transfer", "wheelchair", "weight_lb", "interpreter"),
    )


class WaitForm(forms.Form):
    """How soon somebody can come who waits for a time."""

    short_notice = forms.BooleanField(label=_("I can come on short notice, also on the same day"), required=False)


class BirthDateForm(forms.Form):
    """The proof that a link asks for: the birth date, and the given name where two people share it and a phone."""

    birth_date = date_field(_("Birth date of the patient"), autocomplete="bday", missing=BIRTH_DATE)
    given_name = forms.CharField(
        label=_("First name of the patient"),
        max_length=80,
        help_text=_("Two people with this phone have this birth date."),
        error_messages=FIRST_NAME,
    )

    def __init__(self, *args: Any, asks_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_name:
            del self.fields["given_name"]
