"""The doors of the words that we send: who reads them, who approves them; wrong input by its field."""

from typing import Any

import pytest

from clinic.access import Permission
from notifications.models import TemplateApproval
from notifications.versions import present
from tests.doors.conftest import Door, changes_nothing, refused, send

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def named(*which: tuple[str, str], version: str = "") -> dict[str, Any]:
    versions = present()
    return {
        "texts": [
            {"template": name, "language": language, "version": version or versions[name, language]}
            for name, language in which
        ]
    }


REMINDER = ("visit_reminder", "es")


def test_it_tells_each_text_at_its_longest_with_its_version_and_its_approval(door: Door) -> None:
    send(door.of("physician"), "POST", "texts/approve/", named(REMINDER))
    found = send(door.program("monitoring", Permission.READ_TEXTS), "GET", "texts/").json()
    assert (found["waiting"], len(found["texts"])) == (len(present()) - 1, len(present()))
    [text] = [each for each in found["texts"] if (each["template"], each["language"]) == REMINDER]
    assert (text["version"], text["segments"], text["approved"]) == (present()[REMINDER], 1, True)
    assert text["approval"]["role"] == "physician"
    assert "NNNNNNNNNNNN" in text["longest"]


def test_texts_are_approved_once_a_key(door: Door) -> None:
    administrator = door.of("administrator")
    first, again = (
        send(administrator, "POST", "texts/approve/", named(*present()), Idempotency_Key="all") for _ in range(2)
    )
    assert (first.status_code, first.json()["waiting"], again.content) == (201, 0, first.content)
    answer = changes_nothing(lambda: send(administrator, "POST", "texts/approve/", named(REMINDER)))
    refused(answer, 409, "approved_already")
    assert send(door.of("manager"), "GET", "sending/").json()["texts_unapproved"] == 0


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 400, "invalid", "texts"),
        ({"texts": []}, 400, "invalid", "texts"),
        ({"texts": "all"}, 400, "invalid", "texts"),
        ({"texts": [{"template": "visit_reminder", "language": "en"}]}, 400, "invalid", "texts.0.version"),
        (
            {"texts": [{"template": "visit_reminder", "language": "fr", "version": "0"}]},
            400,
            "invalid",
            "texts.0.language",
        ),
        ({"texts": [{"template": "no_such", "language": "en", "version": "0"}]}, 400, "invalid", "texts"),
        ({"texts": [{"template": "visit_reminder", "language": "en", "version": "0"}]}, 409, "other_words", ""),
    ],
)
def test_what_is_none_of_our_texts_or_not_as_it_is_sent_is_refused(
    door: Door, body: object, status: int, code: str, field: str
) -> None:
    client = door.of("physician")
    refused(changes_nothing(lambda: send(client, "POST", "texts/approve/", body)), status, code, field)


def test_nobody_else_approves_a_text(door: Door) -> None:
    for who in ("representative", "sonographer", "clinician", "manager", "portal"):
        answer = changes_nothing(lambda who=who: send(door.of(who), "POST", "texts/approve/", named(REMINDER)))
        refused(answer, 403, "forbidden")
    assert not TemplateApproval.objects.exists()


def test_an_approval_is_withdrawn_with_a_reason_by_who_may_give_it(door: Door) -> None:
    physician = door.of("physician")
    send(physician, "POST", "texts/approve/", named(REMINDER))
    said = {**named(REMINDER)["texts"][0], "reason": "Reads like a test."}
    for who in ("clinician", "manager", "portal"):
        answer = changes_nothing(lambda who=who: send(door.of(who), "POST", "texts/withdraw/", said))
        refused(answer, 403, "forbidden")
    empty = changes_nothing(lambda: send(physician, "POST", "texts/withdraw/", {**said, "reason": ""}))
    refused(empty, 400, "invalid", "reason")
    found = send(physician, "POST", "texts/withdraw/", said).json()
    [text] = [each for each in found["texts"] if (each["template"], each["language"]) == REMINDER]
    assert (text["approved"], text["withdrawn"]["reason"]) == (False, "Reads like a test.")
    refused(send(physician, "POST", "texts/withdraw/", said), 409, "not_approved")
