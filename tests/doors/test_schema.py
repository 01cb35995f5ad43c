"""The API's own description is valid, complete and free of warnings; the production settings pass their checks."""

import os
import re
import subprocess
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import OpenAPIV31SpecValidator

from clinic.local import gate, places
from tests.architecture.routes import api_routes

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

#: Routes that describe, and are not described.
ABOUT_ITSELF = {"schema", "docs"}


@pytest.fixture(scope="module")
def document() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_it_is_valid_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


@pytest.mark.parametrize("holds", ["OpenAPI description", "production settings"])
def test_the_gate_lets_it_through(holds: str) -> None:
    check = next(check for check in gate.CHECKS if check.holds == holds)
    # The tests in a browser allow themselves what a deployment may not.
    mine = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(check.command, cwd=places.CHECKOUT, env={**mine, **check.env}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_route_of_the_api_is_described(document: Any) -> None:
    routes = {
        ("/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route.path), method)
        for route in api_routes()
        if route.name not in ABOUT_ITSELF
        for method in route.methods
    }
    described = {
        (re.sub(r"\{id\}", "{pk}", path), method) for path, item in document["paths"].items() for method in item
    }
    assert routes == described


def test_every_operation_says_who_may_call_and_how_it_refuses(document: Any) -> None:
    assert set(document["components"]["securitySchemes"]) == {"bearer", "staffSession"}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert {"bearer": []} in operation["security"], where
            refused = operation["responses"]["400"]["content"]
            assert list(refused) == ["application/problem+json"], where


def test_what_creates_names_its_idempotency_key(document: Any) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            if "201" in operation["responses"]:
                names = {parameter["name"] for parameter in operation.get("parameters", ())}
                assert "Idempotency-Key" in names, path
                assert "422" in operation["responses"], path


def test_an_edit_that_is_only_rehearsed_answers_as_described(document: Any) -> None:
    described = document["paths"]["/api/v1/shift-edits/"]["post"]["responses"]
    assert {"200", "201"} <= set(described)


def test_every_operation_says_how_it_answers_who_asks_too_often_or_sends_something_else(document: Any) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert "429" in operation["responses"], where
            assert "415" in operation["responses"] or "requestBody" not in operation, where


def test_the_served_document_is_the_same_and_its_page_is_there(client: Client, document: Any) -> None:
    served = client.get("/api/v1/schema/?format=json")
    assert served.status_code == 200
    assert set(served.json()["paths"]) == set(document["paths"])
    assert client.get("/api/v1/docs/").status_code == 200
