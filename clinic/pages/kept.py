"""A form of staff's that came too late: its log-in had run out, or another began meanwhile. What was typed is kept.

The page shows it and can send it again, after a log-in in another tab. Nothing of it is stored.
"""

from collections.abc import Mapping
from urllib.parse import urljoin

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from clinic.models import Impression, ResultCategory, Side, Staff

#: What a form carries that nobody typed, or that must be typed again.
_NOT_KEPT = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword")
#: How Django names a token that belongs to another log-in. Any other reason means that the form is not ours.
_OF_ANOTHER_LOG_IN = "CSRF token from POST incorrect."
#: A choice is shown by the words beside it, not by its code.
_WORDS = dict(Impression.choices) | dict(ResultCategory.choices) | dict(Side.choices)
STAFF_PAGES, LOG_IN_PAGES = "/staff/", "/staff/account/"


def kept_response(request: HttpRequest) -> HttpResponse:
    """Return the page that keeps what was typed, with a button that sends it again: 401, or 403 to who is logged in."""
    fields = _fields(request)
    here = isinstance(request.user, Staff)
    shown = {"fields": fields, "typed": _typed(fields), "here": here}
    return _shown(request, "clinic/staff/kept.html", shown, 403 if here else 401)


def overtaken_response(request: HttpRequest) -> HttpResponse:
    """Return the page for a form that has no place any more: somebody else did what it was for. It shows the way on."""
    shown = {"typed": _typed(_fields(request)), "above": urljoin(request.path, "../")}
    return _shown(request, "clinic/staff/overtaken.html", shown, 409)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_KEPT]


def _typed(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, str(_WORDS.get(value, value))) for name, value in fields if name != "next" and value.strip()]


def _shown(request: HttpRequest, template: str, shown: Mapping[str, object], status: int) -> HttpResponse:
    answer = render(request, template, dict(shown), status=status)
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose token is wrong. One of our own pages, from before a log-in, keeps what was typed.

    Only where the browser says that the form came from a page of ours: a foreign form is never offered again.
    """
    staffs = request.path.startswith(STAFF_PAGES) and not request.path.startswith(LOG_IN_PAGES)
    if staffs and reason == _OF_ANOTHER_LOG_IN and "Origin" in request.headers:
        return kept_response(request)
    return render(request, "403_csrf.html", status=403)
