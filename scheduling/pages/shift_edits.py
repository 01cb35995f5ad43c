"""An edit's way: its confirmation with what it displaces, the edit, and what became of everybody."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.errors import Invalid, NotFound
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import DisplacementStatus, Resource, ShiftEdit
from scheduling.pages.shift_forms import FORMS, EditForm
from scheduling.pages.shift_presenter import about, as_fates, as_line
from scheduling.pages.shifts import center_of, show_center, show_unit
from scheduling.selectors.displaced import counted, outcome
from scheduling.services.editing import Edit, apply, rehearse
from scheduling.services.editing.naming import edit_of, unit
from scheduling.services.rebooking import rebook_at_once


@staff_action(Permission.EDIT_SHIFTS)
def preview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Rehearse an edit and show whom it would displace; the form comes back where it is not right."""
    asked = _Asked(request, actor)
    if asked.form.is_valid():
        with refusals_in(asked.form):
            return _confirmation(request, actor, asked.edit())
    return asked.again()


@staff_action(Permission.EDIT_SHIFTS)
def confirm(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Do the edit that was shown, rebook whom it displaces, and show the outcome."""
    asked = _Asked(request, actor)
    if asked.form.is_valid():
        with refusals_in(asked.form):
            edit = asked.edit()
            try:
                done = apply(actor, edit, displace=request.POST.get("displace") == "yes")
            except ShiftDisplacesBookings:
                messages.warning(request, _("Somebody was booked meanwhile. Look again, then decide."))
                return _confirmation(request, actor, edit)
            rebook_at_once(done.pk)
            return redirect("staff-shift-edit", done.pk)
    return asked.again()


@require_safe
@staff_page(Permission.EDIT_SHIFTS)
def outcome_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What became of everybody whom an edit displaced; whom a person must call stands on top."""
    edit = ShiftEdit.objects.select_related("center", "resource").filter(pk=pk).first()
    if edit is None:
        raise NotFound(_("There is no such edit."))
    fates = as_fates(outcome(edit))
    shown = {
        "edit": edit,
        "calls": [fate for fate in fates if fate.call],
        "others": [fate for fate in fates if not fate.call],
        "waiting": sum(fate.row.status == DisplacementStatus.WAITING for fate in fates),
        "total": len(fates),
        "actor": actor,
    }
    return render(request, "scheduling/staff/shift_outcome.html", shown)


class _Asked:
    """What a form asked for: its kind, and the unit or the center that it is about."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self._request, self._actor = request, actor
        made = FORMS.get(request.POST.get("kind", ""))
        if made is None:
            raise Invalid(fields={"kind": _("There is no such edit.")})
        self.form: EditForm = made(request.POST)
        number = request.POST.get("resource", "")
        self._unit: Resource | None = unit(int(number)) if number.isdecimal() and len(number) < 19 else None
        self._center = self._unit.center if self._unit else center_of(request.POST.get("center", ""), actor)

    def edit(self) -> Edit:
        """The edit, where the form is right."""
        given: dict[str, Any] = self.form.given(self._center.zone)
        given |= {"resource": self._unit.pk if self._unit else None, "center": self._center.code}
        return edit_of(self.form.kind, given)

    def again(self) -> HttpResponse:
        """The page that the form stood on, with what is wrong."""
        if self._unit is not None:
            return show_unit(self._request, self._actor, self._unit, self.form)
        return show_center(self._request, self._actor, self._center, self.form)


def _confirmation(request: HttpRequest, actor: Actor, edit: Edit) -> HttpResponse:
    rehearsal, now = rehearse(actor, edit), clock.now()
    routine = Counter(each.visit.visit_type.get_kind_display() for each in rehearsal.visits if not each.rule_out)
    kept = [(name, value) for name, values in request.POST.lists() if name not in _OWN for value in values]
    shown = {
        "edit": edit,
        "about": about(edit),
        "lines": [as_line(each, now) for each in rehearsal.visits],
        "counts": counted(rehearsal.visits),
        "routine": sorted(routine.items()),
        "routine_total": routine.total(),
        "holds": rehearsal.holds,
        "duties": rehearsal.hits.duties,
        "steps": rehearsal.hits.steps,
        "kept": kept,
        "actor": actor,
    }
    return render(request, "scheduling/staff/shift_preview.html", shown)


_OWN = ("csrfmiddlewaretoken", "displace")
