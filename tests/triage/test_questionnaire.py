"""The questionnaire: every key once, in the right order, in both languages."""

import json

import pytest

from tests.triage.factories import CHOSEN, GROUPS, TRI_PATHS, answers
from triage.answers import parse
from triage.answers.kept import CHOICES, KEPT_KEYS
from triage.questionnaire import SECTIONS, Kind, asked, ending, items, questionnaire, with_skipped
from triage.rules import decide

BY_KEY = {item.key: item for item in items()}
EXAMINED = {f"wells.{name}" for name in ("deep_vein_tenderness", "calf_3cm", "pitting_one_leg", "collateral_veins")}


def test_every_clinical_key_is_asked_once() -> None:
    expected = {f"{group}.{key}" for group, key in TRI_PATHS}
    expected |= {"context.anticoagulant", "wells.alternative_dx_clinician"}
    expected |= {"patient.age", "patient.birth_date", "patient.sex", "limb", "onset_days", "worsening"}
    expected |= {f"kept.{key}" for key in KEPT_KEYS}
    keys = [item.key for item in items() if item.group != "contact"]
    assert len(keys) == len(set(keys))
    assert set(keys) == expected
    assert set(GROUPS) | {"patient", "kept", "contact", ""} == {item.group for item in items()}
    assert all(not key.endswith(CHOSEN) or BY_KEY[key].kind is Kind.CHOICE for key in keys)


def test_emergency_comes_first_and_the_number_and_zip_right_after() -> None:
    assert [section.key for section in SECTIONS[:2]] == ["emergency", "contact"]
    assert [item.key for item in SECTIONS[1].items[:2]] == ["contact.phone", "contact.zip"]


def test_a_patient_is_never_asked_what_needs_a_hand_or_a_tape() -> None:
    by_audience = {
        audience: {item.key for item in items() if item.audience == audience} for audience in ("staff", "clinician")
    }
    measured = {"kept.calf_left_cm", "kept.calf_right_cm"}
    assert by_audience == {"staff": EXAMINED | measured, "clinician": {"wells.alternative_dx_clinician"}}


def test_an_emergency_answer_ends_the_questions() -> None:
    assert ending(answers()) is None
    found = ending(answers(emergency__chest_pain="yes"))
    assert found is not None
    assert found.key == "emergency.chest_pain"
    assert ending(answers(emergency__new_cough_or_lightheaded="yes")) is None


@pytest.mark.parametrize("key", BY_KEY)
def test_a_question_is_asked_in_two_languages(key: str) -> None:
    item = BY_KEY[key]
    texts = [text for text in (item.question, item.script, item.help) if text]
    assert all(english and spanish for english, spanish in texts)
    if key not in EXAMINED and key != "wells.alternative_dx_clinician":
        assert "¿" in item.question[1]


@pytest.mark.parametrize("key", BY_KEY)
def test_a_condition_looks_at_an_earlier_question(key: str) -> None:
    order = list(BY_KEY)
    for condition in BY_KEY[key].when:
        assert order.index(condition.key) < order.index(key)


def test_choices_are_those_that_the_answers_take() -> None:
    for name, values in CHOICES.items():
        assert {choice.value for choice in BY_KEY[f"kept.{name}"].choices} == values
    for choice in BY_KEY["limb"].choices:
        parse({"limb": choice.value}, on=None)
    for choice in BY_KEY["context.anticoagulant"].choices:
        parse({"context": {"anticoagulant": choice.value}}, on=None)


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_plain_json_with_a_version(language: str) -> None:
    whole = questionnaire(language)
    assert json.loads(json.dumps(whole)) == whole
    assert whole["version"]


def test_another_language_is_refused() -> None:
    with pytest.raises(KeyError):
        questionnaire("fr")


def test_a_skipped_question_is_a_no_only_where_another_answer_settles_it() -> None:
    man = with_skipped({"patient": {"sex": "M"}, "limb": "left_leg", "symptoms": {"swelling": "no"}})
    assert man["context"] == {"pregnant": "no", "postpartum_6wk": "no"}
    assert man["wells"] == {"entire_leg_swollen": "no"}
    assert "difficulty_walking" not in man["symptoms"]
    nobody = with_skipped({})
    assert nobody == {}


def test_skipping_never_replaces_an_answer() -> None:
    kept = with_skipped({"patient": {"sex": "M"}, "context": {"pregnant": "yes"}})
    assert kept["context"]["pregnant"] == "yes"


@pytest.mark.parametrize("sex", ["F", "M"])
def test_a_patient_who_says_no_to_all_that_is_asked_reaches_self_care(sex: str) -> None:
    raw = answers(patient={"age": 29, "sex": sex})
    spoken = {"patient": raw["patient"], "limb": "alternating", "worsening": "no", "onset_days": 3}
    for item in items():
        group, _, name = item.key.rpartition(".")
        if item.kind is Kind.TRI and item.audience == "anyone" and asked(item, spoken) and group:
            spoken.setdefault(group, {})[name] = "yes" if name == "cramps" else "no"
    spoken["context"]["anticoagulant"] = "none"
    assert decide(parse(with_skipped(spoken), on=None)).rule == "R11"
