"""The intake over the API."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from scheduling.api.bodies import AssessmentBody
from scheduling.api.presenters import as_intake
from scheduling.api.reading import as_contact
from scheduling.intake import submit


class AssessmentListView(APIView):
    """POST: answers in, the decision and what follows from it out."""

    permission = Permission.ASSESS

    @documented("Decide on the answers of one intake.", body=AssessmentBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Record the answers and decisions, and open the episode where a contact is given."""
        given = body(AssessmentBody, request)
        contact = given.pop("contact")
        result = submit(
            caller(request),
            raw_answers=given.pop("answers"),
            contact=as_contact(contact) if contact else None,
            **given,
        )
        return Response(as_intake(result), status=201)
