"""What a clinician types about treatment, score, decision and plan."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Checked, DoseSource, Drug, NotTreatedReason, Plan, TherapyChoice
from clinic.models.treatment import CHECKLIST
from clinic.services.plans import CHANGEABLE
from clinic.services.treatment import Acceptance, FirstDose, NotTreated
from clinic.villalta import ITEMS

CHOOSE = ("", _("Choose"))
CHECKED_LABELS = {
    "bleeding": _("Bleeding"),
    "kidneys": _("Kidneys"),
    "weight": _("Weight"),
    "pregnancy": _("Pregnancy"),
    "interactions": _("Other medicines"),
    "cost": _("Can they pay for it?"),
}
ITEM_LABELS = {
    "pain": _("Pain"),
    "cramps": _("Cramps"),
    "heaviness": _("Heaviness"),
    "paresthesia": _("Paresthesia"),
    "pruritus": _("Pruritus"),
    "edema": _("Pretibial edema"),
    "induration": _("Induration of the skin"),
    "hyperpigmentation": _("Hyperpigmentation"),
    "redness": _("Redness"),
    "venous_ectasia": _("Venous ectasia"),
    "calf_compression_pain": _("Pain on calf compression"),
}
DEGREES = ((0, _("None")), (1, _("Mild")), (2, _("Moderate")), (3, _("Severe")))
PLAN_LABELS = {
    "treated": _("The clot is treated, not watched"),
    "equivocal": _("The change is equivocal: scan again"),
    "other_imaging": _("Another study within 24 hours"),
    "suspicion_persists": _("The suspicion persists"),
}


class ZonedForm(forms.Form):
    """A form on a page of several, whose hours are local to the center."""

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(*args, **{"auto_id": f"id_{type(self).__name__.lower()}_%s", **kwargs})

    def instant(self, name: str) -> datetime | None:
        """The instant that a local day and hour name."""
        local: datetime | None = self.cleaned_data[name]
        return local.replace(tzinfo=self.zone) if local else None


class LocalTime(forms.DateTimeField):
    """A day and an hour as the center's clocks show them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def to_python(self, value: Any) -> Any:
        """As typed: the form knows whose clocks these are."""
        found = super().to_python(value)
        return found.replace(tzinfo=None) if isinstance(found, datetime) else found


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)


class FirstDoseForm(ZonedForm):
    """The first dose, with the prescriber's checklist."""

    drug = forms.ChoiceField(label=_("Drug"), choices=[CHOOSE, *Drug.choices])
    first_dose_taken_at = LocalTime(label=_("First dose taken"))
    dose_source = forms.ChoiceField(label=_("Where the dose came from"), choices=[CHOOSE, *DoseSource.choices])
    pack_lot = forms.CharField(label=_("Lot of the starter pack"), required=False, max_length=40)
    pack_expires_on = _day(_("The pack expires on"), required=False)
    pharmacy = forms.CharField(
        label=_("Pharmacy"), required=False, max_length=120, help_text=_("Its name, and how it is known to be open.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in CHECKLIST:
            self.fields[item] = forms.ChoiceField(label=CHECKED_LABELS[item], choices=[CHOOSE, *Checked.choices])

    def start(self) -> FirstDose:
        """What the service takes."""
        given = self.cleaned_data
        taken_at = self.instant("first_dose_taken_at")
        assert taken_at is not None  # noqa: S101 - the field is required
        return FirstDose(
            drug=given["drug"],
            taken_at=taken_at,
            source=given["dose_source"],
            pack_lot=given["pack_lot"],
            pack_expires_on=given["pack_expires_on"],
            pharmacy=given["pharmacy"],
            checklist={item: given[item] for item in CHECKLIST},
        )


class AcceptanceForm(ZonedForm):
    """Who accepted the patient, and when they left and arrived."""

    facility = forms.CharField(label=_("Emergency department or service"), max_length=120)
    acceptor = forms.CharField(label=_("Accepted by"), max_length=120)
    departed_at = LocalTime(label=_("Left at"))
    arrived_at = LocalTime(label=_("Arrived at"), required=False)

    def start(self) -> Acceptance:
        """What the service takes."""
        departed_at = self.instant("departed_at")
        assert departed_at is not None  # noqa: S101 - the field is required
        given = self.cleaned_data
        return Acceptance(
            facility=given["facility"],
            acceptor=given["acceptor"],
            departed_at=departed_at,
            arrived_at=self.instant("arrived_at"),
        )


class NotTreatedForm(ZonedForm):
    """Why no treatment begins."""

    not_treated_reason = forms.ChoiceField(label=_("Reason"), choices=[CHOOSE, *NotTreatedReason.choices])
    statement = forms.CharField(label=_("In your own words"), max_length=4000, widget=forms.Textarea({"rows": 3}))

    def start(self) -> NotTreated:
        """What the service takes."""
        given = self.cleaned_data
        return NotTreated(reason=given["not_treated_reason"], statement=given["statement"])


class VillaltaForm(ZonedForm):
    """Eleven items, and an ulcer."""

    scored_on = _day(_("Examined on"))
    ulcer = forms.BooleanField(label=_("Venous ulcer"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            self.fields[item] = forms.TypedChoiceField(
                label=ITEM_LABELS[item], choices=[CHOOSE, *DEGREES], coerce=int, empty_value=None
            )

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        typed = self.cleaned_data
        return {
            "scored_on": typed["scored_on"],
            "ulcer": typed["ulcer"],
            "items": {item: typed[item] for item in ITEMS},
        }


class TherapyForm(ZonedForm):
    """Stop or extend."""

    choice = forms.ChoiceField(label=_("Treatment"), choices=[CHOOSE, *TherapyChoice.choices])
    last_dose_on = _day(_("Last dose on"), required=False, help_text=_("Where it stops."))
    reason = forms.CharField(label=_("Why?"), max_length=200)


class PlanForm(ZonedForm):
    """What the plan in force depends on: only what its finding has."""

    def __init__(self, *args: Any, plan: Plan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, category in CHANGEABLE.items():
            if plan is not None and (category == plan.category or (category is None and plan.pregnant)):
                self.fields[name] = forms.BooleanField(
                    label=PLAN_LABELS[name], required=False, initial=getattr(plan, name) is not False
                )
