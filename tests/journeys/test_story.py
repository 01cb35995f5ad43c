"""The stories of `make story` on running processes, and what they leave: all texts told, all exchanges true."""

import io
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import requests

from clinic.local.stack import Stack
from clinic.management.commands.story import STORIES, tell
from clinic.story.narrator import Narrator
from tests.outage import eventually
from tests.twilio_contract import check_all

_UNSETTLED = """
SELECT m.purpose, m.status FROM notifications_message m
WHERE m.status IN ('sending', 'sent', 'unknown', 'failed', 'undelivered')
"""
_DELIVERED = "SELECT purpose, count(*) FROM notifications_message WHERE status = 'delivered' GROUP BY purpose"
_WITHOUT_RECEIPT = """
SELECT m.id FROM notifications_message m WHERE m.status = 'delivered' AND NOT EXISTS (
    SELECT FROM notifications_attempt a JOIN notifications_receipt r ON r.attempt_id = a.id
    WHERE a.message_id = m.id AND r.status = CASE m.channel WHEN 'voice' THEN 'completed' ELSE 'delivered' END
)
"""


@pytest.fixture(scope="module")
def told(new_stack: Callable[..., Stack], morning_template: str) -> tuple[Stack, dict[str, Any]]:
    """The stack on which all stories were told, and their JSON."""
    stack = new_stack(morning_template)
    out = io.StringIO()
    narrator = Narrator(out, as_json=True)
    tell(stack.web_url, stack.twilio_url, narrator, list(STORIES))
    narrator.finish()
    return stack, json.loads(out.getvalue())


def _rows(stack: Stack, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.database_url) as connection:
        return connection.execute(query).fetchall()


def test_every_story_comes_to_its_end(told: tuple[Stack, dict[str, Any]]) -> None:
    _, document = told
    assert document["passed"] is True
    assert [story["name"] for story in document["stories"]] == list(STORIES)
    assert all(story["steps"] and story["outcome"] for story in document["stories"])


def test_each_text_that_was_owed_was_delivered_once(told: tuple[Stack, dict[str, Any]]) -> None:
    stack, _ = told
    assert eventually(lambda: not _rows(stack, _UNSETTLED))
    delivered = dict(_rows(stack, _DELIVERED))
    # Two visits are booked in all: the scan, and the consultation of the third story.
    assert delivered["booking_confirmation"] == 2
    assert (delivered["visit_reminder"], delivered["result_ready"]) == (1, 1)
    assert delivered["follow_up_reminder"] >= 1


def test_every_receipt_is_recorded(told: tuple[Stack, dict[str, Any]]) -> None:
    stack, _ = told
    assert _rows(stack, _WITHOUT_RECEIPT) == []


def test_every_exchange_with_the_provider_is_as_it_describes(told: tuple[Stack, dict[str, Any]]) -> None:
    stack, _ = told
    exchanges = requests.get(f"{stack.twilio_url}/_local/exchanges", timeout=10).json()["exchanges"]
    assert check_all(exchanges) >= len(_rows(stack, "SELECT id FROM notifications_attempt"))
