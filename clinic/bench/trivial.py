"""The view that does nothing, behind the same doors as the views that it is compared with."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission


class TrivialView(APIView):
    """The middleware, the bearer token, the permission, the JSON in and out: all that a request costs before its work.

    GET needs what a search needs, POST what a booking needs.
    """

    permission = {"GET": Permission.SEARCH_SLOTS, "POST": Permission.BOOK}

    def get(self, request: Request) -> Response:
        """Say that all is well."""
        return Response({"status": "ok"})

    def post(self, request: Request) -> Response:
        """Read the body and say that all is well."""
        return Response({"status": "ok", "fields": len(request.data)}, status=201)
