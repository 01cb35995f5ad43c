"""The danger signs on one screen: what is there now is ticked, and nothing counts as a no that was not said."""

from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.intake.asking_again import GROUPS
from triage.models import Occasion
from triage.questionnaire import SECTIONS, Item

_ITEMS: dict[str, tuple[Item, ...]] = {section.key: section.items for section in SECTIONS if section.key in GROUPS}
_LABELS = {
    "emergency": _("Is anyone in danger right now?"),
    "limb_threat": _("Is the leg or arm in danger?"),
}


class SignsForm(forms.Form):
    """Tick what is there; or say that none of it is."""

    emergency = forms.MultipleChoiceField(
        label=_LABELS["emergency"], required=False, widget=forms.CheckboxSelectMultiple
    )
    limb_threat = forms.MultipleChoiceField(
        label=_LABELS["limb_threat"], required=False, widget=forms.CheckboxSelectMultiple
    )
    none = forms.BooleanField(label=_("None of these"), required=False)

    def __init__(self, language: str, given: Any = None, **more: Any) -> None:
        super().__init__(given, **more)
        at = 1 if language == "es" else 0
        for group, items in _ITEMS.items():
            words = [(_name(item), item.question[at]) for item in items]
            cast("forms.MultipleChoiceField", self.fields[group]).choices = words

    def clean(self) -> dict[str, Any]:
        """Ask for an answer, and for one that does not contradict itself."""
        if self.ticked() and self.cleaned_data.get("none"):
            raise forms.ValidationError(_("You ticked a sign and also none of these. Please look again."))
        if not self.ticked() and not self.cleaned_data.get("none"):
            raise forms.ValidationError(_("Tick what is there now, or: none of these."))
        return self.cleaned_data

    def ticked(self) -> bool:
        """Whether anything is there. Ask only of a form that was cleaned, be it in vain."""
        return any(self.cleaned_data.get(group) for group in GROUPS)

    def signs(self) -> list[Item]:
        """Return the danger signs that were ticked."""
        return [
            item for group, items in _ITEMS.items() for item in items if _name(item) in self.cleaned_data.get(group, ())
        ]

    def answers(self) -> dict[str, dict[str, str]]:
        """Return every sign as yes or no: all of them stood on the screen."""
        return {
            group: {_name(item): "yes" if _name(item) in self.cleaned_data[group] else "no" for item in items}
            for group, items in _ITEMS.items()
        }


class AskedSignsForm(SignsForm):
    """The same, asked aloud by a colleague, who ticks what they heard. ``say`` is read to whoever answers, first."""

    say: Promise | str = _("First I must ask about danger signs. Please say yes to each one that is there now.")

    def __init__(self, given: Any = None, **more: Any) -> None:
        super().__init__("en", given, **more)
        self.fields["emergency"].label = _("Danger to life: tick every yes")
        self.fields["limb_threat"].label = _("Danger to the leg or arm: tick every yes")
        self.fields["none"].label = _("I asked all of them: none of these is there")


class StaffSignsForm(AskedSignsForm):
    """The same, with the contact at which they were asked."""

    occasion = forms.ChoiceField(
        label=_("When did you ask?"),
        choices=[(Occasion.CALL, Occasion.CALL.label), (Occasion.ARRIVAL, Occasion.ARRIVAL.label)],
    )


def _name(item: Item) -> str:
    return item.key.rpartition(".")[2]
