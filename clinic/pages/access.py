"""Who may see a page. A staff page says which permission it needs; nobody else gets further than this file."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from clinic.access import Actor, Permission, allowed, staff_actor
from clinic.accounts import passed_second_factor
from clinic.errors import DomainError, Forbidden, NotFound
from clinic.models import Staff
from clinic.pages.errors import refused
from clinic.pages.kept import kept_response, overtaken_response
from clinic.services.charts import BreakGlassNeeded

StaffView = Callable[Concatenate[HttpRequest, Actor, ...], HttpResponse]
Door = Callable[..., HttpResponse]
#: Where somebody goes on to when a page does not say.
STAFF_HOME = "staff-home"
#: How a page shows what is wrong with a form that stands on it again: on top of it, or beside the field.
_REFUSED = (b"error-summary", b'class="error"')


def staff_page(permission: Permission | None) -> Callable[[StaffView], Door]:
    """Serve a page to staff who hold a permission (None: to all staff), and give the view its actor.

    Nobody logged in: to the log-in page. The wrong role, or something that is not there: a page that says so in words.
    """

    def decorate(view: StaffView) -> Door:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = _actor(request)
            if actor is None:
                return _to_log_in(request)
            if permission is not None and not allowed(actor, permission):
                return refused(request, Forbidden(_who_you_are(request)))
            try:
                return view(request, actor, *args, **kwargs)
            except BreakGlassNeeded as closed:
                return _ask_why(request, closed)
            except (Forbidden, NotFound) as error:
                return refused(request, error)

        return marked(door, permission)

    return decorate


def staff_action(permission: Permission) -> Callable[[StaffView], Door]:
    """Serve a button, whose address lies one below its page's: whoever only looks at it is sent to the page.

    A refusal is told in words on the page that the button stood on: the one that the form named, else the page above.
    """

    def decorate(view: StaffView) -> Door:
        @wraps(view)
        def button(request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return redirect("../")
            try:
                answer = view(request, actor, *args, **kwargs)
                return overtaken_response(request) if _has_no_place(answer) else answer
            except (NotFound, BreakGlassNeeded):
                raise
            except DomainError as error:
                more = (sentence for sentence in error.fields.values() if sentence not in error.detail)
                messages.error(request, " ".join([error.detail, *more]))
                return back(request, "../")

        return staff_page(permission)(button)

    return decorate


def back(request: HttpRequest, otherwise: str = STAFF_HOME) -> HttpResponse:
    """Redirect to the page that the form named in ``next``, where that is one of ours."""
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/")
    return redirect(to if ours else otherwise)


def marked(door: Door, permission: Permission | None) -> Door:
    """Note on a door which permission it asks for, so that a test can walk all of them."""
    door.staff_permission = permission  # type: ignore[attr-defined]
    return door


def _ask_why(request: HttpRequest, closed: BreakGlassNeeded) -> HttpResponse:
    """Lead to the page that asks why another center's chart is opened, and from there back to where one was going."""
    to = request.get_full_path() if request.method == "GET" else f"/staff/patients/{closed.patient_id}/"
    return redirect(f"/staff/patients/{closed.patient_id}/open/?{urlencode({'next': to})}")


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """Nobody is logged in, or not any more: what a page asked by its script, and what was typed, stays."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    if request.method == "POST":
        return kept_response(request) if request.POST else redirect_to_login("/staff/")
    return redirect_to_login(request.get_full_path())


def explained(answer: HttpResponse) -> HttpResponse:
    """Mark a page that says by itself why the form that was refused stands on it no more."""
    answer.explained = True  # type: ignore[attr-defined]
    return answer


def _has_no_place(answer: HttpResponse) -> bool:
    """Whether a form was refused and its page shows it no more: what it was for is done, or has changed."""
    wrong = answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    return wrong and not hasattr(answer, "explained") and not any(mark in answer.content for mark in _REFUSED)


def _who_you_are(request: HttpRequest) -> str:
    user = request.user
    role = user.get_role_display() if isinstance(user, Staff) else ""
    return _("You are logged in as %(name)s: %(role)s.") % {"name": user, "role": role}


def _actor(request: HttpRequest) -> Actor | None:
    user = request.user
    if not isinstance(user, Staff) or not user.is_active:
        return None
    return staff_actor(user, second_factor=passed_second_factor(request, user))
