"""Refusals on pages: each domain error becomes a form's error, or a page in words, here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from clinic.errors import DomainError, NotFound
from clinic.pages.context import public_numbers
from clinic.services.charts import BreakGlassNeeded


@contextmanager
def refusals_in(form: BaseForm) -> Iterator[None]:
    """Put a service's refusal into the form that asked: beside its field where one is named, else on top.

    The door has asked for the page's permission, so that what a service forbids here is what was chosen: a signature
    that takes another role. What does not exist is no matter of the form, and goes on.
    """
    try:
        yield
    except (NotFound, BreakGlassNeeded):
        raise
    except DomainError as error:
        for field, message in error.fields.items():
            form.add_error(field if field in form.fields else None, message)
        if not error.fields:
            form.add_error(None, error.detail)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Say in words why there is no page."""
    template = f"{error.status}.html" if error.status in (403, 404) else "400.html"
    return render(request, template, {"reason": error.detail}, status=error.status)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours. It asks nothing of the database, and keeps the telephone numbers."""
    return HttpResponse(render_to_string("500.html", public_numbers(request)), status=500)
