"""The questions, one screen after another: emergency first, back without loss."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.errors import NotFound
from scheduling.intake.drafted import submit_draft
from scheduling.pages.patient import screens, visitor
from scheduling.pages.patient.door import language_of, patient_page
from scheduling.pages.patient.forms import CHOOSE, ScreenForm
from triage.drafts import DraftSent, answer, save_answers, start_draft
from triage.models import Draft
from triage.questionnaire import Item, ending


@patient_page
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Go to where the visitor is: the next question, the details, or what follows from the answers."""
    draft = visitor.draft(request)
    if draft is None:
        return redirect("patient-question", 1)
    return _onward(draft, screens.current(draft.answers))


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """Show a screen, or keep its answers and go on."""
    draft = visitor.draft(request)
    if draft is not None and draft.assessment_id is not None:
        return redirect("patient-outcome")
    answers = draft.answers if draft else {}
    if not 1 <= number <= len(screens.ALL):
        raise NotFound
    items = screens.open_on(screens.ALL[number - 1], answers)
    if not items:
        return redirect("patient-check")
    if request.method == "POST":
        return _answered(request, number, items, draft)
    form = None if screens.tapped(items) else ScreenForm(items, language_of(request), answers)
    return _shown(request, number, items, answers, form=form)


@patient_page
@require_POST
def restart(request: HttpRequest) -> HttpResponse:
    """Begin anew; what was sent before stays as it is."""
    for key in (visitor.DRAFT, visitor.HOLD, visitor.CONSULT_ZIP):
        request.session.pop(key, None)
    return redirect("patient-check")


def _answered(request: HttpRequest, number: int, items: screens.Screen, draft: Draft | None) -> HttpResponse:
    answers, language = (draft.answers if draft else {}), language_of(request)
    given: dict[Item, object]
    if "skip" in request.POST and items[0].group in screens.OPTIONAL_GROUPS:
        given = dict.fromkeys(screens.left_open(number, answers))
    elif screens.tapped(items):
        given = {items[0]: request.POST.get("answer", "")}
        if given[items[0]] not in {choice.value for choice in items[0].choices}:
            return _shown(request, number, items, answers, error=str(CHOOSE), status=400)
    else:
        form = ScreenForm(items, language, answers, request.POST)
        if not form.is_valid():
            return _shown(request, number, items, answers, form=form, status=400)
        given = form.given()
    try:
        draft = keep(request, draft, given)
    except DraftSent:
        return redirect("patient-outcome")
    if ending(draft.answers) is not None:
        return redirect("patient-outcome")
    return _onward(draft, screens.next_after(number, draft.answers) or screens.current(draft.answers))


def keep(request: HttpRequest, draft: Draft | None, given: Mapping[Item, object]) -> Draft:
    """Keep answers in the visitor's draft, a new one where there is none; decide at once where one ends the questions.

    Raises what `save_answers` raises.
    """
    who, language = visitor.actor(request), language_of(request)
    if draft is None:
        draft = start_draft(who, language=language)
        request.session[visitor.DRAFT] = str(draft.key)
    draft = save_answers(draft=draft, language=language, given=given)
    if ending(draft.answers) is not None:
        submit_draft(who, draft=draft, language=language)
    return draft


def _onward(draft: Draft, number: int | None) -> HttpResponse:
    if draft.assessment_id is not None:
        return redirect("patient-outcome")
    return redirect("patient-question", number) if number else redirect("patient-details")


def _shown(
    request: HttpRequest,
    number: int,
    items: screens.Screen,
    answers: dict[str, Any],
    *,
    form: ScreenForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    at = 1 if language_of(request) == "es" else 0
    item = items[0]
    tap = {
        "question": item.question[at],
        "help": item.help[at] if item.help else "",
        "choices": [(choice.value, choice.words[at]) for choice in item.choices],
        "chosen": answer(answers, item.key),
    }
    page = {
        "title": screens.TITLES[item.key][at],
        "tap": None if form else tap,
        "form": form,
        "error": error,
        "optional": item.group in screens.OPTIONAL_GROUPS,
        "progress": screens.progress(number, answers),
        "back": screens.before(number, answers),
    }
    return render(request, "scheduling/patient/question.html", page, status=status)
