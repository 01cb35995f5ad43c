"""The view that does nothing, behind the same doors as the views that it is compared with."""

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Actor, Permission
from clinic.pages.access import staff_page


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


@staff_page(None)
def trivial_staff_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The session, the log-in and the door of a page of staff."""
    return HttpResponse("ok")


def trivial_page(request: HttpRequest) -> HttpResponse:
    """The visitor's session, which every page of theirs reads."""
    return HttpResponse("ok" if request.session.session_key else "new")
