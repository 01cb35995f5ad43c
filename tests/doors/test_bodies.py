"""A body that can't be read is refused at every route that takes one, before anything is asked of the database."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.routes import api_routes
from tests.doors.conftest import Door, changes_nothing, refused, send

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

#: Routes that take nothing from their body: their verb says all.
BODILESS = {
    "result-send",
    "result-acknowledge",
    "merge-undo",
    "document-retry",
    "appointment-confirm",
    "appointment-check-in",
    "appointment-complete",
    "appointment-no-show",
    "episode-fallback",
    "appointment-ask-clinician",
    "waitlist-withdraw",
    "offer-accept",
    "offer-decline",
    "conversation-handled",
}


def _posts() -> Iterator[str]:
    for route in api_routes():
        if "post" in route.methods:
            yield route.url.removeprefix("/api/v1/")


def _takes_a_body() -> Iterator[str]:
    for route in api_routes():
        if "post" in route.methods and route.name not in BODILESS:
            yield route.url.removeprefix("/api/v1/")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"patient": ', 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b'{"patient": NaN}', 400, "malformed_json"),
        (b'{"name": "\\ud800"}', 400, "malformed_json"),
        (b"[" * 5000, 400, "malformed_json"),
        (b"[1, 2]", 400, "not_an_object"),
        (b'"hello"', 400, "not_an_object"),
        (b'{"x": "' + b"a" * 300_000 + b'"}', 413, "body_too_large"),
    ],
    ids=["cut off", "not UTF-8", "NaN", "half a character", "deep", "a list", "a word", "too large"],
)
def test_what_is_not_a_json_object_is_refused_everywhere(door: Door, body: bytes, status: int, code: str) -> None:
    client = door.program("everything")

    def everywhere() -> list[Any]:
        return [send(client, "POST", path, body) for path in _takes_a_body()]

    for answer in changes_nothing(everywhere):
        refused(answer, status, code)


def test_another_kind_of_content_is_refused_everywhere(door: Door) -> None:
    client = door.program("everything")

    def everywhere() -> list[Any]:
        return [send(client, "POST", path, b"a=b", content_type="text/plain") for path in _takes_a_body()]

    for answer in changes_nothing(everywhere):
        refused(answer, 415, "unsupported_media_type")


def test_strange_values_in_every_field_never_break_a_route(door: Door) -> None:
    client = door.program("everything")
    names = ("patient", "hold", "slot", "step", "owner", "answers", "contact", "reason", "outcome", "starts_at", "zip")
    strange: tuple[Any, ...] = (None, [], {}, "\u0000", -1, 2**63, 1e308, True, "9" * 5000)
    for value in strange:
        body = dict.fromkeys(names, value)

        def everywhere(body: dict[str, Any] = body) -> list[Any]:
            return [send(client, "POST", path, body) for path in _posts()]

        for answer in changes_nothing(everywhere):
            assert 400 <= answer.status_code < 500, answer.content
            assert answer.json()["code"]
