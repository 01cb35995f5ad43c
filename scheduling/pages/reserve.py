"""What is kept for same-day rule-outs: all centers at a glance, and one center's half-days to set."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission, allowed
from clinic.models import Center
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from scheduling.models import HalfDay
from scheduling.reserve import HALVES, Policy, Release
from scheduling.selectors import named
from scheduling.selectors.gaps import limit_of
from scheduling.selectors.reserve_today import HalfToday, reserves_today
from scheduling.services.reserves import (
    EARLIEST_MINUTES,
    MOST_ADD_ONS,
    MOST_SCANS,
    MOST_STEPS,
    set_add_on_limit,
    set_reserve,
)

#: Steps of a release that the page has room for.
STEPS = range(3)
BEFORE, AFTER = "before", "after"
WHEN = ((BEFORE, lazy("before the half-day begins")), (AFTER, lazy("after it began")))


class SizeForm(forms.Form):
    """A half-day's size."""

    scans = forms.IntegerField(label=lazy("Same-day scans to keep room for"), min_value=0, max_value=MOST_SCANS)


class AddOnForm(forms.Form):
    """The limit of add-ons."""

    add_ons = forms.IntegerField(
        label=lazy("People who walk in, for each person's shift"), min_value=0, max_value=MOST_ADD_ONS
    )


class StepForm(forms.Form):
    """One step of the release, in hours; left empty it is none."""

    hours = forms.DecimalField(
        label=lazy("Hours"), required=False, min_value=0, max_value=EARLIEST_MINUTES // 60, decimal_places=2
    )
    when = forms.ChoiceField(label=lazy("Before or after"), choices=WHEN, required=False)
    percent = forms.IntegerField(label=lazy("Percent still kept"), required=False, min_value=0, max_value=100)

    def clean(self) -> dict[str, Any]:
        """Both figures, or neither."""
        given = super().clean() or {}
        if not self.errors and (given["hours"] is None) != (given["percent"] is None):
            self.add_error("percent", _("Give the hours and the percent, or leave both empty."))
        return given

    @property
    def step(self) -> Release | None:
        """The step, once it is valid."""
        given = self.cleaned_data
        if given["hours"] is None:
            return None
        minutes = round(given["hours"] * 60)
        return Release(-minutes if given["when"] == AFTER else minutes, given["percent"])


@dataclass(frozen=True)
class HalfForms:
    """What is typed about one half-day."""

    half: HalfDay
    size: SizeForm
    steps: list[StepForm]

    @classmethod
    def of(cls, half: str, policy: Policy) -> "HalfForms":
        """Filled with what holds now."""
        release = sorted(policy.release, key=lambda step: -step.minutes_before)
        filled = [_typed(step) for step in release] + [{"when": AFTER}] * len(STEPS)
        shown = max(len(STEPS), len(release))
        steps = [StepForm(prefix=f"{half}-{at}", initial=filled[at]) for at in range(shown)]
        return cls(HalfDay(half), SizeForm(prefix=half, initial={"scans": policy.scans}), steps)

    @classmethod
    def sent(cls, half: str, request: HttpRequest) -> "HalfForms":
        """As they were typed."""
        given = request.POST
        steps = [StepForm(given, prefix=f"{half}-{at}") for at in STEPS]
        at = len(STEPS)
        while f"{half}-{at}-hours" in given and at < MOST_STEPS:
            steps.append(StepForm(given, prefix=f"{half}-{at}"))
            at += 1
        return cls(HalfDay(half), SizeForm(given, prefix=half), steps)

    def is_valid(self) -> bool:
        """Whether all of it can be read."""
        valid = [form.is_valid() for form in (self.size, *self.steps)]
        return all(valid)

    @property
    def release(self) -> list[Release]:
        """The steps that were filled in."""
        return [form.step for form in self.steps if form.step is not None]


def _typed(step: Release) -> dict[str, object]:
    hours = abs(step.minutes_before) / 60
    when = AFTER if step.minutes_before <= 0 else BEFORE
    return {"hours": int(hours) if hours.is_integer() else round(hours, 2), "when": when, "percent": step.kept_percent}


@require_safe
@staff_page(Permission.READ_RESERVE)
def reserve_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every center's two half-days, with what is kept and used today."""
    rows = reserves_today(list(Center.objects.filter(active=True)), clock.now())
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    totals = {name: sum(getattr(row, name) for row in rows) for name in ("kept", "used", "free", "short")}
    return render(request, "scheduling/staff/reserves.html", {"pairs": pairs, "totals": totals, "actor": actor})


@require_safe
@staff_page(Permission.READ_RESERVE)
def reserve_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One center's half-days."""
    return _page(request, actor, named.center(code), {})


@staff_action(Permission.EDIT_RESERVE)
def reserve_set(request: HttpRequest, actor: Actor, code: str, half: str) -> HttpResponse:
    """Set one half-day."""
    center = named.center(code)
    if half not in HALVES:
        return redirect("staff-reserve", code)
    typed = HalfForms.sent(half, request)
    if typed.is_valid():
        with refusals_in(typed.size):
            scans = typed.size.cleaned_data["scans"]
            set_reserve(actor, center=center, half=half, scans=scans, release=typed.release)
            messages.success(request, _("%(half)s: saved.") % {"half": typed.half.label})
            return redirect("staff-reserve", code)
    return _page(request, actor, center, {half: typed})


@staff_action(Permission.EDIT_RESERVE)
def add_ons_set(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Set how many people at the desk one person's shift takes."""
    center, form = named.center(code), AddOnForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            set_add_on_limit(actor, center=center, visits=form.cleaned_data["add_ons"])
            messages.success(request, _("Add-ons: saved."))
            return redirect("staff-reserve", code)
    return _page(request, actor, center, {}, form)


def _page(
    request: HttpRequest,
    actor: Actor,
    center: Center,
    typed: dict[str, HalfForms],
    add_ons: AddOnForm | None = None,
) -> HttpResponse:
    rows: list[HalfToday] = reserves_today([center], clock.now())
    shown = [(row, typed.get(row.half) or HalfForms.of(row.half, row.policy)) for row in rows]
    context = {
        "center": center,
        "halves": shown,
        "add_ons": add_ons or AddOnForm(initial={"add_ons": limit_of(center)}),
        "may_set": allowed(actor, Permission.EDIT_RESERVE),
        "now": clock.now(),
        "actor": actor,
    }
    return render(request, "scheduling/staff/reserve.html", context, status=422 if typed or add_ons else 200)
