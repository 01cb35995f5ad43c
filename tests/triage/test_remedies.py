"""A refusal says what to send instead, in words that a person can act on."""

from datetime import date
from typing import Any

import pytest

from triage.answers import AnswersInvalid, parse

TODAY = date(2026, 11, 24)
NOT_KNOWN = "This key is not known."


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ([], "Send one object with the groups of answers."),
        ({"shoe": 1}, NOT_KNOWN),
        ({"symptoms": {"shoe": 1}}, NOT_KNOWN),
        ({"patient": {"shoe": 1}}, NOT_KNOWN),
        ({"kept": {"shoe": 1}}, NOT_KNOWN),
        ({"site": {"shoe": 1}}, NOT_KNOWN),
        ({"symptoms": 4}, "Send an object of answers."),
        ({"patient": 4}, "Send an object of answers."),
        ({"kept": 4}, "Send an object of the kept answers."),
        ({"site": 4}, "Send an object of what the network can offer."),
        ({"worsening": "maybe"}, "Answer one of: yes, no, unknown."),
        ({"symptoms": {"swelling": "maybe"}}, "Answer one of: yes, no, unknown."),
        ({"wells": {"alternative_dx_clinician": "maybe"}}, "Answer one of: yes, no, not_assessed."),
        ({"stat_order": "yes"}, "Answer true or false."),
        ({"onset_days": "3"}, "Give whole days, or null where not known."),
        ({"onset_days": -1}, "Give days from 0 to 45000."),
        ({"onset_days": 4000, "patient": {"age": 5}}, "It cannot have begun before birth."),
        ({"patient": {"age": "50"}}, "Give the age in whole years."),
        ({"patient": {"age": 123}}, "Give an age from 0 to 122."),
        ({"patient": {"sex": "woman"}}, "Answer one of: F, M, X, unknown."),
        ({"patient": {"birth_date": "May 1"}}, "Give the birth date as YYYY-MM-DD."),
        ({"patient": {"birth_date": "2026-11-25"}}, "The birth date has not come yet."),
        ({"patient": {"birth_date": "1900-01-01"}}, "The birth date makes an age above 122."),
        (
            {"patient": {"birth_date": "2000-01-01", "age": 40}},
            "The age is 40, but the birth date makes it 26.",
        ),
        ({"site": {"next_result_min": -1}}, "Give whole minutes from 0, or null where there is none."),
        ({"site": {"iliac_duplex": "yes"}}, "Answer true or false."),
        ({"kept": {"cramp_side": "up"}}, "Answer one of: alternating, both, left, right, unknown."),
        ({"kept": {"diuretics": 1}}, "Answer yes, no or unknown."),
        ({"kept": {"surgery_date": "May 1"}}, "Give a date as YYYY-MM-DD."),
        ({"kept": {"surgery_date": "2026-11-25"}}, "This date has not come yet."),
        ({"kept": {"surgery_date": "2000-01-01"}, "patient": {"age": 20}}, "This date is before birth."),
        ({"kept": {"calf_left_cm": 9}}, "Give centimeters from 10 to 100, such as 37.5."),
        ({"kept": {"days_in_bed": -1}}, "Give whole days from 0 to 3650."),
        ({"kept": {"notes": 1}}, "Give text of at most 1000 characters."),
        (
            {"kept": {"delivery_date": "2026-10-12"}, "context": {"postpartum_6wk": "yes"}},
            "The answer is yes, but what was given beside it says no. Ask again.",
        ),
    ],
)
def test_a_fault_says_what_to_do(raw: Any, sentence: str) -> None:
    assert refusal(raw, TODAY) == [sentence]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"patient": {"birth_date": "2000-01-01"}}, "A birth date needs the day of the answers."),
        ({"kept": {"surgery_date": "2026-01-01"}}, "Dates need the day of the answers."),
    ],
)
def test_a_date_asks_for_the_day_of_the_answers(raw: Any, sentence: str) -> None:
    assert refusal(raw, None) == [sentence]


def test_the_refusal_as_one_sentence_names_every_field_with_its_remedy() -> None:
    with pytest.raises(AnswersInvalid) as caught:
        parse({"worsening": "maybe", "onset_days": -1}, on=TODAY)
    assert str(caught.value) == ("onset_days: Give days from 0 to 45000.; worsening: Answer one of: yes, no, unknown.")


def refusal(raw: Any, on: date | None) -> list[str]:
    with pytest.raises(AnswersInvalid) as caught:
        parse(raw, on=on)
    return [error.message for error in caught.value.errors]
