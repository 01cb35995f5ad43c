"""Turnaround over the API: the manager's figures, for whoever keeps them elsewhere."""

from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic import clock
from clinic.access import Permission
from clinic.api.reading import query
from clinic.api.schema import documented
from clinic.models import Center
from notifications.selectors.turnaround import Figures, Kept, Span, turnaround
from scheduling.selectors import named

#: Two years, and the weeks that a year has too many for a round figure.
MOST_WEEKS = 106


class TurnaroundQuery(serializers.Serializer[Any]):
    """How far back, and where; all centers where none is named."""

    weeks = serializers.IntegerField(required=False, default=13, min_value=1, max_value=MOST_WEEKS)
    center = serializers.CharField(required=False, default="", max_length=12)


class TurnaroundView(APIView):
    """GET how long rule-outs took, and what was missed."""

    permission = Permission.VIEW_NETWORK

    @documented(
        "How long rule-outs took from the first answer to treatment, what kept its clinical clock, and what was missed,"
        " by center and week.",
        query=("weeks", "center"),
    )
    def get(self, request: Request) -> Response:
        """Return the sums, each week's, each center's, and each center's week by week."""
        given = query(TurnaroundQuery, request)
        center = named.center(given["center"]) if given["center"] else None
        found = turnaround(now=clock.now(), weeks=given["weeks"], center=center)
        both = [(each, week) for each in found.centers for week in found.weeks]
        return Response(
            {
                "from": found.weeks[0],
                "total": as_figures(found.total),
                "weeks": [{"week": week, **as_figures(found.of(week=week))} for week in found.weeks],
                "centers": [_at(each, None) | as_figures(found.of(each)) for each in found.centers],
                "center_weeks": [
                    _at(each, week) | as_figures(found.of(each, week))
                    for each, week in both
                    if not found.of(each, week).empty
                ],
            }
        )


def as_figures(figures: Figures) -> dict[str, object]:
    """The figures of one center and week, or of all."""
    return {
        "rule_outs": figures.asked,
        "first_answer_to_scan": _span(figures.scan),
        "scan_to_told": _span(figures.told),
        "told_to_treated": _span(figures.treated),
        "result_in_time": _kept(figures.result),
        "steps": {
            "missed": figures.missed,
            "rescued": figures.rescued,
            "still_open": figures.still_open,
            "given_up": figures.given_up,
        },
        "texts": {"owed": figures.texts, "undelivered": figures.undelivered},
    }


def _at(center: Center, week: date | None) -> dict[str, object]:
    return {"center": center.code} | ({"week": week} if week else {})


def _span(span: Span) -> dict[str, object]:
    return {
        "count": span.count,
        "median_minutes": span.median,
        "p90_minutes": span.ninetieth,
        "in_time": _kept(span.kept),
    }


def _kept(kept: Kept) -> dict[str, object]:
    return {"met": kept.met, "due": kept.due, "percent": kept.percent}
