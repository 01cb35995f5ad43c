"""The pages of staff speak English, whatever the browser asks for: a page in two languages helps nobody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

#: What staff open; all else is a patient's, in English or Spanish.
STAFF_PATHS = ("/staff/", "/admin/")


def staff_in_english(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after Django's own choice of the language, which the next request makes anew."""

    def answered(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(STAFF_PATHS):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
        return get_response(request)

    return answered
