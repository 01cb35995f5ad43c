"""What a representative types while a referring office is on the telephone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import DDimer, OrderPriority, Practice, Sex, Side
from clinic.pages.access_forms import NeedsForm, OtherWayForm, access_of
from clinic.phones import national
from clinic.services.referrers import Office
from scheduling.intake.reading import Contact
from scheduling.intake.referring import Ordered, Referral
from scheduling.pages.script_form import DATE_INPUTS, WRONG_DATE
from scheduling.pages.signs_form import AskedSignsForm
from triage.answers.values import Anticoagulant
from triage.drafts import to_assess

_ASK = ("", _("Ask"))
LIMBS = (
    _ASK,
    ("left_leg", _("Left leg")),
    ("right_leg", _("Right leg")),
    ("both_legs", _("Both legs")),
    ("left_arm", _("Left arm")),
    ("right_arm", _("Right arm")),
)
#: What an examining clinician says of the limb, by group and key.
FOUND = (
    ("symptoms.swelling", _("Swelling")),
    ("symptoms.pain_persistent", _("Pain for more than a day")),
    ("symptoms.warmth", _("Warmth")),
    ("symptoms.redness", _("Redness")),
    ("symptoms.new_visible_veins", _("New visible veins")),
    ("wells.deep_vein_tenderness", _("Tenderness along the deep veins")),
    ("wells.entire_leg_swollen", _("The entire leg is swollen")),
    ("wells.calf_3cm", _("The calf is 3 cm larger or more")),
    ("wells.pitting_one_leg", _("Pitting edema, this leg only")),
    ("wells.collateral_veins", _("Collateral superficial veins")),
)
RISKS = (
    ("wells.active_cancer", _("Active cancer")),
    ("wells.paralysis_or_cast", _("Paralysis, or a cast")),
    ("wells.bedridden_3d_or_surgery_12w", _("3 days in bed, or surgery within 12 weeks")),
    ("wells.prior_dvt_documented", _("Earlier DVT")),
    ("context.prior_pe", _("Earlier pulmonary embolism")),
    ("context.pregnant", _("Pregnant")),
    ("context.postpartum_6wk", _("Birth within 6 weeks")),
    ("context.inpatient", _("In a hospital now")),
    ("symptoms.cellulitis_like_local", _("Looks like a local skin infection")),
)
THINNERS = (
    (Anticoagulant.UNKNOWN, _("Not known")),
    (Anticoagulant.NONE, _("None")),
    (Anticoagulant.PROPHYLACTIC, _("Preventive dose")),
    (Anticoagulant.THERAPEUTIC, _("Treatment dose")),
)
_TEL = {"type": "tel", "autocomplete": "off"}
_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
WHO_ANSWERS = (("referrer", _("The office")), ("patient", _("The patient, who is with them")))
_CONTACT = ("given_name", "family_name", "phone", "zip", "birth_date")
#: Where a service names a field otherwise than the page.
_FIELDS = {
    "office.npi": "npi",
    "office.name": "name",
    "office.practice": "practice",
    "office.caller": "caller",
    "office.phone": "office_phone",
    "office.after_hours_phone": "after_hours_phone",
    "office.fax": "fax",
    "office.direct_address": "direct_address",
    "order.practitioner": "name",
    "order.npi": "order_npi",
    "order.side": "side",
    "order.priority": "priority",
    "order.d_dimer": "d_dimer",
    "order.indication": "indication",
    "patient.birth_date": "birth_date",
    "near": "zip",
}


def _line(label: Any, *, most: int = 120, needed: bool = True, attributes: dict[str, str] | None = None) -> Any:
    widget = forms.TextInput(attributes or {"autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=needed, widget=widget)


def _ticks(label: Any, choices: Any) -> Any:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class ReferralForm(AskedSignsForm, NeedsForm, OtherWayForm):
    """Office, patient, order, danger signs, what was examined. What was not asked stays unknown, and is never a no."""

    say = _("First I must ask about danger signs. Please say yes to each one that your patient has now.")

    npi = _line(_("NPI of the practice"), most=10, needed=False, attributes={**_NUMBER, "list": "practices"})
    practice = _line(_("Practice"), needed=False)
    caller = _line(_("Who is calling"))
    name = _line(_("Ordering clinician"))
    order_npi = _line(_("The clinician's NPI"), most=10, attributes=_NUMBER)
    office_phone = _line(_("Call-back number"), most=40, needed=False, attributes=_TEL)
    after_hours_phone = _line(_("After-hours number"), most=40, needed=False, attributes=_TEL)
    fax = _line(_("Fax"), most=40, needed=False, attributes=_TEL)
    direct_address = _line(_("Direct address"), most=120, needed=False)
    given_name = _line(_("Given name"), most=80)
    family_name = _line(_("Family name"), most=80)
    birth_date = forms.DateField(
        label=_("Birth date"),
        input_formats=DATE_INPUTS,
        error_messages={"invalid": WRONG_DATE},
        widget=forms.TextInput({**_NUMBER, "placeholder": "03/09/1968"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.OTHER)
    phone = _line(_("The patient's phone"), most=40, needed=False, attributes=_TEL)
    zip = _line(_("ZIP code where the patient is"), most=5, attributes=_NUMBER)
    limb = forms.ChoiceField(label=_("Which limb"), choices=LIMBS)
    side = forms.ChoiceField(label=_("Side on the order"), choices=[_ASK, *Side.choices])
    priority = forms.ChoiceField(label=_("Priority"), choices=OrderPriority.choices, initial=OrderPriority.URGENT)
    signed = forms.ChoiceField(
        label=_("Is the order signed?"), choices=(("yes", _("Yes")), ("no", _("No, it follows"))), initial="yes"
    )
    indication = _line(_("Indication"), most=200, needed=False)
    d_dimer = forms.ChoiceField(label=_("D-dimer"), choices=DDimer.choices, initial=DDimer.UNKNOWN)
    onset_days = forms.IntegerField(
        label=_("Days since it began"), required=False, min_value=0, widget=forms.TextInput(_NUMBER)
    )
    anticoagulant = forms.ChoiceField(label=_("Blood thinner"), choices=THINNERS)
    answered_by = forms.ChoiceField(
        label=_("Who answers these?"),
        choices=WHO_ANSWERS,
    )
    not_known = forms.BooleanField(label=_("Some of these are not known"), required=False)
    found = _ticks(_("What the clinician found"), FOUND)
    examined = forms.BooleanField(label=_("All examined: what is not ticked is not there"), required=False)
    risks = _ticks(_("Risks"), RISKS)
    risks_asked = forms.BooleanField(label=_("All asked: what is not ticked is a no"), required=False)

    def clean(self) -> dict[str, Any]:
        """The danger signs are asked of every patient: what is there, none, or not known."""
        if self.cleaned_data.get("not_known") and not self.cleaned_data.get("none"):
            return self.cleaned_data
        return super().clean()

    def referral(self) -> Referral:
        """What the service takes."""
        given = self.cleaned_data
        return Referral(
            office=Office(
                name=given["name"],
                caller=given["caller"],
                npi=given["npi"],
                practice=given["practice"],
                phone=given["office_phone"],
                after_hours_phone=given["after_hours_phone"],
                fax=given["fax"],
                direct_address=given["direct_address"],
            ),
            order=Ordered(
                practitioner=given["name"],
                npi=given["order_npi"],
                side=given["side"],
                signed=given["signed"] == "yes",
                priority=given["priority"],
                indication=given["indication"],
                d_dimer=given["d_dimer"],
            ),
            contact=Contact(
                **{name: given[name] for name in _CONTACT},
                access=access_of(given, has_phone=bool(given["phone"].strip())),
            ),
            answers=self._answers(),
            answered_by=given["answered_by"],
        )

    def put_on(self, fields: dict[str, str]) -> None:
        """Put a service's refusals beside their fields."""
        for field, sentence in fields.items():
            at = _FIELDS.get(field, field)
            self.add_error(at if at in self.fields else None, sentence)

    def _answers(self) -> dict[str, Any]:
        given = self.cleaned_data
        raw: dict[str, Any] = {
            "patient": {"birth_date": given["birth_date"].isoformat(), "sex": given["sex"]},
            "limb": given["limb"],
            "context": {"anticoagulant": given["anticoagulant"]},
            **self._signs(),
        }
        if given["onset_days"] is not None:
            raw["onset_days"] = given["onset_days"]
        for field, choices, asked in (("found", FOUND, given["examined"]), ("risks", RISKS, given["risks_asked"])):
            for path, _label in choices:
                group, _dot, key = path.partition(".")
                if path in given[field] or asked:
                    raw.setdefault(group, {})[key] = "yes" if path in given[field] else "no"
        return to_assess(raw)

    def _signs(self) -> dict[str, dict[str, str]]:
        """The danger signs: what is not ticked is a no, or unknown where not all of them are known."""
        answers = self.answers()
        if not self.cleaned_data["not_known"]:
            return answers
        return {group: {key: each for key, each in items.items() if each == "yes"} for group, items in answers.items()}


def of_practice(practice: Practice) -> dict[str, str]:
    """What the directory knows, by the names of the form."""
    numbers = {"office_phone": practice.phone, "after_hours_phone": practice.after_hours_phone, "fax": practice.fax}
    shown = {name: national(number) if number else "" for name, number in numbers.items()}
    return {"practice": practice.name, "direct_address": practice.direct_address, **shown}
