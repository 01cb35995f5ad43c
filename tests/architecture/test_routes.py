"""Who gets through which door: every route, every role, as `clinic.access.GRANTS` says."""

import pytest
from django.test import Client

from clinic.access import GRANTS, Permission
from clinic.api.permissions import PUBLIC
from clinic.models import Role
from tests.architecture.routes import Route, api_routes, every_route, staff_routes
from tests.factories import make_staff

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]

#: All that anybody may open without logging in. A new public route is entered here by hand.
PUBLIC_ROUTES = {
    # the patient's path, guarded by the visitor's own session or by a link and a birth date
    "patient-landing",
    "patient-consultation",
    "patient-check",
    "patient-question",
    "patient-details",
    "patient-outcome",
    "patient-reach",
    "patient-restart",
    "patient-slots",
    "patient-hold",
    "patient-kept",
    "patient-none-in-time",
    "patient-wait",
    "patient-waiting",
    "patient-wait-end",
    "patient-offer",
    "patient-offer-signs",
    "patient-offer-take",
    "patient-offer-leave",
    "patient-sooner",
    "patient-visit",
    "patient-confirm",
    "patient-cancel",
    "patient-move",
    "patient-signs",
    "patient-help",
    "patient-calendar",
    "patient-follow-up",
    "patient-result",
    "patient-result-paper",
    "patient-shared-result",
    "patient-link",
    "set_language",
    # the API's own description, and the questions that the web asks
    "schema",
    "docs",
    "questionnaire",
    # webhooks, which prove themselves by a signature
    "twilio-status",
    "twilio-call-status",
    "twilio-call",
    "twilio-call-keys",
    "twilio-inbound",
    "document-receipt",
    # operations
    "healthz",
    "readyz",
    "metrics",
}


def _declared(route: Route, method: str) -> object:
    declared = route.api.permission
    return declared.get(method.upper(), declared.get("*")) if isinstance(declared, dict) else declared


def _guarded_calls() -> list[tuple[Route, str, Permission]]:
    calls = [(route, method, _declared(route, method)) for route in api_routes() for method in route.methods]
    return [(route, method, Permission(str(needed))) for route, method, needed in calls if needed != PUBLIC]


def _client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_staff(role))
    return client


def test_every_api_view_declares_who_may_call_it() -> None:
    for route in api_routes():
        for method in route.methods:
            declared = _declared(route, method)
            assert declared == PUBLIC or declared in set(Permission), f"{method} {route.path} declares nothing"


def test_every_staff_page_declares_who_may_see_it() -> None:
    undeclared = [route.path for route in staff_routes() if not hasattr(route.view, "staff_permission")]
    assert undeclared == []


def test_the_public_routes_are_exactly_the_named_ones() -> None:
    public = set()
    for route in every_route():
        if route.path.startswith("api/"):
            if any(_declared(route, method) == PUBLIC for method in route.methods):
                public.add(route.name)
        elif not hasattr(route.view, "staff_permission") and not route.path.startswith("staff/account/"):
            public.add(route.name)
    assert public == PUBLIC_ROUTES


def test_nobody_gets_into_a_staff_page_without_logging_in() -> None:
    client = Client()
    for route in staff_routes():
        for method in (client.get, client.post):
            answer = method(route.url)
            refused = answer.status_code == 405 or answer.headers.get("Location", "").startswith(
                "/staff/account/login/"
            )
            assert refused, f"{route.path} answered {answer.status_code}"


@pytest.mark.parametrize("role", Role.values)
def test_a_staff_page_lets_in_whom_the_grants_name(role: str) -> None:
    client = _client_of(role)
    for route in staff_routes():
        needed = route.view.staff_permission
        granted = needed is None or role in GRANTS[needed]
        for method in (client.get, client.post):
            status = method(route.url).status_code
            if granted:
                assert status not in {401, 403, 500}, f"{role} is kept from {route.path}: {status}"
            else:
                assert status in {403, 405}, f"{role} gets into {route.path}: {status}"


def test_nobody_calls_a_guarded_api_route_without_a_name() -> None:
    client = Client()
    for route, method, _needed in _guarded_calls():
        answer = getattr(client, method)(route.url, content_type="application/json")
        assert answer.status_code == 401, f"{method} {route.path} answered {answer.status_code}"


@pytest.mark.parametrize("role", Role.values)
def test_an_api_route_answers_whom_the_grants_name(role: str) -> None:
    client = _client_of(role)
    for route, method, needed in _guarded_calls():
        status = getattr(client, method)(route.url, content_type="application/json").status_code
        if role in GRANTS[needed]:
            assert status not in {401, 403, 500}, f"{role} is kept from {method} {route.path}: {status}"
        else:
            assert status == 403, f"{role} gets into {method} {route.path}: {status}"
