"""Every example of the clinical examples file decides as it expects through the API.

Without a contact and a ZIP, an assessment by a caller with a token is an examination: nobody is to be seen, and what
the network can offer is the ``site`` of the answers.
"""

import hashlib
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from clinic.access import Permission
from clinic.models import Episode, Integration
from tests.triage.factories import EXAMPLES, expanded, expected_of

# Static files are collected by a deployment, not by a test.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def client() -> Client:
    digest = hashlib.sha256(b"token").hexdigest()
    Integration.objects.create(name="examiner", digest=digest, scopes=[Permission.ASSESS.value], created_at=clock.now())
    return Client(headers={"Authorization": "Bearer token"})


@pytest.mark.parametrize("example", EXAMPLES["examples"], ids=lambda example: example["id"])
def test_an_example_decides_as_expected_through_the_api(client: Client, example: dict[str, Any]) -> None:
    body = {"answers": expanded(example)}
    response = client.post("/api/v1/triage/assessments/", body, content_type="application/json")
    assert response.status_code == 201, response.content
    decision, expected = response.json()["decision"], expected_of(example)
    assert {key: decision[key] for key in expected} == expected


def test_an_examination_opens_no_episode(client: Client) -> None:
    body = {"answers": expanded(EXAMPLES["examples"][0])}
    response = client.post("/api/v1/triage/assessments/", body, content_type="application/json")
    assert response.status_code == 201, response.content
    assert (response.json()["episode"], Episode.objects.count()) == (None, 0)
