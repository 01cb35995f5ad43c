"""The list of veins on a form: one choice a vein and side, so that what was studied and what was found is one row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.models import Side
from clinic.veins import (
    ACUTE,
    ARM_DEEP,
    ARM_SUPERFICIAL,
    CHRONIC,
    CLEAR,
    DISTAL,
    LEG_SUPERFICIAL,
    NOT_SEEN,
    PROXIMAL,
    SIDES,
    spoken,
)

STATES = [
    ("", _("Not studied")),
    (CLEAR, _("Clear")),
    (ACUTE, _("Acute")),
    (CHRONIC, _("Chronic")),
    (NOT_SEEN, _("Not seen")),
]
#: The groups of the form, from the groin down.
GROUPS: tuple[tuple[Promise | str, Sequence[str]], ...] = (
    (_("Deep veins of the leg, to the knee"), sorted(PROXIMAL)),
    (_("Deep veins of the calf"), sorted(DISTAL)),
    (_("Superficial veins of the leg"), sorted(LEG_SUPERFICIAL)),
    (_("Veins of the arm"), [*sorted(ARM_DEEP), *sorted(ARM_SUPERFICIAL)]),
)


class VeinFields(forms.Form):
    """A form with one choice for each vein of the sides given."""

    def __init__(self, *args: Any, sides: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._named: dict[str, tuple[str, str]] = {}
        for side in sides:
            for _title, names in GROUPS:
                for name in names:
                    field = f"vein_{side}_{name}"
                    self._named[field] = (name, side)
                    label = f"{Side(side).label} {spoken(name)}"
                    self.fields[field] = forms.ChoiceField(label=label, choices=STATES, required=False)

    def veins(self) -> tuple[Mapping[str, object], ...]:
        """What was chosen, as a report keeps it: the veins that were studied."""
        chosen = ((named, self.cleaned_data.get(field)) for field, named in self._named.items())
        return tuple({"vein": name, "side": side, "state": state} for (name, side), state in chosen if state)

    def vein_groups(self) -> list[tuple[Promise | str, list[forms.BoundField]]]:
        """The fields of the veins by their groups, for the page."""
        return [
            (title, [self[field] for field, (name, _side) in self._named.items() if name in names])
            for title, names in GROUPS
        ]

    def plain_fields(self) -> list[forms.BoundField]:
        """The other fields."""
        return [field for field in self if field.name not in self._named]


def sides_of(side: str) -> list[str]:
    """The sides that a study of this side names, left first."""
    return sorted(SIDES[side])


def as_initial(veins: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """A stored list as the form's first values."""
    return {f"vein_{vein['side']}_{vein['vein']}": vein["state"] for vein in veins}
