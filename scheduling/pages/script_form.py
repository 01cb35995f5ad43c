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
                put(self.answers, key, check_answer(item, value))
            except ValueError as error:
                self.add_error(key, gettext(str(error)))
        if self.danger:
            self.errors.clear()
        else:
            self._ask_for_what_is_missing()
        return self.cleaned_data

    def call(self, *, key: UUID, began_at: datetime, language: str) -> Call:
        """Return the call as the intake takes it."""
        return Call(key=key, began_at=began_at, language=language, answers=self.answers)

    def put_on(self, refused: Invalid) -> None:
        """Put what a service refused beside its question; what belongs to none stands on top."""
        for field, sentence in refused.fields.items():
            name = _FIELDS.get(field, field)
            self.add_error(name if name in self.fields else None, sentence)
        if not refused.fields:
            self.add_error(None, refused.detail)

    def _ask_for_what_is_missing(self) -> None:
        relative = answer(self.answers, "contact.answering_for") == "relative"
        for key in (*NEEDED, *(NEEDED_OF_RELATIVES if relative else ())):
            if key not in self.errors and answer(self.answers, key) is None:
                self.add_error(key, MISSING)


def of_patient(patient: Patient) -> dict[str, str]:
    """Return what is known of a patient already. No question about their health is answered by it."""
    return {
        "contact.phone": national(patient.phone),
        "contact.zip": patient.zip,
        "contact.given_name": patient.given_name,
        "contact.family_name": patient.family_name,
        "patient.birth_date": patient.birth_date.strftime("%m/%d/%Y") if patient.birth_date else "",
        "patient.sex": patient.sex if patient.sex != Sex.OTHER else "",
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
