"""The end of the questions: what does not fit is asked back, then the name, then the decision."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clinic.errors import Invalid
from clinic.models import Language
from clinic.services.access_needs import Access
from clinic.services.consent import WORDING
from scheduling.intake import Contact
from scheduling.intake.drafted import submit_draft
from scheduling.pages.patient import screens, visitor
from scheduling.pages.patient.clashes import clashes
from scheduling.pages.patient.door import begin_anew, language_of, patient_page
from scheduling.pages.patient.forms import AnsweredForm
from scheduling.pages.patient.refusals import put_on
from triage.drafts import answer
from triage.models import Draft


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Ask who it is about and whether we may text; then decide."""
    draft = visitor.draft(request)
    if draft is None or draft.assessment_id is not None or screens.current(draft.answers):
        return begin_anew(request, "patient-check")
    clash = clashes(draft.answers)
    confirmed = request.POST.get("answers_are_right") == "yes" or "given_name" in request.POST
    if clash.found and (clash.binding or not confirmed):
        return render(request, "scheduling/patient/clash.html", {"clash": clash})
    submitted = request.method == "POST" and "given_name" in request.POST
    form = _form(draft, language_of(request), request.POST if submitted else None)
    if submitted and form.is_valid():
        try:
            submit_draft(
                visitor.actor(request),
                draft=draft,
                language=language_of(request),
                contact=_contact(draft, form.cleaned_data, form.access()),
            )
        except Invalid as refused:
            put_on(form, refused)
        else:
            return redirect("patient-outcome")
    page = {"form": form, "back": screens.before(len(screens.ALL) + 1, draft.answers)}
    return render(request, "scheduling/patient/details.html", page, status=400 if submitted else 200)


def _form(draft: Draft, language: str, given: Any) -> AnsweredForm:
    return AnsweredForm(given, wording=WORDING[Language(language)], born=answer(draft.answers, "patient.birth_date"))


def _contact(draft: Draft, given: dict[str, Any], access: Access) -> Contact:
    born = answer(draft.answers, "patient.birth_date")
    return Contact(
        given_name=given["given_name"],
        family_name=given["family_name"],
        phone=draft.phone,
        zip=draft.zip,
        birth_date=date.fromisoformat(born) if born else given["birth_date"],
        consent_to_texts=given["consent_to_texts"] == "yes",
        access=access,
    )
