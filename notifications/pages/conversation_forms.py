"""What staff type into a conversation."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Patient


class SayForm(forms.Form):
    """The words, and for which of those who share the number they are. ``key`` is new with every form."""

    patient = forms.TypedChoiceField(label=_("For whom?"), coerce=int, empty_value=None, required=False)
    words = forms.CharField(
        label=_("Your text"),
        help_text=_("Our name stands before it. Nothing of health: no test, no result, no part of the body."),
        required=False,
        strip=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, patients: Sequence[Patient] = (), measured_at: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(patients) > 1:
            choices = [("", _("Choose a patient")), *((patient.pk, str(patient)) for patient in patients)]
            self.fields["patient"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["patient"]
        self.fields["words"].widget.attrs |= {
            "hx-post": measured_at,
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#measured",
        }
