"""The list of veins on a form: a row a vein and a column a side, so that what was studied and found is one choice.

The sonographer writes it on the page of the visit, the physician on the results desk.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clinic.models import Side
from clinic.veins import ACUTE, CHRONIC, CLEAR, COMPLETE_ARM, COMPLETE_LEG, NOT_SEEN, SIDES, spoken

STATES = [
    ("", "–"),
    (CLEAR, _("Clear")),
    (ACUTE, _("Acute")),
    (CHRONIC, _("Chronic")),
    (NOT_SEEN, _("Not seen")),
]
#: The groups of the form, each from the trunk down.
GROUPS: tuple[tuple[Promise | str, tuple[str, ...]], ...] = (
    (
        _("Deep veins of the leg, to the knee"),
        ("common_iliac", "external_iliac", "common_femoral", "deep_femoral", "femoral", "popliteal"),
    ),
    (
        _("Deep veins of the calf"),
        ("posterior_tibial", "peroneal", "anterior_tibial", "gastrocnemius", "soleal"),
    ),
    (
        _("Superficial veins of the leg"),
        ("great_saphenous", "accessory_saphenous", "small_saphenous", "varicose_tributary"),
    ),
    (
        _("Veins of the arm"),
        (
            "internal_jugular",
            "brachiocephalic",
            "subclavian",
            "axillary",
            "brachial",
            "radial",
            "ulnar",
            "cephalic",
            "basilic",
        ),
    ),
)
#: What a complete study sees, by what the form calls it.
_COMPLETE = {"leg": COMPLETE_LEG, "arm": COMPLETE_ARM}


def _in_order(veins: frozenset[str]) -> str:
    return ", ".join(spoken(name) for _title, names in GROUPS for name in names if name in veins)


UNMARKED = [
    ("", _("Were not studied (–)")),
    ("leg", format_lazy(_("Are clear, those of a complete leg study: {veins}"), veins=_in_order(COMPLETE_LEG))),
    ("arm", format_lazy(_("Are clear, those of a complete arm study: {veins}"), veins=_in_order(COMPLETE_ARM))),
]


@dataclass(frozen=True)
class VeinRow:
    """One vein, with a choice for each side of the form."""

    name: str
    fields: list[forms.BoundField]


class VeinFields(forms.Form):
    """A form with one choice for each vein of the sides given, and lengths. What has it names its ``side``."""

    clot_length_cm = forms.FloatField(label=_("Length of the clot, cm"), required=False, min_value=0, max_value=120)
    junction_distance_cm = forms.FloatField(
        label=_("Distance to the saphenofemoral junction, cm"), required=False, min_value=0, max_value=120
    )
    unmarked = forms.ChoiceField(label=_("Veins that are not marked"), choices=UNMARKED, required=False)

    def __init__(self, *args: Any, sides: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = list(sides)
        self._named: dict[str, tuple[str, str]] = {}
        for _title, names in GROUPS:
            for name in names:
                for side in self.sides:
                    field = f"vein_{side}_{name}"
                    self._named[field] = (name, side)
                    label = f"{Side(side).label} {spoken(name)}"
                    self.fields[field] = forms.ChoiceField(label=label, choices=STATES, required=False)

    def veins(self) -> tuple[Mapping[str, object], ...]:
        """What was chosen, as a report keeps it: the veins that were studied."""
        complete = _COMPLETE.get(self.cleaned_data.get("unmarked", ""), frozenset())
        studied = SIDES.get(self.cleaned_data.get("side", ""), frozenset())
        return tuple(self._chosen(complete, studied))

    def _chosen(self, complete: frozenset[str], studied: frozenset[str]) -> Iterator[Mapping[str, object]]:
        for field, (name, side) in self._named.items():
            clear = CLEAR if name in complete and side in studied else ""
            if state := self.cleaned_data.get(field) or clear:
                yield {"vein": name, "side": side, "state": state}

    def vein_groups(self) -> list[tuple[Promise | str, list[VeinRow]]]:
        """The fields of the veins by their groups, a row a vein, for the page."""
        return [
            (title, [VeinRow(spoken(name), [self[f"vein_{side}_{name}"] for side in self.sides]) for name in names])
            for title, names in GROUPS
        ]

    def side_labels(self) -> list[str]:
        """The heads of the columns."""
        return [str(Side(side).label) for side in self.sides]

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields that stand above the list."""
        return [field for field in self if field.name not in self._named and field.name != "unmarked"]

    def marked(self) -> bool:
        """Whether the list says anything, so that the page shows it open."""
        return any(self[field].value() for field in self._named) or any(field in self.errors for field in self._named)


def sides_of(side: str) -> list[str]:
    """The sides that a study of this side names, left first."""
    return sorted(SIDES[side])


def as_initial(veins: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """A stored list as the form's first values."""
    return {f"vein_{vein['side']}_{vein['vein']}": vein["state"] for vein in veins}
