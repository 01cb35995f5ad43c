"""Answers that cannot be read: a specific fault by field, never a silent default."""

from datetime import date
from typing import Any

import pytest

from tests.triage.factories import GROUPS, answers
from triage.answers import AnswersInvalid, Anticoagulant, Limb, Tri, parse

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("raw", "field", "rule"),
    [
        ({"emergancy": {}}, "emergancy", "unknown_key"),
        ({"symptoms": {"swollen": "yes"}}, "symptoms.swollen", "unknown_key"),
        ({"patient": {"name": "A"}}, "patient.name", "unknown_key"),
        ({"kept": {"shoe": "1"}}, "kept.shoe", "unknown_key"),
        ({"site": {"next": 1}}, "site.next", "unknown_key"),
        ({"symptoms": {"swelling": True}}, "symptoms.swelling", "tri_state"),
        ({"symptoms": {"swelling": None}}, "symptoms.swelling", "tri_state"),
        ({"symptoms": {"swelling": "Yes"}}, "symptoms.swelling", "tri_state"),
        ({"symptoms": {"swelling": ["yes"]}}, "symptoms.swelling", "tri_state"),
        ({"symptoms": []}, "symptoms", "object"),
        ({"context": []}, "context", "object"),
        ({"patient": 4}, "patient", "object"),
        ({"kept": 4}, "kept", "object"),
        ({"site": 4}, "site", "object"),
        ({"context": {"site": 4}}, "context.site", "object"),
        ({"worsening": "maybe"}, "worsening", "choice"),
        ({"limb": "leg"}, "limb", "choice"),
        ({"limb": None}, "limb", "choice"),
        ({"limb": ["left_leg"]}, "limb", "choice"),
        ({"context": {"anticoagulant": "yes"}}, "context.anticoagulant", "choice"),
        ({"wells": {"alternative_dx_clinician": "unknown"}}, "wells.alternative_dx_clinician", "choice"),
        ({"stat_order": "yes"}, "stat_order", "boolean"),
        ({"stat_order": None}, "stat_order", "boolean"),
        ({"stat_order": 1}, "stat_order", "boolean"),
        ({"onset_days": "3"}, "onset_days", "whole_days"),
        ({"onset_days": 2.5}, "onset_days", "whole_days"),
        ({"onset_days": True}, "onset_days", "whole_days"),
        ({"onset_days": -1}, "onset_days", "range"),
        ({"onset_days": 45_001}, "onset_days", "range"),
        ({"onset_days": 367, "patient": {"age": 0}}, "onset_days", "before_birth"),
        ({"onset_days": 733, "patient": {"age": 1}}, "onset_days", "before_birth"),
        ({"context": {"site": {}, "zone": "yes"}}, "context.zone", "unknown_key"),
        ({"onset_days": 4000, "patient": {"age": 5}}, "onset_days", "before_birth"),
        ({"patient": {"age": -1}}, "patient.age", "range"),
        ({"patient": {"age": 123}}, "patient.age", "range"),
        ({"patient": {"age": "50"}}, "patient.age", "whole_years"),
        ({"patient": {"age": True}}, "patient.age", "whole_years"),
        ({"patient": {"sex": "woman"}}, "patient.sex", "choice"),
        ({"patient": {"sex": 1}}, "patient.sex", "choice"),
        ({"patient": {"birth_date": "2026-11-25"}}, "patient.birth_date", "future"),
        ({"patient": {"birth_date": "1900-01-01"}}, "patient.birth_date", "range"),
        ({"patient": {"birth_date": "2001-02-29"}}, "patient.birth_date", "date"),
        ({"patient": {"birth_date": "20010228"}}, "patient.birth_date", "date"),
        ({"patient": {"birth_date": "2001-W01-1"}}, "patient.birth_date", "date"),
        ({"patient": {"birth_date": 20000101}}, "patient.birth_date", "date"),
        ({"patient": {"birth_date": "2000-01-01", "age": 40}}, "patient.age", "contradiction"),
        ({"patient": {"birth_date": "2000-01-01", "age": 10}}, "patient.age", "contradiction"),
        ({"site": {"next_result_min": "90"}}, "site.next_result_min", "whole_minutes"),
        ({"site": {"next_result_min": -1}}, "site.next_result_min", "whole_minutes"),
        ({"site": {"iliac_duplex": "yes"}}, "site.iliac_duplex", "boolean"),
        ({"kept": {"surgery_date": "2026-13-01"}}, "kept.surgery_date", "date"),
        ({"kept": {"surgery_date": 20260101}}, "kept.surgery_date", "date"),
        ({"kept": {"surgery_date": ""}}, "kept.surgery_date", "date"),
        ({"kept": {"surgery_date": "2026-"}}, "kept.surgery_date", "date"),
        ({"kept": {"surgery_date": "2026-01-01T00:00"}}, "kept.surgery_date", "date"),
        ({"kept": {"surgery_date": "2026-11-25"}}, "kept.surgery_date", "future"),
        ({"kept": {"surgery_date": "2000-01-01"}, "patient": {"age": 20}}, "kept.surgery_date", "before_birth"),
        ({"kept": {"cramp_side": "up"}}, "kept.cramp_side", "choice"),
        ({"kept": {"cramp_side": ["left"]}}, "kept.cramp_side", "choice"),
        ({"kept": {"diuretics": 1}}, "kept.diuretics", "tri_state"),
        ({"kept": {"days_in_bed": -1}}, "kept.days_in_bed", "whole_days"),
        ({"kept": {"days_in_bed": True}}, "kept.days_in_bed", "whole_days"),
        ({"kept": {"days_in_bed": 3651}}, "kept.days_in_bed", "whole_days"),
        ({"kept": {"notes": 1}}, "kept.notes", "text"),
        ({"kept": {"notes": "a" * 1001}}, "kept.notes", "text"),
        (
            {
                "kept": {"surgery_date": "2026-11-20", "anesthesia": "general"},
                "wells": {"bedridden_3d_or_surgery_12w": "no"},
            },
            "wells.bedridden_3d_or_surgery_12w",
            "contradiction",
        ),
        (
            {"kept": {"delivery_date": "2026-10-12"}, "context": {"postpartum_6wk": "yes"}},
            "context.postpartum_6wk",
            "contradiction",
        ),
    ],
)
def test_a_fault_names_its_field_and_its_rule(raw: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        parse(raw, on=TODAY)
    assert [(error.field, error.rule) for error in caught.value.errors] == [(field, rule)]
    assert all(error.message for error in caught.value.errors)


def test_every_fault_is_listed_at_once() -> None:
    with pytest.raises(AnswersInvalid) as caught:
        parse({"limb": 3, "onset_days": -2, "symptoms": {"warmth": 1, "x": 2}}, on=TODAY)
    assert {row["field"] for row in caught.value.as_list()} == {"limb", "onset_days", "symptoms.warmth", "symptoms.x"}


@pytest.mark.parametrize("group", ["symptoms", "kept"])
def test_an_unknown_key_hides_no_fault_behind_it(group: str) -> None:
    worse = {"symptoms": {"x": 1, "warmth": 1}, "kept": {"x": 1, "notes": 1, "diuretics": 1}}[group]
    with pytest.raises(AnswersInvalid) as caught:
        parse({group: worse}, on=TODAY)
    assert [error.field for error in caught.value.errors] == [f"{group}.{key}" for key in worse]


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_an_unknown_key_is_named_with_its_group(group: str) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        parse({group: {"shoe": "yes"}}, on=TODAY)
    assert [error.field for error in caught.value.errors] == [f"{group}.shoe"]


def test_what_stands_beside_a_fault_is_read_all_the_same() -> None:
    kept = {"calf_left_cm": 37.1, "calf_right_cm": 34.1}
    with pytest.raises(AnswersInvalid) as caught:
        parse({"limb": "left_leg", "wells": {"shoe": "yes", "calf_3cm": "yes"}, "kept": kept}, on=TODAY)
    assert [error.field for error in caught.value.errors] == ["wells.shoe"]


def test_a_site_that_is_no_object_hides_no_fault_in_the_other() -> None:
    with pytest.raises(AnswersInvalid) as caught:
        parse({"site": 4, "context": {"site": {"next_result_min": -1}}}, on=TODAY)
    assert [error.field for error in caught.value.errors] == ["site", "context.site.next_result_min"]


@pytest.mark.parametrize(
    "raw",
    [
        {"onset_days": 0},
        {"onset_days": 45_000},
        {"onset_days": 366, "patient": {"age": 0}},
        {"onset_days": 732, "patient": {"age": 1}},
        {"patient": {"age": 0}},
        {"patient": {"age": 122}},
        {"patient": {"birth_date": "1904-11-24"}},
        {"site": {"next_result_min": 0}},
        {"kept": {"days_in_bed": 0}},
        {"kept": {"days_in_bed": 3650}},
        {"kept": {"notes": "a" * 1000}},
        {"kept": {"activity": "tennis"}},
        {"kept": {"surgery_date": "1996-01-01"}, "patient": {"age": 50}},
        {"kept": {"surgery_date": "2006-11-24"}, "patient": {"age": 20}},
        {"kept": {"surgery_date": "2026-11-24"}, "patient": {"age": 50}},
    ],
)
def test_the_last_that_is_possible_is_read(raw: dict[str, Any]) -> None:
    parse(raw, on=TODAY)


def test_a_context_with_a_site_in_it_is_read_whole() -> None:
    read = parse({"context": {"pregnant": "yes", "site": {"iliac_duplex": True}}}, on=None)
    assert (read.context.pregnant, read.site.iliac_duplex) == (Tri.YES, True)


@pytest.mark.parametrize("raw", [[], "yes", None, 3])
def test_what_is_no_object_is_refused(raw: Any) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        parse(raw, on=TODAY)
    assert [(error.field, error.rule) for error in caught.value.errors] == [("", "object")]


def test_a_date_without_the_day_of_the_answers_is_refused() -> None:
    faults = {
        "patient.birth_date": {"patient": {"birth_date": "2000-01-01"}},
        "kept": {"kept": {"surgery_date": "2026-01-01"}},
    }
    for field, raw in faults.items():
        with pytest.raises(AnswersInvalid) as caught:
            parse(raw, on=None)
        assert [(error.field, error.rule) for error in caught.value.errors] == [(field, "date_needs_today")]


def test_what_is_missing_is_unknown() -> None:
    read = parse({}, on=None)
    assert read.patient.age is None
    assert read.limb is Limb.UNKNOWN
    assert read.symptoms.swelling is Tri.UNKNOWN
    assert read.context.anticoagulant is Anticoagulant.UNKNOWN
    assert (read.site.next_result_min, read.site.upper_extremity, read.site.iliac_duplex) == (None, False, False)


@pytest.mark.parametrize("sex", ["F", "M", "X", "unknown"])
def test_the_sex_is_kept_as_it_was_told(sex: str) -> None:
    assert parse({"patient": {"sex": sex}}, on=None).patient.sex == sex


@pytest.mark.parametrize("person", [{}, {"sex": None}, {"age": 40}])
def test_a_sex_that_nobody_told_is_unknown(person: dict[str, Any]) -> None:
    assert parse({"patient": person}, on=None).patient.sex == "unknown"


def test_free_text_and_kept_answers_change_no_decision() -> None:
    kept = {"notes": "chest pain", "worse_foot_flexed_up": "yes", "cramp_time": "night"}
    plain, with_kept = parse(answers(), on=TODAY), parse(answers(kept=kept), on=TODAY)
    assert with_kept.kept == kept
    assert (plain.symptoms, plain.emergency, plain.wells) == (with_kept.symptoms, with_kept.emergency, with_kept.wells)
