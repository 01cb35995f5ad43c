"""Who read whose chart, over the API."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.models import ChartOpening, Verdict
from clinic.selectors.chart_reads import Look, looks, openings
from clinic.services.charts import LEAST_REASON, MOST_REASON, break_glass, review_opening


class ReasonBody(serializers.Serializer[object]):
    """Why another center's chart is opened."""

    reason = serializers.CharField(max_length=MOST_REASON, help_text=f"At least {LEAST_REASON} characters.")


class ReviewBody(serializers.Serializer[object]):
    """What a reviewer found. What was not justified takes a note."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=MOST_REASON)


class LooksQuery(serializers.Serializer[object]):
    """Whose chart, or who looked; ``before`` is the id of the last look of the page before."""

    patient = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    staff = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    before = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class OpeningsQuery(serializers.Serializer[object]):
    """Those that wait, or those that were reviewed."""

    reviewed = serializers.BooleanField(required=False, default=False)


def as_look(look: Look) -> dict[str, object]:
    """One look at a chart."""
    read = look.read
    return {
        "id": read.pk,
        "at": read.at,
        "who": look.who,
        "actor": {"kind": read.actor_kind, "id": read.actor_id},
        "role": look.staff.role if look.staff else None,
        "patient": read.patient_id,
        "episode": read.episode_id,
        "page": read.page,
        "api": read.api,
        "opening": read.opening_id,
    }


def as_opening(row: ChartOpening) -> dict[str, object]:
    """One opening of another center's chart."""
    return {
        "id": row.pk,
        "patient": row.patient_id,
        "staff": {"id": row.staff_id, "name": str(row.staff)},
        "center": row.center_id,
        "reason": row.reason,
        "at": row.at,
        "expires_at": row.expires_at,
        "reviewed_at": row.reviewed_at,
        "reviewed_by": row.reviewed_by_id,
        "verdict": row.verdict,
        "note": row.note,
    }


class BreakGlassView(APIView):
    """POST: open another center's chart."""

    permission = Permission.BREAK_GLASS

    @documented("Open the chart of another center's patient for a shift, with a reason.", body=ReasonBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Open it: each look is marked, and the opening is reviewed."""
        row = break_glass(caller(request), patient_id=pk, reason=str(body(ReasonBody, request)["reason"]))
        return Response(as_opening(row), status=201)


class ChartReadListView(APIView):
    """GET the log of chart reads."""

    permission = Permission.REVIEW_ACCESS

    @documented("Who read whose chart, newest first.", query=("patient", "staff", "before"))
    def get(self, request: Request) -> Response:
        """Return the looks at a patient's chart, or those of a person."""
        given = query(LooksQuery, request)
        found = looks(patient_id=given.get("patient"), staff_id=given.get("staff"), before=given.get("before"))
        return Response({"results": [as_look(look) for look in found]})


class ChartOpeningListView(APIView):
    """GET the openings."""

    permission = Permission.REVIEW_ACCESS

    @documented("Openings of another center's charts: those that wait for a review, oldest first.", query=("reviewed",))
    def get(self, request: Request) -> Response:
        """Return those that wait, or those that were reviewed."""
        found = openings(reviewed=query(OpeningsQuery, request)["reviewed"])
        return Response({"results": [as_opening(row) for row in found]})


class ChartOpeningReviewView(APIView):
    """POST: review an opening."""

    permission = Permission.REVIEW_ACCESS

    @documented("Say whether an opening was justified.", body=ReviewBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Write the verdict; nobody reviews their own."""
        return Response(as_opening(review_opening(caller(request), opening_id=pk, **body(ReviewBody, request))))
