"""Every example of the clinical examples file decides as it expects, through the same code as the command."""

from typing import Any

import pytest

from tests.triage.factories import ANNOTATIONS, EXAMPLES, expanded, expected_of
from triage.examination import examine_one


@pytest.mark.parametrize("example", EXAMPLES["examples"], ids=lambda example: example["id"])
def test_an_example_decides_as_expected(example: dict[str, Any]) -> None:
    expected = expected_of(example)
    decision = examine_one(expanded(example), on=None)
    assert {key: decision[key] for key in expected} == expected


def test_all_thirty_are_there() -> None:
    assert len(EXAMPLES["examples"]) == 30


def test_the_notes_of_an_example_do_not_disturb_its_decision() -> None:
    example = EXAMPLES["examples"][0]
    notes = {key: example[key] for key in ANNOTATIONS if key in example}
    plain = examine_one(expanded(example), on=None)
    assert examine_one({**expanded(example), **notes}, on=None) == {"id": "P01", **plain}


def test_a_site_inside_context_is_read_too() -> None:
    raw = expanded(EXAMPLES["examples"][0])
    site = raw.pop("site")
    raw["context"]["site"] = {**site, "next_result_min": 241}
    assert examine_one(raw, on=None)["disposition"] == "ED_NOW"
