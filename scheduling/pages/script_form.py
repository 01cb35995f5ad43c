"""What is typed and chosen in a call: every question of the script as a field, and nothing answered beforehand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.errors import Invalid
from clinic.models import Patient, Sex
from clinic.pages.access_forms import OTHER_WAY, access_of
from clinic.phones import national
from scheduling.intake.called import Call
from scheduling.pages.script_questions import parts
from triage.drafts import answer, check_answer, put
from triage.questionnaire import Item, Kind, ending

#: A date is typed without leaving the keys: 03091968 and 03/09/1968 are the same day.
DATE_INPUTS = ["%m/%d/%Y", "%m-%d-%Y", "%m%d%Y", "%Y-%m-%d"]
#: Without these nobody can be called back or found a center; with a danger sign even they can wait.
NEEDED = ("contact.phone", "contact.zip", "contact.given_name", "contact.family_name")
NEEDED_OF_RELATIVES = ("contact.name", "contact.relation", "contact.consent")
MISSING = _("Ask for this: without it we can't go on.")
WRONG_DATE = _("Enter month, day and year, such as 03/09/1968.")
WRONG_CHOICE = _("Choose one of the answers.")
_MODES = {Kind.PHONE: "tel", Kind.ZIP: "numeric", Kind.WHOLE_NUMBER: "numeric", Kind.DECIMAL: "decimal"}
_LENGTHS = {Kind.PHONE: 40, Kind.ZIP: 10, Kind.DECIMAL: 10}
#: Where a service names a field otherwise than the script.
_FIELDS = {
    "phone": "contact.phone",
    "zip": "contact.zip",
    "near": "contact.zip",
    "given_name": "contact.given_name",
    "family_name": "contact.family_name",
    "birth_date": "patient.birth_date",
    "answered_by": "contact.answering_for",
    "relation": "contact.relation",
    "relative_name": "contact.name",
    **{name: f"access.{name}" for name in ("contact_name", "contact_phone", "address", "in_person_plan")},
    **{name: f"access.{name}" for name in ("mobility", "transfer", "weight_lb", "interpreter")},
}


class ScriptForm(forms.Form):
    """The script of a call. ``answers`` holds what could be read of it, in groups, once it was cleaned."""

    def __init__(self, given: Any = None, *, clinician: bool, known: Mapping[str, str] | None = None) -> None:
        super().__init__(given, initial=dict(known or {}))
        self.parts = parts(clinician=clinician)
        self.items = {item.key: item for part in self.parts for item in part.items}
        for key, item in self.items.items():
            self.fields[key] = _field(item)
        self.answers: dict[str, Any] = {}
        #: What they need to be seen, and how they are reached without a phone: apart, as no weight is kept.
        self.needs: dict[str, Any] = {}

    @property
    def danger(self) -> bool:
        """Whether a danger sign is there that decides by itself."""
        return ending(self.answers) is not None

    def clean(self) -> dict[str, Any]:
        """Hold every answer against its question. A danger sign is never held up by what else is wrong or missing."""
        for key, item in self.items.items():
            value = self.cleaned_data.get(key)
            if value in (None, ""):
                continue
            try:
                checked = check_answer(item, value)
                if item.group == "access":
                    self.needs[key.removeprefix("access.")] = checked
                else:
                    put(self.answers, key, checked)
            except ValueError as error:
                self.add_error(key, gettext(str(error)))
        if self.danger:
            self.errors.clear()
        else:
            self._ask_for_what_is_missing()
        return self.cleaned_data

    def call(self, *, key: UUID, began_at: datetime, language: str) -> Call:
        """Return the call as the intake takes it."""
        said = {name: value for name, value in self.needs.items() if value != "none"}
        access = access_of(said, has_phone=answer(self.answers, "contact.phone") is not None)
        return Call(key=key, began_at=began_at, language=language, answers=self.answers, access=access)

    def put_on(self, refused: Invalid) -> None:
        """Put what a service refused beside its question; what belongs to none stands on top."""
        for field, sentence in refused.fields.items():
            name = _FIELDS.get(field, field)
            self.add_error(name if name in self.fields else None, sentence)
        if not refused.fields:
            self.add_error(None, refused.detail)

    def _ask_for_what_is_missing(self) -> None:
        relative = answer(self.answers, "contact.answering_for") == "relative"
        needed = [each for each in NEEDED if each != "contact.phone" or not self._reached_otherwise()]
        for key in (*needed, *(NEEDED_OF_RELATIVES if relative else ())):
            if key not in self.errors and answer(self.answers, key) is None:
                self.add_error(key, MISSING)

    def _reached_otherwise(self) -> bool:
        """Whether they said that they have no phone, and how else they are reached."""
        return self.needs.get("no_phone") == "yes" and any(self.needs.get(name) for name in OTHER_WAY)


def of_patient(patient: Patient) -> dict[str, str]:
    """Return what is known of a patient already. No question about their health is answered by it."""
    return {
        "contact.phone": national(patient.phone) if patient.phone else "",
        "contact.zip": patient.zip,
        "contact.given_name": patient.given_name,
        "contact.family_name": patient.family_name,
        "patient.birth_date": patient.birth_date.strftime("%m/%d/%Y") if patient.birth_date else "",
        "patient.sex": patient.sex if patient.sex != Sex.OTHER else "",
        **_found_by(patient),
    }


def _found_by(patient: Patient) -> dict[str, str]:
    if patient.phone is not None:
        return {}
    return {
        "access.no_phone": "yes",
        "access.contact_name": patient.contact_name,
        "access.contact_phone": national(patient.contact_phone) if patient.contact_phone else "",
        "access.address": patient.contact_address,
        "access.in_person_plan": patient.in_person_plan,
    }


def _field(item: Item) -> forms.Field:
    if item.kind in (Kind.TRI, Kind.CHOICE):
        choices = [(choice.value, choice.words[0]) for choice in item.choices]
        return forms.ChoiceField(choices=choices, required=False, error_messages={"invalid_choice": WRONG_CHOICE})
    attributes = {"inputmode": _MODES.get(item.kind, "text"), "autocomplete": "off"}
    line = forms.TextInput(attributes)
    if item.kind is Kind.DATE:
        messages = {"invalid": WRONG_DATE}
        return forms.DateField(required=False, input_formats=DATE_INPUTS, widget=line, error_messages=messages)
    if item.kind is Kind.WHOLE_NUMBER:
        return forms.IntegerField(required=False, min_value=item.minimum, max_value=item.maximum, widget=line)
    return forms.CharField(required=False, max_length=_LENGTHS.get(item.kind, item.maximum), widget=line)
