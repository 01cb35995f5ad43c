"""A working center, and who knocks at the API's door: staff of each role, and programs with a token."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from django.test import Client

from clinic import clock
from clinic.access import Permission
from clinic.models import Integration, Role
from tests.invariants import fingerprint
from tests.pages.staff import Ward, open_ward


@dataclass
class Door:
    """The API as somebody calls it, and the center behind it."""

    ward: Ward

    def program(self, name: str = "portal", *scopes: Permission) -> Client:
        """The client of an integration that may do all, or what is named."""
        digest = hashlib.sha256(name.encode()).hexdigest()
        values = {"scopes": [scope.value for scope in scopes or Permission], "created_at": clock.now()}
        Integration.objects.get_or_create(name=name, digest=digest, defaults=values)
        return Client(headers={"Authorization": f"Bearer {name}"})

    def of(self, who: str) -> Client:
        """The client of a role's person, of the program ``portal``, or of ``nobody``."""
        if who == "nobody":
            return Client()
        return self.program() if who == "portal" else self.ward.browser(who)

    def slot(self, hour: int = 14, *, visit_type: str = "V10") -> dict[str, str]:
        """A free slot of today as a body names it."""
        place = self.ward.place
        starts_at = place.at(hour).starts_at.isoformat()
        return {"visit_type": visit_type, "center": place.center.code, "starts_at": starts_at}


@pytest.fixture
def door(db: None) -> Door:
    """The door, with the clients of all roles and of the portal known."""
    found = Door(open_ward())
    found.program()
    for role in Role.values:
        found.of(role)
    return found


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Send one request to the API with a JSON body."""
    return client.generic(
        method,
        f"/api/v1/{path}",
        body if isinstance(body, bytes) else _json(body),
        content_type=headers.pop("content_type", "application/json"),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def _json(body: Any) -> bytes:
    return b"" if body is None else orjson.dumps(body)


def refused(answer: Any, status: int, code: str, field: str = "") -> None:
    """Assert that an answer is a clear problem document that names its rule, and the field where there is one."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/problems/{code}")
    assert problem["title"]
    assert problem["detail"]
    if field:
        assert field in [error["field"] for error in problem["errors"]], problem
        assert all(error["message"] for error in problem["errors"])


def changes_nothing(act: Any) -> Any:
    """Run ``act`` and return its answer; no row of ours may have changed meanwhile."""
    before = fingerprint()
    answer = act()
    after = fingerprint()
    assert {table for table in before if before[table] != after[table]} == set()
    return answer
