"""The stories of `make story` on running processes, and what they leave: all texts told, all exchanges true."""

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TextIO

import psycopg
import pytest
import requests

from clinic.local.stack import Stack
from clinic.management.commands.story import STORIES, tell
from clinic.seeding.logins import DEMO_LOGINS
from clinic.story.narrator import Narrator
from clinic.story.voices import Colleague
from tests.clinical_words import clinical
from tests.lost import lost_in
from tests.outage import eventually
from tests.told import listening, log_lines, texts
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
#: Links of staff to pages of the product; those to the days and to other filters of the same page are left out.
_LINK = re.compile(r'href="(/staff/[^"?#]*)"')


class WatchfulNarrator(Narrator):
    """Looks after each step whether anybody was lost."""

    def __init__(self, out: TextIO, database_url: str) -> None:
        super().__init__(out, as_json=True)
        self.database_url = database_url
        self.lost: dict[str, list[tuple[str, int, int]]] = {}

    def step(self, at: str | datetime, what: str, **figures: object) -> None:
        """Tell the step, and look."""
        super().step(at, what, **figures)
        if found := lost_in(self.database_url):
            self.lost[what] = found


@pytest.fixture(scope="module")
def told(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[tuple[Stack, dict[str, Any]]]:
    """The stack on which all stories were told, and their JSON."""
    stack = new_stack(morning_template)
    out = io.StringIO()
    narrator = WatchfulNarrator(out, stack.database_url)
    with listening() as heard:
        tell(stack.web_url, stack.twilio_url, narrator, list(STORIES))
        _walk(stack)
    narrator.finish()
    yield stack, {**json.loads(out.getvalue()), "lost": narrator.lost, "heard": heard}
    stack.close()


def _walk(stack: Stack) -> None:
    """Have each member of staff open every page that a link leads to, from their home: two links deep."""
    for login in DEMO_LOGINS:
        colleague = Colleague(stack.web_url, login.username, login.password)
        seen: set[str] = set()
        ahead = {"/staff/"}
        for _ in range(3):
            pages = [colleague.get(address) for address in sorted(ahead)]
            seen |= ahead
            ahead = {address for page in pages for address in _LINK.findall(page)} - seen


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


def test_nobody_is_lost_at_any_step_of_the_stories(told: tuple[Stack, dict[str, Any]]) -> None:
    stack, document = told
    assert document["lost"] == {}
    assert lost_in(stack.database_url) == []


def test_nothing_that_was_said_or_logged_tells_of_anybodys_health(told: tuple[Stack, dict[str, Any]]) -> None:
    stack, _ = told
    said, logged = texts(stack), log_lines(stack)
    assert len(said) >= 6
    assert any("celery" in line for line in logged)
    assert clinical(said) == []
    assert clinical(logged) == []


def test_no_address_and_no_title_of_a_page_tells_of_anybodys_health(told: tuple[Stack, dict[str, Any]]) -> None:
    heard = told[1]["heard"]
    assert len(heard.titles) >= 15
    assert clinical(heard.urls) == []
    assert clinical(heard.titles) == []


@pytest.mark.parametrize(
    "line", ["Your scan is at 3", "Sin coágulo", "/results/no_dvt_complete/", "Su pierna", "positive_not_treated"]
)
def test_a_clinical_word_would_be_found(line: str) -> None:
    assert len(clinical([line])) == 1


@pytest.mark.soak
def test_nobody_is_lost_in_the_seeded_network(new_stack: Callable[..., Stack], seeded_template: str) -> None:
    stack = new_stack(seeded_template, parts=())
    assert lost_in(stack.database_url) == []
    assert json.loads(stack.manage("reconcile", "--json", capture=True)) == {"lost": []}
