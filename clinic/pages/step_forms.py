"""What is typed about steps: filters, outcomes, and to whom one is handed over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Center, Role

ANYBODY = ("", _("Anybody"))
EVERYWHERE = _("All centers")
#: Outcomes are codes; these are the ones that people choose from.
DONE = (
    ("done", _("Done as planned")),
    ("reached", _("Reached the patient, all in order")),
    ("reached_sent_on", _("Reached the patient, sent on to care")),
    ("arrived_at_ed", _("The patient is in the emergency department")),
    ("declined", _("The patient declined")),
    ("handed_over", _("Another service has taken over")),
)
TRIED = (
    ("no_answer", _("No answer")),
    ("left_message", _("Left a message without details")),
    ("wrong_number", _("Wrong number")),
    ("asked_to_call_later", _("Asked to call later")),
)
#: Outcomes that the product writes itself.
WRITTEN = (
    ("booked", _("A visit was booked")),
    ("visit_completed", _("The visit took place")),
    ("visit_cancelled", _("The visit was cancelled")),
    ("no_show", _("The patient did not come")),
    ("signed", _("The report was signed")),
    ("sent", _("The result was sent")),
    ("spoken", _("Told by voice")),
    ("plan_revised", _("The plan was made anew")),
    ("decision_changed", _("Another decision is in force")),
    ("seen_in_emergency", _("Seen in the emergency department")),
    ("no_danger_sign", _("No danger sign")),
    ("episode_closed", _("The episode was closed")),
    ("arrived", _("The patient has arrived")),
    ("visit_moved", _("The visit was moved")),
)
_WORDS = dict((*DONE, *TRIED, *WRITTEN))


def outcome_words(code: str) -> str:
    """Return what an outcome's code says to a colleague; another system's own code as plain words."""
    return str(_WORDS.get(code) or code.replace("_", " ").capitalize())


class FilterForm(forms.Form):
    """Which steps to show."""

    role = forms.ChoiceField(label=_("Role"), choices=[ANYBODY, *Role.choices], required=False)
    center = forms.ModelChoiceField(
        label=_("Center"), queryset=Center.objects.filter(active=True), required=False, empty_label=EVERYWHERE
    )
    mine = forms.BooleanField(label=_("Mine only"), required=False, widget=forms.CheckboxInput({"value": "yes"}))
    overdue = forms.BooleanField(label=_("Overdue only"), required=False, widget=forms.CheckboxInput({"value": "yes"}))


class DoneForm(forms.Form):
    """How a step ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"), choices=DONE)


class TriedForm(forms.Form):
    """How a try ended that did not end the step."""

    outcome = forms.ChoiceField(label=_("What happened?"), choices=TRIED)


class HandOverForm(forms.Form):
    """The role, at a center, that a step is given to."""

    role = forms.ChoiceField(label=_("To the role"), choices=Role.choices)
    center = forms.ModelChoiceField(label=_("At"), queryset=Center.objects.filter(active=True), empty_label=None)
