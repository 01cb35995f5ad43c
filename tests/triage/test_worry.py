"""Which unfinished answers are worrying enough to call somebody who left."""

from typing import Any

import pytest

from triage.answers.groups import CARDINAL, MINOR
from triage.worry import worrying


@pytest.mark.parametrize("group", ["emergency", "limb_threat"])
@pytest.mark.parametrize(("answer", "called"), [("yes", True), ("unknown", True), ("no", False)])
def test_a_danger_sign_that_is_there_or_not_known_is(group: str, answer: str, called: bool) -> None:
    assert worrying({group: {"fainted": "no", "limb_cold": answer}}) is called


@pytest.mark.parametrize("sign", [*CARDINAL, *MINOR])
@pytest.mark.parametrize(("answer", "called"), [("yes", True), ("unknown", False), ("no", False)])
def test_a_sign_of_a_clot_is_only_where_it_is_there(sign: str, answer: str, called: bool) -> None:
    assert worrying({"symptoms": {sign: answer}}) is called


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"symptoms": {}},
        {"symptoms": {"cramps": "yes", "asymmetric": "yes"}},
        {"history": {"smoking": "yes"}},
        {"context": {"pregnant": "unknown"}},
    ],
)
def test_nothing_else_is(raw: dict[str, Any]) -> None:
    assert worrying(raw) is False
