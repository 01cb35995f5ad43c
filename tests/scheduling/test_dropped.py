"""Whoever leaves in the middle after a worrying answer, and left a number, is called."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.models import Center
from scheduling.intake.dropped import SILENCE, call_dropped_visitors, next_dropped
from tests.factories import set_clock
from tests.scheduling.intakes import VISITOR
from triage.drafts import save_answers, start_draft
from triage.models import Draft
from triage.questionnaire.build import items

pytestmark = pytest.mark.django_db(transaction=True)
BY_KEY = {item.key: item for item in items()}
REACHABLE = {"contact.phone": "301-555-0142", "contact.zip": "20770"}


def left(**given: str) -> Draft:
    draft = start_draft(VISITOR, language="en")
    answers = {BY_KEY[key.replace("__", ".")]: value for key, value in given.items()}
    return save_answers(draft=draft, language="en", given=answers)


def reachable(**given: str) -> Draft:
    return left(**{key.replace(".", "__"): value for key, value in REACHABLE.items()}, **given)


def gone() -> int:
    set_clock(clock.now() + SILENCE + timedelta(seconds=1))
    return call_dropped_visitors()


@pytest.mark.parametrize("worry", [{"symptoms__swelling": "yes"}, {"emergency__fainted": "unknown"}])
def test_they_are_called_within_ten_minutes(center: Center, worry: dict[str, str]) -> None:
    draft = reachable(**worry)
    assert gone() == 1
    draft.refresh_from_db()
    assert draft.assessment is not None
    episode = draft.assessment.episode
    assert episode is not None
    step = episode.steps.get()
    assert (step.kind, step.owner_role) == ("callback", "clinician")
    assert step.due_at is not None
    assert step.due_at - clock.now() <= timedelta(minutes=10)
    assert gone() == 0


def test_nobody_is_called_without_a_worry_or_a_number_or_while_they_may_go_on(center: Center) -> None:
    reachable(emergency__fainted="no")
    left(symptoms__swelling="yes")
    assert gone() == 0
    reachable(symptoms__swelling="yes")
    assert call_dropped_visitors() == 0


def test_an_answer_that_can_not_be_so_keeps_nobody_from_their_call(center: Center) -> None:
    """A birth year mistyped before the tab was closed: the answer counts as not given, and the next are called too."""
    mistyped = reachable(symptoms__swelling="yes", patient__birth_date="2085-03-01")
    after = reachable(symptoms__swelling="yes")
    assert gone() == 2
    for draft in (mistyped, after):
        draft.refresh_from_db()
        assert draft.assessment is not None
        assert draft.assessment.episode is not None
        assert draft.assessment.episode.steps.get().kind == "callback"
    assert gone() == 0


def test_one_that_is_refused_holds_up_no_other(center: Center) -> None:
    refused, after = reachable(symptoms__swelling="yes"), reachable(symptoms__swelling="yes")
    # The ZIP code that they gave is gone from the table since.
    Draft.objects.filter(pk=refused.pk).update(zip="00000", answers={**refused.answers, "strange": "yes"})
    assert gone() == 1
    after.refresh_from_db()
    assert after.assessment is not None


def test_the_clock_knows_when_the_next_one_counts_as_gone(center: Center) -> None:
    draft = reachable(symptoms__swelling="yes")
    assert next_dropped(clock.now()) == draft.touched_at + SILENCE
