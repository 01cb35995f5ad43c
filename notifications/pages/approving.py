"""The words that we send, each at its longest, and who has approved them; approve one, or all that wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import Invalid, NotFound
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from notifications.models import ApprovalWithdrawal, TemplateApproval
from notifications.pages.office import OFFICE_ZONE
from notifications.selectors.approvals import TemplateStanding, standing_of_templates
from notifications.services.approving import MOST_REASON, approve, withdraw
from notifications.texts_document import LANGUAGE_NAMES, length_of, when_of
from notifications.versions import Text
from notifications.wording import LONGEST, fill


@dataclass(frozen=True)
class Wording:
    """One template in one language as its row shows it."""

    name: str
    lang: str
    language: str
    longest: str
    length: str
    version: str
    approval: TemplateApproval | None
    withdrawal: ApprovalWithdrawal | None = None

    @property
    def value(self) -> str:
        """What a form sends of it: nobody approves words that they have not seen."""
        return f"{self.name} {self.lang} {self.version}"


@dataclass(frozen=True)
class TemplateRow:
    """A template with what it is for, in each language."""

    name: str
    purpose: str
    when: str
    wordings: tuple[Wording, ...]

    @property
    def waiting(self) -> list[Wording]:
        """Those that nobody has approved."""
        return [each for each in self.wordings if each.approval is None]


def as_wording(standing: TemplateStanding) -> Wording:
    """Present a template in a language."""
    name, language = standing.name, standing.language
    return Wording(
        name=name,
        lang=language,
        language=LANGUAGE_NAMES[language],
        longest=fill(name, language, LONGEST),
        length=length_of(name, language),
        version=standing.version,
        approval=standing.approval,
        withdrawal=standing.withdrawal,
    )


def as_rows(standings: Iterable[TemplateStanding]) -> list[TemplateRow]:
    """Present all templates, the languages of each side by side."""
    return [
        TemplateRow(name, *when_of(name), tuple(map(as_wording, each)))
        for name, each in groupby(standings, key=attrgetter("name"))
    ]


@require_safe
@staff_page(Permission.READ_TEXTS)
def template_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every template in both languages: first those that wait."""
    rows = as_rows(standing_of_templates())
    context = {
        "waiting": [each for row in rows for each in row.waiting],
        "waiting_rows": [row for row in rows if row.waiting],
        "approved_rows": [row for row in rows if not row.waiting],
        "zone": OFFICE_ZONE,
        "actor": actor,
    }
    return render(request, "notifications/staff/templates.html", context)


@staff_action(Permission.APPROVE_TEXTS)
def template_approve(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Approve the one whose button was pressed, or all that the page showed as waiting."""
    named = request.POST.getlist("seen" if "all" in request.POST else "text")
    count = len(approve(actor, texts=dict(map(_named, named))))
    done = ngettext("%(count)d text is approved, in your name.", "%(count)d texts are approved, in your name.", count)
    messages.success(request, done % {"count": count})
    return redirect("staff-templates")


class WithdrawForm(forms.Form):
    """Why an approval is taken back. ``text`` is what the page showed."""

    text = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=lazy("Why?"),
        help_text=lazy("It stands with the text until somebody approves these words again."),
        max_length=MOST_REASON,
    )


@staff_page(Permission.APPROVE_TEXTS)
def template_withdraw(request: HttpRequest, actor: Actor, name: str, language: str) -> HttpResponse:
    """Look at one text once more, say why, and take its approval back."""
    found = next((each for each in standing_of_templates() if (each.name, each.language) == (name, language)), None)
    if found is None:
        raise NotFound(_("There is no such text."))
    shown = as_wording(found)
    form = WithdrawForm(request.POST or None, initial={"text": shown.value})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            text, version = _named(form.cleaned_data["text"])
            withdraw(actor, text=text, version=version, reason=form.cleaned_data["reason"])
            messages.success(request, _("The approval is withdrawn: these words wait for another one."))
            return redirect("staff-templates")
    context = {"each": shown, "form": form, "zone": OFFICE_ZONE, "actor": actor}
    template = "notifications/staff/template_withdraw.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _named(value: str) -> tuple[Text, str]:
    match value.split():
        case [name, language, version]:
            return (name, language), version
    raise Invalid(fields={"texts": _("Choose one of the texts that are listed.")})
