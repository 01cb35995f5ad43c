"""The way to a consultation without the whole of the questions: only for whom none of the signs is there."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from clinic.models import ZipCode
from scheduling.pages.patient import visitor
from scheduling.pages.patient.answering import keep
from scheduling.pages.patient.door import language_of, patient_page
from scheduling.pages.patient.forms import UNKNOWN_ZIP, ZIP
from scheduling.pages.signs_form import SignsForm
from triage.questionnaire import ending

#: What is no danger by itself, but needs the questions: a clot may be there.
_NEEDS_QUESTIONS = [
    ("limb", _("One leg or arm that is swollen, warm, red, or sore all day")),
    ("foot", _("Foot pain while you lie still, or a sore that does not heal")),
    ("risk", _("You are pregnant, had a baby or an operation not long ago, or have cancer")),
]


class ConsultForm(SignsForm):
    """All danger signs, what else needs the questions, and from where the way to a center counts."""

    other = forms.MultipleChoiceField(
        label=_("Is any of this so?"), choices=_NEEDS_QUESTIONS, required=False, widget=forms.CheckboxSelectMultiple
    )
    unsure = forms.BooleanField(label=_("I am not sure about one of these"), required=False)
    zip = forms.RegexField(
        r"^\d{5}$",
        label=_("ZIP code where you are"),
        error_messages=ZIP | {"invalid": _("Enter the five digits of a US ZIP code.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    field_order = ("emergency", "limb_threat", "other", "unsure", "none", "zip")

    def ticked(self) -> bool:
        """Whether anything was ticked but "none of these"."""
        return super().ticked() or any(self.cleaned_data.get(field) for field in ("other", "unsure"))

    def clean_zip(self) -> Any:
        """Take only a ZIP code that exists."""
        if not ZipCode.objects.filter(pk=self.cleaned_data["zip"]).exists():
            raise forms.ValidationError(UNKNOWN_ZIP)
        return self.cleaned_data["zip"]


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest) -> HttpResponse:
    """Ask for all signs first. A missing or wrong ZIP code never holds up somebody who has one."""
    form = ConsultForm(language_of(request), request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    if form.is_bound and form.ticked() and not form.cleaned_data.get("none"):
        return _to_the_questions(request, form)
    if valid:
        visitor.actor(request)
        # Another person may ask on the same phone: what the one before them needs is not theirs.
        for left in (visitor.DRAFT, visitor.NEEDS):
            request.session.pop(left, None)
        request.session[visitor.CONSULT_ZIP] = form.cleaned_data["zip"]
        return redirect("patient-slots")
    return render(request, "scheduling/patient/consult.html", {"form": form}, status=400 if form.is_bound else 200)


def _to_the_questions(request: HttpRequest, form: ConsultForm) -> HttpResponse:
    """Keep the danger signs that were ticked as answers: where one sends to emergency care, that is said at once.

    What was not ticked is asked again, one by one: nobody said no to it.
    """
    request.session.pop(visitor.CONSULT_ZIP, None)
    draft = visitor.draft(request)
    if draft is not None and draft.assessment_id is not None:
        draft = None
        del request.session[visitor.DRAFT]
    ticked = form.signs()
    if ticked:
        draft = keep(request, draft, dict.fromkeys(ticked, "yes"))
        if ending(draft.answers) is not None:
            return redirect("patient-outcome")
    return redirect("patient-check")
