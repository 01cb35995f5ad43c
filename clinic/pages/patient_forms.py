"""What is typed to find or register a patient."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from clinic.models import ConsentChannel, DisclosurePurpose, Language, Sex
from clinic.pages.access_forms import OTHER_WAY, OtherWayForm
from clinic.services.other_ways import OtherWay

DATE = {"type": "date"}


class SearchForm(forms.Form):
    """Whom to look for: at least one of the three."""

    phone = forms.CharField(label=_("Phone"), required=False, max_length=40, widget=forms.TextInput({"type": "tel"}))
    name = forms.CharField(label=_("Name, or how it begins"), required=False, max_length=120)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))


class RegisterForm(OtherWayForm):
    """A new patient, as a colleague asks for it on the phone or at the desk; who has no phone is reached otherwise."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("With the area code, such as 301-555-0142. Empty: they have none; then see below."),
        widget=forms.TextInput({"type": "tel"}),
    )
    zip = forms.CharField(
        label=_("ZIP code"), min_length=5, max_length=5, widget=forms.TextInput({"inputmode": "numeric"})
    )
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.OTHER)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    consent = forms.ChoiceField(
        label=_("May we text this number about care and visits?"),
        choices=[("", _("Not asked")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )
    consent_channel = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=[(ConsentChannel.PHONE, _("On the phone")), (ConsentChannel.IN_PERSON, _("In person"))],
        initial=ConsentChannel.PHONE,
    )

    field_order = ("given_name", "family_name", "phone", *OTHER_WAY)

    @property
    def asked(self) -> list[BoundField]:
        """The fields of everybody."""
        return [field for field in self if field.name not in OTHER_WAY]

    @property
    def without_phone(self) -> list[BoundField]:
        """The fields of who has no telephone: folded, as hardly anybody needs them."""
        return [self[name] for name in OTHER_WAY]

    @property
    def without_phone_shown(self) -> bool:
        """Whether they stand open: something was typed there, or is wanted there."""
        typed = any(field.value() or field.errors for field in self.without_phone)
        return typed or bool(self["phone"].errors)

    def wanted(self) -> dict[str, Any]:
        """What the service takes."""
        given = dict(self.cleaned_data)
        given["consent_to_texts"] = {"yes": True, "no": False}.get(given.pop("consent"))
        given["consent_channel"] = ConsentChannel(given["consent_channel"])
        given["other_way"] = OtherWay(**{name: given.pop(name) for name in OTHER_WAY})
        return given


class RecordForm(forms.Form):
    """To whom a record goes, and why."""

    to_whom = forms.CharField(label=_("To whom"), max_length=120, help_text=_("A name, or an office."))
    purpose = forms.ChoiceField(label=_("Why"), choices=DisclosurePurpose.choices)
