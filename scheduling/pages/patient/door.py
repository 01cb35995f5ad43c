"""What every page of the patient's path shares: never stored, and a refusal is a page with a way on."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.errors import DomainError
from scheduling.pages.patient import visitor

View = Callable[..., HttpResponse]
#: What is refused only because the link of a text was not opened, or is not known.
NEEDS_LINK = frozenset({"visit_unknown", "link_unknown"})


def patient_page(view: View) -> View:
    """Answer with `no-store`, and turn a domain error that the view does not handle into a page of its own."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except DomainError as refused:
            response = problem(request, refused)
        if isinstance(response, HttpResponseNotAllowed):
            # An address of a button, typed or opened again: Django would answer with an empty page.
            allowed = response["Allow"]
            response = _page(request, status=response.status_code)
            response["Allow"] = allowed
        patch_cache_control(response, no_store=True, private=True)
        return response

    return answered


def problem(request: HttpRequest, refused: DomainError) -> HttpResponse:
    """Return the page that says what is wrong, and whom to call."""
    return _page(request, status=refused.status, by_link=refused.code in NEEDS_LINK)


def _page(request: HttpRequest, *, status: int, by_link: bool = False) -> HttpResponse:
    too_often = status == HTTPStatus.TOO_MANY_REQUESTS
    page = {"status": status, "by_link": by_link, "too_often": too_often, "call_first": by_link or too_often}
    return render(request, "scheduling/patient/problem.html", page, status=status)


def begin_anew(request: HttpRequest, page: str) -> HttpResponse:
    """Go to a page on which to begin; whose session ran out on the way is told that nothing was booked."""
    if not visitor.is_known(request):
        messages.warning(
            request, _("This page was open for too long. Nothing was booked. Please begin again, or call us.")
        )
    return redirect(page)


def language_of(request: HttpRequest) -> str:
    """Return ``en`` or ``es``: the language in which the visitor reads."""
    return "es" if (get_language() or "en").startswith("es") else "en"
