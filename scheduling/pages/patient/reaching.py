"""On the screens that send to emergency care: where are you now, is someone with you, and which number do we call?"""

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from clinic.errors import Invalid
from scheduling.intake.deciding import TO_EMERGENCY_CARE
from scheduling.intake.reaching import reach
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.forms import CHOOSE, PHONE, ZIP
from scheduling.pages.patient.refusals import put_on
from triage.models import Assessment
from triage.selectors import decision_in_force
from triage.services.recording import PLACE_LENGTH

ACCOMPANIED = {"yes": True, "no": False}


class ReachForm(forms.Form):
    """Where somebody is. Number and ZIP are asked only where nobody gave them before."""

    place = forms.CharField(
        label=_("Where are you now?"),
        max_length=PLACE_LENGTH,
        error_messages={"required": _("Enter where you are now: a street, a town, or what is near you.")},
    )
    accompanied = forms.ChoiceField(
        label=_("Is someone with you?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": CHOOSE},
    )
    phone = forms.CharField(
        label=_("Which number can we call?"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        error_messages=PHONE,
    )
    zip = forms.CharField(
        label=_("ZIP code where you are"),
        max_length=10,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code"}),
        error_messages=ZIP,
    )

    def __init__(self, given: QueryDict | None, *, known: bool) -> None:
        super().__init__(given)
        if known:
            del self.fields["phone"], self.fields["zip"]


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def reach_page(request: HttpRequest) -> HttpResponse:
    """Ask, keep it, and go back to the screen that says what to do now."""
    draft, assessment = visitor.draft(request), visitor.assessment(request)
    if draft is None or assessment is None or not _sent_to_care(assessment):
        return redirect("patient-check")
    form = ReachForm(request.POST if request.method == "POST" else None, known=assessment.episode_id is not None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            reach(
                visitor.actor(request),
                draft=draft,
                place=given["place"],
                accompanied=ACCOMPANIED[given["accompanied"]],
                phone=given.get("phone", ""),
                zip=given.get("zip", ""),
            )
        except Invalid as refused:
            put_on(form, refused)
        else:
            return redirect("patient-outcome")
    return render(request, "scheduling/patient/reach.html", {"form": form}, status=400 if form.is_bound else 200)


def _sent_to_care(assessment: Assessment) -> bool:
    decision = decision_in_force(assessment)
    return decision is not None and decision.disposition in TO_EMERGENCY_CARE
