"""Somebody stands at the desk: the danger signs, then who they are and which gap somebody accepts."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache

from clinic import clock
from clinic.access import Actor, Permission
from clinic.models import Center
from clinic.pages.access import staff_page
from clinic.pages.access_forms import NEEDS, OTHER_WAY, NeedsForm, access_of, carried
from clinic.pages.errors import refusals_in
from clinic.pages.patient_forms import RegisterForm
from clinic.templatetags.staff import hour
from scheduling.models import VisitKind, VisitType
from scheduling.needs import NO_NEEDS, Needs
from scheduling.pages.signs_form import AskedSignsForm
from scheduling.selectors import named
from scheduling.selectors.fitting import needs_of_access
from scheduling.selectors.gaps import Gaps, gaps
from scheduling.services.walk_ins import Registration, place_walk_in, screen_walk_in
from triage.models import Decision

#: Somebody at the desk waits for one of these; a repeat scan or follow-up needs an episode that waits for it.
KINDS = [VisitKind.DVT_SCAN, VisitKind.CONSULT, VisitKind.REPEAT_SCAN, VisitKind.FOLLOW_UP_VISIT]


#: What the session keeps between the two pages: what somebody needs to be seen, by the answers of their danger signs.
ASKED = "walk_in_needs"


class DeskForm(AskedSignsForm, NeedsForm):
    """The danger signs, and what they need to be seen: asked before a gap is looked for."""

    field_order = ("emergency", "limb_threat", "none", *NEEDS)


class PlaceForm(RegisterForm):
    """Who it is, and the gap: a person's resource and its start."""

    gap = forms.ChoiceField(label=lazy("First gap that the person accepts"), widget=forms.RadioSelect)

    def __init__(self, given: Any, *, found: list[Gaps], zone: str) -> None:
        super().__init__(given)
        self.order_fields(["gap", *self.fields])
        # At the desk it is asked in person.
        del self.fields["consent_channel"]
        self.fields["gap"].choices = [  # type: ignore[attr-defined]
            (f"{each.resource_id} {at.isoformat()}", _words(each, at, zone)) for each in found for at in each.starts
        ]

    def registration(self, needs: dict[str, Any]) -> Registration:
        """Who they are, with what they need to be seen."""
        apart = ("gap", "consent", *OTHER_WAY)
        given = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        consent = {"yes": True, "no": False}.get(self.cleaned_data["consent"])
        ways = {name: self.cleaned_data[name] for name in OTHER_WAY}
        access = access_of(needs | ways, has_phone=bool(given["phone"].strip()))
        return Registration(**given, consent_to_texts=consent, access=access)


def _words(each: Gaps, at: datetime, zone: str) -> str:
    words = _("%(hour)s with %(name)s, %(count)s of %(limit)s add-ons today") % {
        "hour": hour(at, zone),
        "name": each.name,
        "count": each.add_ons,
        "limit": each.limit,
    }
    return words + (_(": full, a clinician must place it") if each.full else "")


@never_cache
@staff_page(Permission.RUN_VISIT)
def walk_in_signs(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The danger signs, before anybody is registered."""
    center = named.center(code)
    form = DeskForm(request.POST if request.method == "POST" else None)
    decision: Decision | None = None
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            screened = screen_walk_in(actor, center=center, answers=form.answers())
            decision = screened.decision
            if decision is None:
                request.session[ASKED] = {str(screened.assessment.pk): carried(form.cleaned_data)}
                return redirect("staff-walk-in-place", center.code, screened.assessment.pk)
    shown = {"center": center, "form": form, "decision": decision, "actor": actor}
    return render(request, "scheduling/staff/walk_in_signs.html", shown, status=422 if form.errors else 200)


@never_cache
@staff_page(Permission.RUN_VISIT)
def walk_in_place(request: HttpRequest, actor: Actor, code: str, pk: int) -> HttpResponse:
    """Who they are, and the gap; ``?visit_type=`` says for which visit."""
    center, visit_type = named.center(code), _visit_type(request.GET.get("visit_type", ""))
    asked: dict[str, Any] = request.session.get(ASKED, {}).get(str(pk), {})
    needs = _needs(asked)
    found = gaps(center, visit_type, clock.now(), needs)
    form = PlaceForm(request.POST if request.method == "POST" else None, found=found, zone=center.zone)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            person, starts_at = form.cleaned_data["gap"].split(" ", 1)
            visit = place_walk_in(
                actor,
                assessment_id=pk,
                center=center,
                visit_type=visit_type,
                accepted_by=int(person),
                starts_at=datetime.fromisoformat(starts_at),
                registration=form.registration(asked),
            )
            request.session.pop(ASKED, None)
            at = hour(visit.starts_at, center.zone)
            said = _("%(name)s is here, and seen at %(hour)s.") % {"name": visit.patient, "hour": at}
            messages.success(request, said)
            return redirect(f"{reverse('staff-day')}?center={center.code}")
    return _page(request, center, visit_type, found, form, needs)


def _needs(asked: dict[str, Any]) -> Needs:
    access = access_of(asked, has_phone=True)
    return needs_of_access(access.mobility, access.transfer, access.table_limit_lb or 0)


def _visit_type(code: str) -> VisitType:
    return named.visit_type(code) if code else VisitType.objects.get(kind=VisitKind.DVT_SCAN)


def _page(
    request: HttpRequest, center: Center, visit_type: VisitType, found: list[Gaps], form: PlaceForm, needs: Needs
) -> HttpResponse:
    types = {each.kind: each for each in VisitType.objects.all()}
    shown = {
        "center": center,
        "visit_type": visit_type,
        "types": [types[kind] for kind in KINDS if kind in types],
        "any_gap": any(each.starts for each in found),
        "nobody": not found,
        "needing": needs != NO_NEEDS,
        "form": form,
    }
    return render(request, "scheduling/staff/walk_in_place.html", shown, status=422 if form.errors else 200)
