"""What is wrong with a field, in words that say what to do about it: for every form, patients' and staff's."""

from dataclasses import dataclass

from django import forms, template
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _

register = template.Library()
#: What Django says of any field that was left empty. It names neither the field nor the remedy.
_NAMELESS = forms.Field.default_error_messages["required"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence about a field. ``alone``: it says by itself which field is meant, away from it as well."""

    words: str
    alone: bool

    def __str__(self) -> str:
        return self.words


@register.filter
def faults(field: BoundField) -> list[Fault]:
    """Return what is wrong with a field. One that was left empty says what to give, if the form has no better words."""
    return [_fault(field, error) for error in field.errors.as_data()]


def _fault(field: BoundField, error: ValidationError) -> Fault:
    empty = error.code == "required"
    words = _missing(field) if empty and error.message is _NAMELESS else " ".join(error.messages)
    return Fault(words, alone=empty)


def _missing(field: BoundField) -> str:
    """What to give: by the kind of the field, and whether its label asks or names."""
    label, kind = str(field.label).strip().rstrip(":"), field.field
    if isinstance(kind, forms.BooleanField):
        return _("Tick this to go on: %(label)s") % {"label": _sentence(label)}
    if isinstance(kind, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        return _("Choose at least one: %(label)s") % {"label": _sentence(label)}
    if isinstance(kind, (forms.ChoiceField, forms.ModelChoiceField)):
        return _("Choose one: %(label)s") % {"label": _sentence(label)}
    if isinstance(kind, forms.DateTimeField):
        return _("Enter day and time: %(label)s") % {"label": _sentence(label)}
    if isinstance(kind, forms.DateField):
        return _("Enter the date: %(label)s") % {"label": _sentence(label)}
    if label.endswith("?"):
        return _("Answer this: %(label)s") % {"label": label}
    return _("Enter this: %(label)s") % {"label": _sentence(label)}


def _sentence(label: str) -> str:
    return label if label.endswith(("?", ".")) else f"{label}."
