"""What only somebody who is logged in may see stays in no browser and no proxy.

Computers are shared: after a log-out the button "Back" would show the chart again, to whoever sits there then, and
nobody would have written down that it was read.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from clinic.pages.language import STAFF_PATHS

#: Whatever asks for a log-in or a token. Patients' pages say so of themselves.
GUARDED = (*STAFF_PATHS, "/api/")


def kept_nowhere(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer what is guarded with `no-store`, refusals too."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(GUARDED) and "no-store" not in response.get("Cache-Control", ""):
            patch_cache_control(response, no_store=True, private=True)
        return response

    return answered
