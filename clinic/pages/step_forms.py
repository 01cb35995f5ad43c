"""What is typed about steps: filters, outcomes, and to whom one is handed over."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Center, Role, Staff, Step, StepKind
from clinic.pages.widgets import LongSelect

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
    ("settling", _("The symptoms are settling")),
    ("not_settling", _("The symptoms are not settling")),
    ("referral_completed", _("The referral is completed")),
    ("definitive_negative", _("The other study excludes it")),
    ("definitive_positive", _("The other study confirms it")),
    ("letter_sent", _("The letter is on its way")),
    ("office_told", _("The office has the time")),
    ("interpreter_arranged", _("An interpreter comes, or the language line is arranged")),
)
#: Outcomes that only some kinds of step can have; the others fit any.
ONLY_OF: dict[str, tuple[str, ...]] = {
    "arrived_at_ed": (StepKind.ARRIVAL_CALL, StepKind.CALLBACK, StepKind.CONTACT),
    "settling": (StepKind.FOLLOW_UP_CALL, StepKind.SELF_CARE_CHECK),
    "not_settling": (StepKind.FOLLOW_UP_CALL, StepKind.SELF_CARE_CHECK),
    "referral_completed": (StepKind.FOLLOW_UP_CALL,),
    "definitive_negative": (StepKind.OTHER_IMAGING,),
    "definitive_positive": (StepKind.OTHER_IMAGING,),
    "letter_sent": (StepKind.LETTER,),
    "office_told": (StepKind.REFERRER_TIME,),
    "interpreter_arranged": (StepKind.LANGUAGE_LINE,),
}
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
    ("first_dose", _("First dose taken")),
    ("ed_accepted", _("Accepted by an emergency department")),
    ("not_treated", _("Not treated: a clinician's decision")),
    ("stop", _("Treatment stops")),
    ("extend", _("Treatment goes on")),
    ("not_done", _("Nobody did it in its time")),
    ("therapy_decided", _("Decided otherwise")),
    ("dose_change_instead", _("The call about the dose takes its place")),
    ("drug_changed", _("Another drug is taken")),
    ("arrived", _("The patient has arrived")),
    ("visit_moved", _("The visit was moved")),
    ("coverage_settled", _("The coverage is settled")),
    ("interpreter_there", _("Somebody there speaks the language")),
    ("order_signed", _("The order was signed")),
    ("order_amended", _("The order was amended")),
    ("identified", _("Known by two identifiers")),
)
_WORDS = dict((*DONE, *TRIED, *WRITTEN))


def outcome_words(code: str) -> str:
    """Return what an outcome's code says to a colleague; another system's own code as plain words."""
    return str(_WORDS.get(code) or code.replace("_", " ").capitalize())


class FilterForm(forms.Form):
    """Which steps to show."""

    role = forms.ChoiceField(label=_("Role"), choices=[ANYBODY, *Role.choices], required=False)
    center = forms.ModelChoiceField(
        label=_("Center"),
        queryset=Center.objects.filter(active=True),
        required=False,
        empty_label=EVERYWHERE,
        widget=LongSelect,
    )
    mine = forms.BooleanField(label=_("Mine only"), required=False, widget=forms.CheckboxInput({"value": "yes"}))
    unassigned = forms.BooleanField(
        label=_("Nobody's yet"), required=False, widget=forms.CheckboxInput({"value": "yes"})
    )
    overdue = forms.BooleanField(label=_("Overdue only"), required=False, widget=forms.CheckboxInput({"value": "yes"}))


class DoneForm(forms.Form):
    """How a step ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"), choices=DONE)

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [choice for choice in DONE if kind in ONLY_OF.get(choice[0], (kind,))]
        self.fields["outcome"].choices = offered  # type: ignore[attr-defined]


class TriedForm(forms.Form):
    """How a try ended that did not end the step."""

    outcome = forms.ChoiceField(label=_("What happened?"), choices=TRIED)


class HandOverForm(forms.Form):
    """The role, at a center, that a step is given to; or one colleague of that center, or of none."""

    role = forms.ChoiceField(label=_("To the role"), choices=Role.choices)
    center = forms.ModelChoiceField(
        label=_("At"), queryset=Center.objects.filter(active=True), empty_label=None, widget=LongSelect
    )
    person = forms.ModelChoiceField(
        label=_("Or to a colleague"),
        queryset=Staff.objects.none(),
        required=False,
        empty_label=_("Anybody of the role"),
    )

    def __init__(self, *args: Any, step: Step, **more: Any) -> None:
        super().__init__(*args, **more)
        here = Q(home_center=step.center_id or step.episode.center_id) | Q(home_center=None)
        colleagues = Staff.objects.filter(here, is_active=True).exclude(role=Role.ADMINISTRATOR)
        self.fields["person"].queryset = colleagues.order_by("last_name", "first_name", "id")  # type: ignore[attr-defined]
        # Asked for once: a required list looks at its first choice before it is written.
        self.fields["center"].choices = list(iter(self.fields["center"].choices))  # type: ignore[attr-defined]
