"""The rule set in words, and the physician's signature under it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from triage.models import RuleApproval, Verdict
from triage.rules import RULES_VERSION, fingerprint
from triage.selectors import approval_in_force
from triage.services.approving import STATEMENT_LENGTH, sign
from triage.words.reasons import WORDS


class SignatureForm(forms.Form):
    """What a physician signs. Version and fingerprint travel with it: nobody signs what they have not seen."""

    version = forms.CharField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(widget=forms.HiddenInput)
    statement = forms.CharField(
        label=lazy("What do you sign?"),
        help_text=lazy("For example: I have read these rules and approve them for our patients."),
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )


@require_safe
@staff_page(Permission.READ_RULES)
def rule_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every rule in a clinician's words with its source, and who has approved them."""
    return _page(request, actor, SignatureForm(initial=_present()))


@staff_action(Permission.APPROVE_RULES)
def rule_approve(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Approve the rules shown."""
    return _signed(request, actor, Verdict.APPROVED, _("The rules are approved, with your signature."))


@staff_action(Permission.APPROVE_RULES)
def rule_withdraw(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Withdraw the approval of the rules shown."""
    return _signed(request, actor, Verdict.WITHDRAWN, _("The approval is withdrawn. Every page says so."))


def _signed(request: HttpRequest, actor: Actor, verdict: Verdict, done: str) -> HttpResponse:
    form = SignatureForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_in(form):
            sign(
                actor,
                verdict=verdict,
                version=given["version"],
                text_fingerprint=given["fingerprint"],
                statement=given["statement"],
            )
            messages.success(request, done)
            return redirect("staff-rules")
    return _page(request, actor, form)


def _present() -> dict[str, str]:
    return {"version": RULES_VERSION, "fingerprint": fingerprint()}


def _page(request: HttpRequest, actor: Actor, form: SignatureForm) -> HttpResponse:
    shown = {
        **_present(),
        "approval": approval_in_force(),
        "history": RuleApproval.objects.select_related("by").order_by("-id")[:20],
        "clauses": WORDS.items(),
        "form": form,
        "actor": actor,
    }
    return render(request, "triage/staff/rules.html", shown, status=422 if form.errors else 200)
