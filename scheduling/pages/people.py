"""Who works here: licenses that run out, a lost app, and the end of an account with what it hits."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission, allowed
from clinic.errors import Conflict, NotFound
from clinic.models import Staff
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.selectors.chart_reads import people_named
from clinic.selectors.licenses import WARN_DAYS, lapsing
from clinic.selectors.second_factors import has_app
from clinic.services.staff_accounts import MOST_REASON, end_account, remove_second_factor, reopen_account
from scheduling.pages.shift_presenter import as_line
from scheduling.selectors.displaced import counted
from scheduling.services.ending_accounts import rehearse_end


class FindForm(forms.Form):
    """Whom to look for."""

    person = forms.CharField(label=lazy("User name or name"), max_length=80)


class EndForm(forms.Form):
    """Why an account ends."""

    reason = forms.CharField(
        label=lazy("Why does it end?"), max_length=MOST_REASON, help_text=lazy("Such as: left on November 30.")
    )


@staff_page(Permission.READ_PEOPLE)
def people_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Licenses that run out soon, and a search for somebody."""
    form = FindForm(request.POST if request.method == "POST" else None)
    found = people_named(form.cleaned_data["person"]) if request.method == "POST" and form.is_valid() else None
    shown = {"form": form, "found": found, "lapses": lapsing(), "days": WARN_DAYS, "actor": actor}
    return render(request, "scheduling/staff/people.html", shown, status=422 if form.errors else 200)


@require_safe
@staff_page(Permission.READ_PEOPLE)
def person_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One member of staff, and what ending their account would hit."""
    return _page(request, actor, _found(pk), EndForm())


@staff_action(Permission.END_ACCOUNTS)
def person_end(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """End the account that was looked at."""
    staff, form = _found(pk), EndForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            end_account(actor, staff_id=pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The account has ended. What was owed went to the role at each center."))
            return redirect("staff-person", pk)
    return _page(request, actor, staff, form)


@staff_action(Permission.END_ACCOUNTS)
def person_reopen(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Let somebody in again."""
    reopen_account(actor, staff_id=_found(pk).pk)
    messages.success(request, _("The account is open again. A manager writes its shifts."))
    return redirect("staff-person", pk)


@staff_action(Permission.END_ACCOUNTS)
def person_app(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take a lost authenticator app away."""
    remove_second_factor(actor, staff_id=_found(pk).pk)
    messages.success(request, _("The app is removed. They set up another one before they sign again."))
    return redirect("staff-person", pk)


def _found(pk: int) -> Staff:
    staff = Staff.objects.select_related("home_center").filter(pk=pk).first()
    if staff is None:
        raise NotFound(_("There is no such member of staff."))
    return staff


def _page(request: HttpRequest, actor: Actor, staff: Staff, form: EndForm) -> HttpResponse:
    ends, why_not = None, ""
    if staff.is_active and allowed(actor, Permission.END_ACCOUNTS):
        try:
            ends = rehearse_end(actor, staff_id=staff.pk)
        except Conflict as refusal:
            why_not = refusal.detail
    now = clock.now()
    visits = ends.rehearsal.visits if ends and ends.rehearsal else ()
    shown = {
        "person": staff,
        "licenses": list(staff.licenses.order_by("state")),
        "today": now.date(),
        "ends": ends,
        "why_not": why_not,
        "lines": [as_line(each, now) for each in visits],
        "counts": counted(visits),
        "has_app": has_app(staff),
        "form": form,
        "actor": actor,
    }
    return render(request, "scheduling/staff/person.html", shown, status=422 if form.errors else 200)
