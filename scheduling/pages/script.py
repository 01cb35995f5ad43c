"""The script of a call on one screen: emergency first, by keys alone, and a plain form where no script runs."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import Invalid
from clinic.models import Patient
from clinic.pages.access import staff_action, staff_page
from scheduling.intake.called import AskedBack, Call, ask_back, submit_call
from scheduling.pages.script_form import ScriptForm, of_patient
from scheduling.pages.script_presenter import shown
from scheduling.selectors import named
from scheduling.services.callers import is_clinician
from triage.models import Disposition
from triage.questionnaire import questions
from triage.words import SPOKEN

LANGUAGES = {"en": "English", "es": "Español"}
SALT = "scheduling.script"
#: A page that was opened earlier than this before it is sent was not read to one caller all that time: without the
#: page's script, which tells us of the first answer, the clock starts no earlier.
LONGEST_CALL = timedelta(hours=1)


@dataclass(frozen=True)
class Stamp:
    """Which call a page is for, and when it began by the server's clock. It travels signed in the form."""

    key: uuid.UUID
    at: datetime

    @classmethod
    def now(cls, key: uuid.UUID | None = None) -> "Stamp":
        """A call, a new one where none is named, that begins now."""
        return cls(key or uuid.uuid4(), clock.now())

    @classmethod
    def read(cls, text: str) -> "Stamp | None":
        """Return what a form carried, or None where it was not ours."""
        try:
            given = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return None
        return cls(uuid.UUID(given["key"]), datetime.fromisoformat(given["at"]))

    @property
    def signed(self) -> str:
        """The text for the form."""
        return signing.dumps({"key": str(self.key), "at": self.at.isoformat()}, salt=SALT)

    @property
    def began_at(self) -> datetime:
        """When the clinical clock starts."""
        return max(self.at, clock.now() - LONGEST_CALL)


@never_cache
@staff_page(Permission.ASSESS)
def script_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the script, or decide on what was answered. What is wrong comes back beside its question, all else kept."""
    if request.method != "POST":
        return _begun(request, actor)
    form = ScriptForm(request.POST, clinician=is_clinician(actor))
    stamp = Stamp.read(request.POST.get("call", ""))
    if request.POST.get("switch") in LANGUAGES:
        return _page(request, form, stamp or Stamp.now(), language=request.POST["switch"])
    language = _language(request.POST.get("language", ""))
    asked: AskedBack | None = None
    if form.is_valid() and stamp is not None:
        call = form.call(key=stamp.key, began_at=stamp.began_at, language=language)
        try:
            asked = _asked_back(request, actor, form, call)
            if asked is None:
                return redirect("staff-script-outcome", submit_call(actor, call=call).pk)
        except Invalid as refused:
            form.put_on(refused)
    elif stamp is None:
        form.add_error(None, _("This page was too old. Look at it once more, then send it again."))
    return _page(request, form, stamp or Stamp.now(), language=language, checked=True, asked=asked)


@staff_action(Permission.ASSESS)
def script_asked(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Tell the page's script which questions are still asked, as the rules see it, and mark the first answer's time."""
    form = ScriptForm(request.POST, clinician=is_clinician(actor))
    form.full_clean()
    stamp = Stamp.read(request.POST.get("call", ""))
    begun = Stamp.now(stamp.key if stamp else None)
    return JsonResponse({"asked": [item.key for item in questions(form.answers)], "call": begun.signed})


def _begun(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new call; with ``?patient=`` what is known of somebody stands in it."""
    patient: Patient | None = None
    if (wanted := request.GET.get("patient", "")).isdecimal():
        patient = named.patient(int(wanted))
    form = ScriptForm(clinician=is_clinician(actor), known=of_patient(patient) if patient else None)
    language = _language(request.GET.get("language", "") or (patient.language if patient else ""))
    return _page(request, form, Stamp.now(), language=language)


def _asked_back(request: HttpRequest, actor: Actor, form: ScriptForm, call: Call) -> AskedBack | None:
    """Return what does not fit and was not confirmed, and put it beside its question. Danger is asked nothing back."""
    if form.danger or request.POST.get("answers_are_right") == "yes":
        return None
    asked = ask_back(actor, call=call)
    for each in asked.questions if asked else ():
        form.add_error(each.field, each.message)
    return asked


def _language(wanted: str) -> str:
    return wanted if wanted in LANGUAGES else "en"


def _page(
    request: HttpRequest,
    form: ScriptForm,
    stamp: Stamp,
    *,
    language: str,
    checked: bool = False,
    asked: AskedBack | None = None,
) -> HttpResponse:
    parts = shown(form, language, checked=checked)
    page: dict[str, Any] = {
        "parts": parts,
        "wrong": [(ask, error) for part in parts for ask in part.asks for error in ask.errors],
        "wrong_at_all": list(form.non_field_errors()) if checked else [],
        "asked_back": asked,
        "would_be": Disposition(asked.decision.disposition).label if asked else "",
        "call": stamp.signed,
        "answering": form.is_bound,
        "at": request.POST.get("at", "") if form.is_bound and not checked else "",
        "language": language,
        "languages": LANGUAGES.items(),
        "say_911": SPOKEN[language]["EMERGENCY_911"],
        "say_ed": SPOKEN[language]["ED_NOW"],
    }
    return render(request, "scheduling/staff/script.html", page, status=422 if checked else 200)
