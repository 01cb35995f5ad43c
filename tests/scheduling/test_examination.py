"""Answers about nobody: staff and programs ask the table; a wrong field never hides an emergency."""

import pytest

from clinic.access import Actor
from clinic.errors import Invalid
from clinic.models import ActorKind, Center, Episode
from scheduling.intake import submit
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = Actor(kind=ActorKind.INTEGRATION, id=1, scopes=frozenset({"assessments.create"}))


@pytest.mark.parametrize(
    ("site", "disposition"),
    [
        ({}, "SAME_DAY_DVT_SCAN"),
        ({"site": {"next_result_min": 240, "upper_extremity": True, "iliac_duplex": True}}, "SAME_DAY_DVT_SCAN"),
        ({"site": {"next_result_min": 241, "upper_extremity": True, "iliac_duplex": True}}, "CLINICIAN_CALLBACK"),
    ],
)
def test_the_table_is_asked_with_the_offer_that_is_given(
    center: Center, site: dict[str, object], disposition: str
) -> None:
    result = submit(PROGRAM, raw_answers=answers(**SUSPECTED) | site)
    assert result.decision.disposition == disposition
    assert not Episode.objects.exists()


def test_for_a_patient_the_networks_own_offer_counts(center: Center) -> None:
    raw = answers(**SUSPECTED) | {"site": {"next_result_min": 9999, "upper_extremity": True, "iliac_duplex": True}}
    assert submit(PROGRAM, raw_answers=raw, contact=CONTACT).decision.disposition == "SAME_DAY_DVT_SCAN"


def test_what_does_not_fit_together_is_asked_back(center: Center) -> None:
    given = answers(limb="unknown", symptoms={"swelling": "yes"})
    result = submit(PROGRAM, raw_answers=given, contact=CONTACT)
    assert [question.field for question in result.questions] == ["limb"]


def test_a_refusal_beside_a_danger_sign_says_911(center: Center) -> None:
    raw = answers(emergency={"chest_pain": "yes"}) | {"made_up": 1}
    with pytest.raises(Invalid) as refused:
        submit(VISITOR, raw_answers=raw, contact=CONTACT)
    assert "911" in refused.value.detail
    assert list(refused.value.fields) == ["made_up"]
