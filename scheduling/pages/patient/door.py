"""What every page of the patient's path shares: never stored, and a refusal is a page with a way on."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from clinic.errors import DomainError

View = Callable[..., HttpResponse]


def patient_page(view: View) -> View:
    """Answer with `no-store`, and turn a domain error that the view does not handle into a page of its own."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except DomainError as refused:
            response = problem(request, refused)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return answered


def problem(request: HttpRequest, refused: DomainError) -> HttpResponse:
    """Return the page that says what is wrong, and whom to call."""
    return render(request, "scheduling/patient/problem.html", {"refused": refused}, status=refused.status)


def language_of(request: HttpRequest) -> str:
    """Return ``en`` or ``es``: the language in which the visitor reads."""
    return "es" if (get_language() or "en").startswith("es") else "en"
