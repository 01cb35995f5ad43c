"""Documents that left the house, over the API: to read what became of them, and to have one sent again."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import caller
from clinic.api.schema import documented
from notifications.documents.owing import send_again
from notifications.models import Delivery
from notifications.selectors import documents


def as_delivery(row: Delivery) -> dict[str, object]:
    """A delivery with its attempts and receipts. The document itself stays with the report."""
    return {
        "id": row.pk,
        "report": row.report_id,
        "version": row.version,
        "episode": row.report.episode_id,
        "way": row.way,
        "to": row.address,
        "office": row.office,
        "status": row.status,
        "code": row.end_code,
        "asked_by": row.asked_by_id,
        "created_at": row.created_at,
        "due_at": row.due_at,
        "sent_at": row.sent_at,
        "ended_at": row.ended_at,
        "jobs": row.job,
        "attempts": [
            {
                "number": attempt.number,
                "job": attempt.job,
                "document_sha256": attempt.document_sha256,
                "at": attempt.at,
                "outcomes": [{"kind": each.kind, "code": each.code, "at": each.at} for each in attempt.outcomes.all()],
            }
            for attempt in row.tries.all()
        ],
        "receipts": [
            {"job": each.job, "status": each.status, "code": each.code, "at": each.at} for each in row.receipts.all()
        ],
    }


class DocumentListView(APIView):
    """GET the deliveries of documents, the newest first."""

    permission = Permission.TELL_REFERRERS

    @documented(
        "What was sent to referring offices by fax or Direct, and what became of it.",
        query=("report", "status"),
        operation="documents_list",
    )
    def get(self, request: Request) -> Response:
        """Return the newest deliveries: all, of one report, or in one state."""
        report, status = (request.query_params.get(name, "") for name in ("report", "status"))
        found = documents.deliveries(report=report, status=status)
        return Response({"results": [as_delivery(row) for row in found]})


class DocumentView(APIView):
    """GET one delivery."""

    permission = Permission.TELL_REFERRERS

    @documented("One delivery of a document.", operation="documents_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        """Return it with its attempts and receipts."""
        return Response(as_delivery(documents.delivery(pk)))


class DocumentRetryView(APIView):
    """POST: have the present version sent again."""

    permission = Permission.TELL_REFERRERS

    @documented("Have the report sent again, to the address that is recorded now.", status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Owe it anew; 409 while one of it may still arrive."""
        again = send_again(caller(request), delivery_id=pk)
        return Response(as_delivery(documents.delivery(again.pk)), status=201)
