"""The manager's page of turnaround: figures and plots by week, a table by center, and the same as a file."""

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission
from clinic.models import Center
from clinic.pages.access import staff_page
from clinic.pages.widgets import LongSelect
from notifications.pages.turnaround_plots import plots_of
from notifications.selectors.turnaround import Figures, Kept, Span, Turnaround, turnaround

WEEKS = ((4, _("4 weeks")), (13, _("13 weeks")), (26, _("26 weeks")), (52, _("52 weeks")))
USUAL = 13
WHERE = ("week", "center", "city", "state")


class SpanForm(forms.Form):
    """Which center, and how far back."""

    center = forms.ModelChoiceField(
        Center.objects.order_by("code"),
        to_field_name="code",
        required=False,
        label=_("Center"),
        empty_label=_("All"),
        widget=LongSelect,
    )
    weeks = forms.TypedChoiceField(choices=WEEKS, coerce=int, required=False, label=_("So far back"), initial=USUAL)


@require_safe
@staff_page(Permission.VIEW_NETWORK)
def turnaround_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """From the first answer to treatment, week by week."""
    form = SpanForm(request.GET or None)
    found, center = _asked(form)
    context = {
        "form": form,
        "center": center,
        "found": found,
        "total": found.total,
        "plots": plots_of(found),
        "weekly": [(week, found.of(week=week)) for week in reversed(found.weeks)],
        "by_center": [(each, found.of(center=each)) for each in found.centers],
        "actor": actor,
    }
    return render(request, "notifications/staff/turnaround.html", context, status=422 if form.errors else 200)


@require_safe
@staff_page(Permission.VIEW_NETWORK)
def turnaround_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The figures by center and week as a file for a spreadsheet."""
    found, _center = _asked(SpanForm(request.GET or None))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="turnaround-{found.weeks[0]}-{found.weeks[-1]}.csv"'
    written = csv.DictWriter(answer, fieldnames=[*WHERE, *_columns(Figures())])
    written.writeheader()
    written.writerows(_lines(found))
    return answer


def _asked(form: SpanForm) -> tuple[Turnaround, Center | None]:
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    center = given.get("center")
    return turnaround(now=clock.now(), weeks=given.get("weeks") or USUAL, center=center), center


def _lines(found: Turnaround) -> Iterator[dict[str, object]]:
    for week in found.weeks:
        for center in found.centers:
            figures = found.of(center=center, week=week)
            if not figures.empty:
                where = (week, center.code, center.city, center.state)
                yield dict(zip(WHERE, where, strict=True)) | _columns(figures)


def _columns(figures: Figures) -> dict[str, object]:
    return {
        "rule_outs": figures.asked,
        **_span("scan", figures.scan),
        **_kept("result_in_time", figures.result),
        **_span("told", figures.told),
        **_span("treated", figures.treated),
        "missed_steps": figures.missed,
        "rescued": figures.rescued,
        "still_open": figures.still_open,
        "given_up": figures.given_up,
        "texts": figures.texts,
        "undelivered": figures.undelivered,
    }


def _span(name: str, span: Span) -> dict[str, object]:
    return {
        f"{name}_count": span.count,
        f"{name}_median_minutes": _rounded(span.median),
        f"{name}_p90_minutes": _rounded(span.ninetieth),
        **_kept(f"{name}_in_time", span.kept),
    }


def _kept(name: str, kept: Kept) -> dict[str, object]:
    return {name: kept.met, f"{name}_of": kept.due}


def _rounded(minutes: float | None) -> float | str:
    return "" if minutes is None else round(minutes, 1)
