"""The words that we send, each at its longest, and who has approved them; approve one, or all that wait."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import Invalid
from clinic.pages.access import staff_action, staff_page
from notifications.models import TemplateApproval
from notifications.pages.office import OFFICE_ZONE
from notifications.selectors.approvals import TemplateStanding, standing_of_templates
from notifications.services.approving import approve
from notifications.texts_document import LANGUAGE_NAMES, length_of, when_of
from notifications.versions import Text
from notifications.wording import LONGEST, fill


@dataclass(frozen=True)
class TemplateLine:
    """One template in one language as the table shows it."""

    name: str
    purpose: str
    when: str
    lang: str
    language: str
    longest: str
    length: str
    version: str
    approval: TemplateApproval | None

    @property
    def value(self) -> str:
        """What a form sends of it: nobody approves words that they have not seen."""
        return f"{self.name} {self.lang} {self.version}"


def as_line(standing: TemplateStanding) -> TemplateLine:
    """Present a template."""
    name, language = standing.name, standing.language
    return TemplateLine(
        name=name,
        purpose=when_of(name)[0],
        when=when_of(name)[1],
        lang=language,
        language=LANGUAGE_NAMES[language],
        longest=fill(name, language, LONGEST),
        length=length_of(name, language),
        version=standing.version,
        approval=standing.approval,
    )


@require_safe
@staff_page(Permission.READ_TEXTS)
def template_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every template in both languages: first those that wait."""
    lines = [as_line(each) for each in standing_of_templates()]
    context = {
        "waiting": [line for line in lines if line.approval is None],
        "approved": [line for line in lines if line.approval is not None],
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


def _named(value: str) -> tuple[Text, str]:
    match value.split():
        case [name, language, version]:
            return (name, language), version
    raise Invalid(fields={"texts": _("Choose one of the texts that are listed.")})
