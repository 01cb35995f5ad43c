"""The hard days of `make story CASE=all`, on running processes."""

import io
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import Any

import pytest

from clinic.local.stack import Stack
from clinic.management.commands.story import tell_cases
from clinic.story.cases import CASES
from clinic.story.cases.case import Case
from clinic.story.narrator import Narrator
from tests.lost import lost_in

pytestmark = pytest.mark.soak
#: Told in every run, all of them in the long one: a night, a day with an office and its fax, and two who are alike.
QUICK = ("sunday_night", "office_at_1620", "twins")
TOLD = list(CASES) if os.environ.get("RULEOUT_SOAK") else [name for name in CASES if name in QUICK]


@pytest.fixture(scope="module")
def told(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[tuple[Stack, dict[str, Any]]]:
    """The stack on which the cases were told, and their JSON."""
    stack = new_stack(morning_template)
    out = io.StringIO()
    narrator = Narrator(out, as_json=True)
    tell_cases(stack, narrator, TOLD)
    narrator.finish()
    yield stack, json.loads(out.getvalue())
    stack.close()


def test_every_case_comes_to_its_end_with_its_times(told: tuple[Stack, dict[str, Any]]) -> None:
    _, document = told
    assert document["passed"] is True
    assert [story["name"] for story in document["stories"]] == TOLD
    assert all(story["outcome"]["lines"] == len(story["steps"]) for story in document["stories"])
    assert all(story["outcome"]["seconds_on_the_wall"] >= 0 for story in document["stories"])


def test_nobody_is_lost_at_the_end(told: tuple[Stack, dict[str, Any]]) -> None:
    assert lost_in(told[0].database_url) == []


@pytest.mark.parametrize(
    ("weekday", "begins_at", "first"),
    [(None, time(9, 0), "2026-03-11T13:00"), (6, time(2, 0), "2026-03-15T06:00"), (2, time(6, 30), "2026-03-11T10:30")],
)
def test_a_case_begins_at_the_next_such_instant(weekday: int | None, begins_at: time, first: str) -> None:
    case = Case(title="", tell=lambda cast: [], weekday=weekday, begins_at=begins_at)
    wednesday = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
    assert case.first_instant(wednesday) == datetime.fromisoformat(first).replace(tzinfo=UTC)


def test_a_case_never_begins_on_a_day_on_which_the_network_is_closed() -> None:
    case = Case(title="", tell=lambda cast: [])
    eve = datetime(2026, 12, 24, 20, 0, tzinfo=UTC)
    assert case.first_instant(eve) == datetime(2026, 12, 26, 14, 0, tzinfo=UTC)


def test_a_case_that_names_no_day_begins_on_no_sunday() -> None:
    case = Case(title="", tell=lambda cast: [])
    saturday = datetime(2026, 3, 14, 20, 0, tzinfo=UTC)
    assert case.first_instant(saturday) == datetime(2026, 3, 16, 13, 0, tzinfo=UTC)
