"""What is typed about who somebody is: the registration in parts, identifiers, who speaks for the patient, a merge."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.models import Language, Registration, RegistrationPart, Representative, RepresentativeKind, Sex
from clinic.pages.patient_forms import DATE
from clinic.phones import national
from clinic.services.identifying import Said
from clinic.services.registration import MAY_BE_NONE, Answers
from clinic.services.representatives import Speaker

NOT_ASKED = ("", _("Not asked yet"))
_TEL = {"type": "tel"}
#: The fields by which a part counts as asked.
_FIELDS: dict[RegistrationPart, tuple[str, ...]] = {
    RegistrationPart.LEGAL_NAME: ("legal_name",),
    RegistrationPart.BIRTH_DATE: ("birth_date",),
    RegistrationPart.SEX: ("sex",),
    RegistrationPart.ADDRESS: ("street", "city", "state"),
    RegistrationPart.EMERGENCY_CONTACT: ("emergency_contact_name", "emergency_contact_phone"),
    RegistrationPart.LANGUAGE: ("language",),
    RegistrationPart.PRIMARY_CLINICIAN: ("primary_clinician",),
    RegistrationPart.PAYER: ("payer", "member_number"),
}


class RegistrationForm(forms.Form):
    """Every part; what is left empty stays as it was, and is not asked yet."""

    legal_name = forms.CharField(
        label=_("Legal name"), required=False, max_length=160, help_text=_("As it stands on the document.")
    )
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[NOT_ASKED, *Sex.choices])
    street = forms.CharField(label=_("Street and number"), required=False, max_length=120)
    city = forms.CharField(label=_("City"), required=False, max_length=60)
    state = forms.CharField(label=_("State"), required=False, max_length=2, help_text=_("Two letters, such as MD."))
    zip = forms.CharField(
        label=_("ZIP code"), min_length=5, max_length=5, widget=forms.TextInput({"inputmode": "numeric"})
    )
    emergency_contact_name = forms.CharField(label=_("Emergency contact"), required=False, max_length=120)
    emergency_contact_phone = forms.CharField(
        label=_("Their phone"), required=False, max_length=40, widget=forms.TextInput(_TEL)
    )
    no_emergency_contact = forms.BooleanField(label=_("Asked: no emergency contact"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[NOT_ASKED, *Language.choices])
    primary_clinician = forms.CharField(label=_("Primary clinician"), required=False, max_length=120)
    no_primary_clinician = forms.BooleanField(label=_("Asked: no primary clinician"), required=False)
    payer = forms.CharField(label=_("Payer"), required=False, max_length=120)
    member_number = forms.CharField(label=_("Member number"), required=False, max_length=40)
    no_payer = forms.BooleanField(label=_("Asked: no payer, pays for themselves"), required=False)

    def answers(self) -> Answers:
        """What the service takes: the parts that were asked, with their answers."""
        given: dict[str, Any] = self.cleaned_data
        none = {part: given[f"no_{part.value}"] for part in MAY_BE_NONE}
        parts = [part for part, fields in _FIELDS.items() if none.get(part) or any(given[each] for each in fields)]
        values = {name: value for name, value in given.items() if not name.startswith("no_")}
        for part, asked_none in none.items():
            if asked_none:
                values |= dict.fromkeys(_FIELDS[part], "")
        return Answers(parts=tuple(part.value for part in parts), **values)


def registration_initial(row: Registration) -> dict[str, Any]:
    """The form as the registration stands. What stands on record and was never asked is left to be asked."""
    patient, asked = row.patient, row.asked
    contact = RegistrationPart.EMERGENCY_CONTACT in asked
    return {
        "legal_name": row.legal_name,
        "birth_date": patient.birth_date if RegistrationPart.BIRTH_DATE in asked else None,
        "sex": patient.sex if RegistrationPart.SEX in asked else "",
        "street": row.street,
        "city": row.city,
        "state": row.state,
        "zip": patient.zip,
        "emergency_contact_name": patient.emergency_contact_name if contact else "",
        "emergency_contact_phone": national(patient.emergency_contact_phone)
        if contact and patient.emergency_contact_phone
        else "",
        "no_emergency_contact": contact and not patient.emergency_contact_name,
        "language": patient.language if RegistrationPart.LANGUAGE in asked else "",
        "primary_clinician": row.primary_clinician,
        "no_primary_clinician": RegistrationPart.PRIMARY_CLINICIAN in asked and not row.primary_clinician,
        "payer": row.payer,
        "member_number": row.member_number,
        "no_payer": RegistrationPart.PAYER in asked and not row.payer,
    }


class IdentifierFields(forms.Form):
    """What somebody on the phone says of the patient. It is compared, and not kept."""

    said_name = forms.CharField(
        label=_("The patient's full name, as it was said"), required=False, max_length=160, strip=True
    )
    said_birth_date = forms.DateField(
        label=_("The patient's birth date, as it was said"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d")
    )
    said_phone = forms.CharField(
        label=_("The phone number on record, as it was said"),
        required=False,
        max_length=40,
        widget=forms.TextInput(_TEL),
    )
    called_back = forms.BooleanField(label=_("We dialed the number on record"), required=False)

    def said(self) -> Said | None:
        """What the service takes; None where nothing was typed."""
        given = self.cleaned_data
        said = Said(
            name=given["said_name"],
            birth_date=given["said_birth_date"],
            phone=given["said_phone"],
            street=given.get("said_street", ""),
            zip=given.get("said_zip", ""),
        )
        return said if said.given or given["called_back"] else None


class CheckForm(IdentifierFields):
    """Two identifiers, for the patient or for who speaks in their place."""

    field_order = ("representative", "said_name", "said_birth_date", "said_phone", "said_street", "said_zip")

    representative = forms.ModelChoiceField(
        label=_("Who is on the phone?"), queryset=Representative.objects.none(), required=False
    )
    said_street = forms.CharField(label=_("Street and number, as it was said"), required=False, max_length=120)
    said_zip = forms.CharField(label=_("ZIP code, as it was said"), required=False, max_length=10)

    def __init__(self, *args: Any, speakers: QuerySet[Representative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_speakers(self.fields["representative"], speakers, _("The patient"))


def put_speakers(field: forms.Field, speakers: QuerySet[Representative], nobody: Any) -> None:
    """Offer those who speak for the patient, and nobody else."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = speakers
        field.empty_label = nobody


