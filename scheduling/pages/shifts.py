"""A center's shifts for its managers: the week, one unit with its edits, and the edits of the center itself."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import Center
from clinic.pages.access import staff_page
from scheduling.models import Resource, ResourceKind, ShiftException
from scheduling.pages.shift_forms import EditForm
from scheduling.pages.shift_forms_now import center_forms, unit_forms
from scheduling.pages.shift_presenter import absence_words, cells, columns
from scheduling.selectors.displaced import recent_edits
from scheduling.selectors.week import week_of, with_displaced
from scheduling.services.editing.naming import unit as unit_named

A_WEEK = timedelta(days=7)


class WeekForm(forms.Form):
    """Whose week to show."""

    center = forms.ChoiceField(label=lazy("Center"))
    on = forms.DateField(label=lazy("Week of"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


@require_safe
@staff_page(Permission.EDIT_SHIFTS)
def shifts_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A center's week: one's own center and this week, unless others are asked for."""
    centers = list(with_displaced(Center.objects.filter(active=True)))
    center = _among(centers, request.GET.get("center", ""), actor)
    today = clock.today(center.zone)
    week = week_of(center, _date(request.GET.get("on", "")) or today)
    form = WeekForm(initial={"center": center.code, "on": week.first})
    form.fields["center"].choices = [(each.code, _named(each)) for each in centers]  # type: ignore[attr-defined]
    groups: dict[str, list[Any]] = {}
    for row in week.units:
        label = _("On call from afar") if row.unit.remote else str(ResourceKind(row.unit.kind).label)
        groups.setdefault(label, []).append((row.unit, cells(row, center)))
    shown = {
        "center": center,
        "week": week,
        "columns": columns(week, today),
        "groups": groups,
        "before": week.first - A_WEEK,
        "after": week.first + A_WEEK,
        "form": form,
        "edits": recent_edits(center.pk),
        "actor": actor,
    }
    return render(request, "scheduling/staff/shifts.html", shown)


def _named(center: Any) -> str:
    """A center in the list of all, with its visits that wait to be rebooked."""
    if not center.displaced:
        return str(center.name)
    return _("%(center)s (%(n)d to be rebooked)") % {"center": center.name, "n": center.displaced}


@require_safe
@staff_page(Permission.EDIT_SHIFTS)
def unit_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One unit: what is out of the ordinary, and the edits of it."""
    return show_unit(request, actor, unit_named(pk))


@require_safe
@staff_page(Permission.EDIT_SHIFTS)
def center_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The edits of a center itself."""
    return show_center(request, actor, center_of(request.GET.get("center", ""), actor))


def show_unit(request: HttpRequest, actor: Actor, unit: Resource, wrong: EditForm | None = None) -> HttpResponse:
    """Show a unit's page, with the form that was not right in its place."""
    today, zone = clock.today(unit.center.zone), unit.center.zone
    absences = unit.absences.filter(ends_at__gt=clock.now()).order_by("starts_at")
    shown = {
        "unit": unit,
        "kind": str(ResourceKind(unit.kind).label),
        "forms": unit_forms(unit) | ({wrong.kind: wrong} if wrong else {}),
        "absences": [(absence.pk, absence_words(absence, zone)) for absence in absences],
        "exceptions": ShiftException.objects.filter(resource=unit, on__gte=today)
        .select_related("center")
        .order_by("on"),
        "down_title": _("Not here from now on") if unit.staff_id else _("Out of order from now on"),
        "wrong": wrong,
        "actor": actor,
    }
    return render(request, "scheduling/staff/shift_unit.html", shown, status=422 if wrong else 200)


def show_center(request: HttpRequest, actor: Actor, center: Center, wrong: EditForm | None = None) -> HttpResponse:
    """Show a center's page, with the form that was not right in its place."""
    shown = {
        "center": center,
        "forms": center_forms(center) | ({wrong.kind: wrong} if wrong else {}),
        "closures": center.closures.filter(on__gte=clock.today(center.zone)).order_by("on", "starts"),
        "wrong": wrong,
        "actor": actor,
    }
    return render(request, "scheduling/staff/shift_center.html", shown, status=422 if wrong else 200)


def center_of(code: str, actor: Actor) -> Center:
    """Return the center named, the actor's own, or the first."""
    return _among(list(Center.objects.filter(active=True)), code, actor)


def _among(centers: list[Center], code: str, actor: Actor) -> Center:
    own = (each for each in centers if each.pk == actor.center_id)
    center = (
        next((each for each in centers if each.code == code), None) if code else next(own, next(iter(centers), None))
    )
    if center is None:
        raise NotFound(_("There is no such center."))
    return center


def _date(words: str) -> date | None:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return None
    return found if 2000 < found.year < 2200 else None
