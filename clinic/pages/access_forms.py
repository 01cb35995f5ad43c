"""Fields that several forms ask: what somebody needs to be seen, and how they are found without a phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.languages import INTERPRETED
from clinic.models import Mobility, Transfer
from clinic.services.access_needs import Access
from clinic.tables import HEAVIEST_LB, LIGHTEST_LB, STANDARD_LB, table_for

NEEDS = ("mobility", "transfer", "weight_lb", "interpreter")
OTHER_WAY = ("contact_name", "contact_phone", "address", "in_person_plan")
_OFF = {"autocomplete": "off"}


class NeedsForm(forms.Form):
    """How they get about and onto the table, the weight only against the table's limit, and an interpreter."""

    mobility = forms.ChoiceField(
        label=_("How do they get about?"), choices=Mobility.choices, required=False, initial=Mobility.WALKS
    )
    transfer = forms.ChoiceField(
        label=_("How do they get onto the table?"), choices=Transfer.choices, required=False, initial=Transfer.ALONE
    )
    weight_lb = forms.IntegerField(
        label=_("Weight in pounds, where it may be above %(limit)s") % {"limit": STANDARD_LB},
        min_value=LIGHTEST_LB,
        max_value=HEAVIEST_LB,
        required=False,
        help_text=_("Compared with the tables, and not kept. Empty: as it was."),
    )
    interpreter = forms.ChoiceField(
        label=_("Interpreter"), choices=[("", _("None is needed")), *INTERPRETED.items()], required=False
    )


class OtherWayForm(forms.Form):
    """How somebody is reached who has no telephone: one of the three."""

    contact_name = forms.CharField(
        label=_("Without a telephone: another contact"), max_length=120, required=False, widget=forms.TextInput(_OFF)
    )
    contact_phone = forms.CharField(
        label=_("That contact's number"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", **_OFF}),
    )
    address = forms.CharField(
        label=_("Or a mailing address"), max_length=200, required=False, widget=forms.TextInput(_OFF)
    )
    in_person_plan = forms.CharField(
        label=_("Or when they come back in person"),
        max_length=200,
        required=False,
        help_text=_("Such as: back at the desk at 4 pm for the result."),
        widget=forms.TextInput(_OFF),
    )


def access_of(given: dict[str, Any], *, has_phone: bool) -> Access:
    """Return what the fields of both forms say; what a form does not ask is as nobody said it."""
    return Access(
        mobility=given.get("mobility") or Mobility.WALKS,
        transfer=given.get("transfer") or Transfer.ALONE,
        weight_lb=given.get("weight_lb"),
        interpreter=given.get("interpreter") or "",
        no_phone=not has_phone,
        **{name: given.get(name) or "" for name in OTHER_WAY},
    )


def carried(given: dict[str, Any]) -> dict[str, Any]:
    """Return the needs as a session carries them to the next page: of the weight only the table that it needs."""
    said = {name: given.get(name) or "" for name in ("mobility", "transfer", "interpreter")}
    weight = given.get("weight_lb")
    return {**said, "weight_lb": (table_for(weight) or None) if weight else None}