class RepresentativeForm(forms.Form):
    """Somebody who speaks for the patient."""

    kind = forms.ChoiceField(label=_("On what authority?"), choices=RepresentativeKind.choices, initial="helper")
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40, widget=forms.TextInput(_TEL))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    document = forms.CharField(
        label=_("Document that you have seen"),
        required=False,
        max_length=120,
        help_text=_("Of a guardian and of a power of attorney only."),
    )
    expires_on = forms.DateField(label=_("It holds until"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))

    consent = forms.ChoiceField(
        label=_("May we text their number about the patient's care?"),
        choices=[("", _("Not asked")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )

    def speaker(self) -> Speaker:
        """What the service takes."""
        given = dict(self.cleaned_data)
        given["consent_to_texts"] = {"yes": True, "no": False}.get(given.pop("consent"))
        return Speaker(**given)


class PermissionForm(IdentifierFields):
    """The patient's own word; by phone with what they said of themselves."""

    field_order = ("granted", "how", "expires_on", "said_name", "said_birth_date", "said_phone")

    granted = forms.ChoiceField(
        label=_("May they hear results?"), choices=[("yes", _("Yes")), ("no", _("No, or no longer"))]
    )
    how = forms.ChoiceField(
        label=_("How did the patient say so?"),
        choices=[("in_person", _("In person")), ("phone", _("On the phone, known by two identifiers"))],
    )
    expires_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["called_back"]

    def said(self) -> Said | None:
        """What the service takes; None where nothing was typed."""
        self.cleaned_data.setdefault("called_back", False)
        return super().said()


class MergeForm(forms.Form):
    """How it is known that two records are one person's."""

    reason = forms.CharField(label=_("How do you know that it is one person?"), max_length=200)
