"""A patient for every result, on running processes: the whole plan on one clock, closed for the right reason."""

import io
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from clinic.local.stack import Stack
from clinic.management.commands.story import tell_results
from clinic.models import ResultCategory
from clinic.story.narrator import Narrator
from clinic.story.results.cases import CASES
from clinic.watchdog.losses import LOSSES

#: In every run a clear one, one that is scanned again and one that is treated; in the long one those of a year as well.
WEEKS = ("no_dvt_complete", "no_dvt_limited", "svt_short")
TOLD = tuple(case.category for case in CASES) if os.environ.get("RULEOUT_SOAK") else WEEKS
_NOW = "SELECT now() + make_interval(secs => coalesce(max(seconds), 0)) FROM clinic_clockoffset"


@pytest.fixture(scope="module")
def told(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[tuple[Stack, dict[str, Any]]]:
    """The stack on which the stories were told, and their JSON."""
    stack = new_stack(morning_template)
    out = io.StringIO()
    narrator = Narrator(out, as_json=True)
    tell_results(stack.web_url, stack.twilio_url, narrator, TOLD)
    narrator.finish()
    yield stack, json.loads(out.getvalue())
    stack.close()


def test_every_result_has_its_patient() -> None:
    assert {case.category for case in CASES} == set(ResultCategory.values)


def test_each_is_closed_for_its_reason(told: tuple[Stack, dict[str, Any]]) -> None:
    _, document = told
    assert {story["name"]: story["outcome"]["closing_reason"] for story in document["stories"]} == {
        case.category: case.reason for case in CASES if case.category in TOLD
    }


def test_nobody_is_lost_at_the_end(told: tuple[Stack, dict[str, Any]]) -> None:
    stack, _ = told
    with psycopg.connect(stack.database_url) as connection:
        row = connection.execute(_NOW).fetchone()
        assert row is not None
        for loss in LOSSES:
            assert connection.execute(loss.query, {"now": row[0]}).fetchall() == [], loss.code
