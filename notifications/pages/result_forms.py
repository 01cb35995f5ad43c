"""What is typed on the results desk: the physician's signature, and the clinician's call."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clinic import pathway
from clinic.models import Audience, CallOutcome, Representative, ResultCategory, Side
from clinic.pages.identity_forms import IdentifierFields, put_speakers
from clinic.pages.vein_form import VeinFields
from clinic.services.findings import Finding
from clinic.services.telling import Call

CHOOSE = ("", _("Choose"))
D_DIMER = [("unknown", _("Not known")), ("negative", _("Negative")), ("positive", _("Positive"))]
PERSISTS = [("", _("Not said")), ("yes", _("Yes")), ("no", _("No"))]
#: What the physician says of a lasting suspicion; not asked is not the same as no.
SUSPICION = {"yes": True, "no": False, "": None}


class SignForm(VeinFields):
    """The final report, with the veins that were studied and what the follow-up plan depends on."""

    field_order = ("category", "side", "findings", "d_dimer", "suspicion_persists", "treated", "equivocal")

    category = forms.ChoiceField(label=_("Result"), choices=[CHOOSE, *ResultCategory.choices])
    side = forms.ChoiceField(label=_("Side"), choices=Side.choices)
    findings = forms.CharField(
        label=_("Findings"), required=False, max_length=10_000, widget=forms.Textarea({"rows": 4})
    )
    d_dimer = forms.ChoiceField(
        label=_("D-dimer"),
        choices=D_DIMER,
    )
    suspicion_persists = forms.ChoiceField(
        label=_("Does the suspicion persist?"),
        choices=PERSISTS,
        required=False,
    )
    treated = forms.BooleanField(label=_("Isolated distal: treated rather than watched"), required=False)
    equivocal = forms.BooleanField(label=_("Chronic change: equivocal, scan again"), required=False)
    reason = forms.CharField(label=_("Why does the side differ?"), max_length=200, required=False)

    def signed(self) -> tuple[Finding, pathway.Risk]:
        """What the service takes: the finding, and the risk that the plan needs."""
        given: dict[str, Any] = self.cleaned_data
        finding = Finding(
            impression="",
            category=given["category"],
            side=given["side"],
            findings=given["findings"],
            reason=given["reason"],
            veins=self.veins(),
            clot_length_cm=given["clot_length_cm"],
            junction_distance_cm=given["junction_distance_cm"],
        )
        risk = pathway.Risk(
            d_dimer=given["d_dimer"],
            treated=given["treated"],
            equivocal=given["equivocal"],
            suspicion_persists=SUSPICION[given["suspicion_persists"]],
        )
        return finding, risk


class AmendForm(SignForm):
    """An amendment, with its reason. It begins as the report stands: what is left as it is goes on to hold."""

    reason = forms.CharField(label=_("Why is it amended?"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was known of the same finding cannot become unknown: left unsaid it would hold all the same.
        for name, unsaid, choices in (("d_dimer", "unknown", D_DIMER), ("suspicion_persists", "", PERSISTS)):
            field = self.fields[name]
            if self.initial.get(name, unsaid) != unsaid and isinstance(field, forms.ChoiceField):
                field.choices = [choice for choice in choices if choice[0] != unsaid]

    def taken_back(self) -> list[str]:
        """What the plan was made by, and the physician says no longer."""
        return [name for name in ("treated", "equivocal") if self.initial.get(name) and not self.cleaned_data[name]]


class CallForm(IdentifierFields):
    """One call, or one talk on site: by phone with what they said of themselves, unless they were checked just now."""

    field_order = ("audience", "outcome", "representative", "told_to", "read_back", "in_person")

    audience = forms.ChoiceField(label=_("Who was called?"), choices=Audience.choices)
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=CallOutcome.choices)
    told_to = forms.CharField(
        label=_("Told to"), required=False, max_length=120, help_text=_("The name of the person who heard it.")
    )
    read_back = forms.BooleanField(label=_("They read it back correctly"), required=False)
    in_person = forms.BooleanField(label=_("In person, not by phone"), required=False)
    representative = forms.ModelChoiceField(
        label=_("Which representative?"), queryset=Representative.objects.none(), required=False
    )

    def __init__(self, *args: Any, speakers: QuerySet[Representative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_speakers(self.fields["representative"], speakers, _("None: the patient, or somebody else"))

    def call(self) -> Call:
        """What the service takes."""
        given = self.cleaned_data
        speaker = given["representative"]
        return Call(
            audience=given["audience"],
            outcome=given["outcome"],
            told_to=given["told_to"],
            read_back=given["read_back"],
            in_person=given["in_person"],
            representative=speaker.pk if speaker else None,
            identifiers=self.said(),
            called_back=given["called_back"],
        )
