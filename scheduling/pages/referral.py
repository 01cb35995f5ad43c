"""The call of a referring office on one page, and the directory from which it is filled in."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from clinic.access import Actor, Permission
from clinic.errors import Invalid
from clinic.npi import REMEDY, is_npi
from clinic.pages.access import staff_action, staff_page
from clinic.selectors.orders import practice_of, practices_like
from scheduling.intake.referring import refer_call
from scheduling.pages.referral_form import ReferralForm, of_practice
from scheduling.pages.script import Stamp

TICKED = ("emergency", "limb_threat", "found", "risks")


@never_cache
@staff_page(Permission.REFER)
def referral_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the call: what is wrong comes back beside its field, all else kept."""
    if request.method != "POST":
        return _page(request, ReferralForm(), Stamp.now())
    stamp = Stamp.read(request.POST.get("call", ""))
    if "look_up" in request.POST:
        return _looked_up(request, stamp or Stamp.now())
    form = ReferralForm(request.POST)
    if stamp is None:
        form.add_error(None, _("This page was too old. Look at it once more, then send it again."))
    elif form.is_valid():
        try:
            taken = refer_call(actor, key=stamp.key, began_at=stamp.began_at, referral=form.referral())
            return redirect("staff-script-outcome", taken.pk)
        except Invalid as refused:
            form.put_on(refused.fields)
    return _page(request, form, stamp or Stamp.now())


@staff_action(Permission.REFER)
def practice_found(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Tell the page's script which practices have an NPI that begins so, while it is typed."""
    npi = request.POST.get("npi", "").strip()
    rows = practices_like(npi) if npi.isascii() and npi.isdecimal() else []
    return JsonResponse({"practices": [{"npi": row.npi, **of_practice(row)} for row in rows]})


def _looked_up(request: HttpRequest, stamp: Stamp) -> HttpResponse:
    """Without a script: fill in what the directory knows, and keep what was typed."""
    typed: dict[str, Any] = request.POST.dict() | {name: request.POST.getlist(name) for name in TICKED}
    npi = str(typed.get("npi", "")).strip()
    practice = practice_of(npi)
    form = ReferralForm(initial=typed | (of_practice(practice) if practice else {}))
    if practice is None:
        note = _("A new practice: it is kept with this call.") if is_npi(npi) else REMEDY
    else:
        note = _("Found in the directory.")
    return _page(request, form, stamp, note=note)


def _page(request: HttpRequest, form: ReferralForm, stamp: Stamp, *, note: str = "") -> HttpResponse:
    # Whatever else is missing, a danger sign is told at once.
    danger = form.signs() if form.is_bound and form.errors else []
    shown = {"form": form, "call": stamp.signed, "note": note, "danger": danger}
    return render(request, "scheduling/staff/referral.html", shown, status=422 if form.errors else 200)
