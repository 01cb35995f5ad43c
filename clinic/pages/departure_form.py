"""What is typed when a scanned patient leaves: on the day's page of the visit, and on the results desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Instruction
from clinic.services.departures import Leaving


class DepartureForm(forms.Form):
    """How the patient leaves."""

    callback_phone = forms.CharField(
        label=_("Callback number, read back to the patient"),
        max_length=40,
        required=False,
        help_text=_("Correct it where it is wrong. Empty only for who has none, and is found otherwise."),
    )
    instructions = forms.MultipleChoiceField(
        label=_("What they were told"), choices=Instruction.choices, widget=forms.CheckboxSelectMultiple
    )

    def leaving(self) -> Leaving:
        """What the service takes."""
        return Leaving(**self.cleaned_data)
