"""What was found and told while the system was down, entered over the API from the paper."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.clinical import PreliminaryBody, finding_of
from clinic.api.fields import InstantField
from clinic.api.idempotency import idempotent
from clinic.api.presenters import as_paper_entry
from clinic.api.reading import body, caller
from clinic.api.results import CallBody
from clinic.api.schema import documented
from clinic.services import papers, telling
from clinic.services.identifying import Said

_WHEN = "When it happened, as the paper says."


class PaperPreliminaryBody(PreliminaryBody):
    """A preliminary as it stands on paper."""

    occurred_at = InstantField(help_text=_WHEN)


class PaperCallBody(CallBody):
    """A call about a result as it stands on paper."""

    occurred_at = InstantField(help_text=_WHEN)


class PaperPreliminaryView(APIView):
    """POST a preliminary that was written on paper."""

    permission = Permission.WRITE_PRELIMINARY

    @documented("Enter a preliminary from the paper of a downtime.", body=PaperPreliminaryBody)
    @idempotent
    def post(self, request: Request) -> Response:
        """Enter it; what contradicts the record becomes a step, and changes nothing."""
        checked = body(PaperPreliminaryBody, request)
        entry = papers.enter_preliminary(
            caller(request),
            step_id=int(str(checked["step"])),
            finding=finding_of(checked, impression=str(checked["impression"])),
            scan_ended_at=checked["scan_ended_at"],
            occurred_at=checked["occurred_at"],
        )
        return Response(as_paper_entry(entry))


class PaperCallView(APIView):
    """POST a call about a result that was written on paper."""

    permission = Permission.TELL_RESULTS

    @documented("Enter a call about a result from the paper of a downtime.", body=PaperCallBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Enter it; what contradicts the record becomes a step, and nobody counts as told by it."""
        checked = body(PaperCallBody, request)
        occurred_at, said = checked.pop("occurred_at"), checked.pop("identifiers")
        call = telling.Call(**checked, identifiers=Said(**said) if said else None)
        entry = papers.enter_call(caller(request), report_id=pk, call=call, occurred_at=occurred_at)
        return Response(as_paper_entry(entry))
