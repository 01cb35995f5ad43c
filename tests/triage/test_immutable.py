"""Answers, scores and decisions are values: nobody changes one that is made, or gives it what it does not have."""

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from tests.triage.factories import GROUPS
from triage.answers import AnswerError, Answers, Person, Site, parse
from triage.constans import constans
from triage.overriding import Target
from triage.rules import decide
from triage.rules.match import consult
from triage.urgency import Disposition
from triage.wells import wells

EMPTY = parse({}, on=None)
VALUES: list[Any] = [
    *(group() for group in GROUPS.values()),
    AnswerError("limb", "choice", "Answer."),
    Answers(),
    Person(),
    Site(),
    constans(EMPTY),
    wells(EMPTY),
    decide(EMPTY),
    decide(EMPTY).reasons[0],
    consult("R10.listed", ()),
    Target(Disposition.ED_NOW),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_stays_as_it_was_made(value: Any) -> None:
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)
    assert not hasattr(value, "__dict__")
