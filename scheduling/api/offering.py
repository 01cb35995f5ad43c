"""Offering times of a step over the API."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.presenters import as_step
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from scheduling.api.bodies import EmptyBody
from scheduling.services.offering import offer_times


class StepOfferView(APIView):
    """POST: text the patient times for a step that waits for its visit."""

    permission = Permission.BOOK

    @documented("Text times within a step's window, with a link to choose one.", body=EmptyBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Owe the text, or refuse: the step waits for no visit, or no time is free."""
        body(EmptyBody, request)
        return Response(as_step(offer_times(caller(request), step_id=pk)))
