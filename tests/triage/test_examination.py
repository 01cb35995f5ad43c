"""Lines in, decisions out: bad lines are told apart and the rest still run."""

import json
from datetime import date
from typing import Any

import pytest

from tests.triage.factories import answers
from triage.examination import examine

KEYS = {
    "disposition",
    "tier",
    "within_minutes",
    "within_days",
    "hold_slot",
    "rule",
    "wells_yes",
    "wells_upper",
    "wells_clinician",
    "category",
    "wells_na_reason",
    "constans_yes",
    "constans_upper",
    "reasons",
    "version",
}


def examined(*lines: bytes) -> list[tuple[dict[str, Any], bool]]:
    return [(json.loads(output), good) for output, good in examine(lines, on=date(2026, 11, 24))]


def line(**changes: Any) -> bytes:
    return json.dumps(answers(**changes)).encode() + b"\n"


def test_a_good_line_gives_every_key() -> None:
    ((decision, good),) = examined(line())
    assert good
    assert set(decision) == KEYS
    assert decision["disposition"] == "SELF_CARE"


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b"3",
        b"\xff",
        b'{"limb": "left_leg", "limb": "right_leg"}',
        b'{"symptoms": {"swelling": "no", "swelling": "yes"}}',
        b'{"limb": NaN}',
        b'{"id": NaN}',
        b'{"id": [-Infinity]}',
        b'{"id": 1e999}',
        b'{"title": NaN}',
        b'{"id": {"a": 1, "a": 2}}',
        b'{"site": {"x": {"a": 1, "a": 2}}, "note": "a: b"}',
        b'{"age": 3}',
        b"[" * 100_000,
        b'{"onset_days": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_bad_line_is_named_and_the_rest_still_run(bad: bytes) -> None:
    first, fault, last = examined(line(), bad, line())
    assert first == last
    assert first[1]
    assert not fault[1]
    assert set(fault[0]) == {"line", "error", "errors"}
    assert fault[0]["line"] == 2
    assert fault[0]["error"]


def test_what_is_printed_is_json_as_the_standard_has_it() -> None:
    for bad in (b'{"id": NaN}', b'{"id": Infinity}', b'{"id": 1e999}'):
        ((output, good),) = examine([bad], on=None)
        assert not good
        assert json.loads(output, parse_constant=pytest.fail)["line"] == 1


def test_a_key_is_found_twice_wherever_it_stands() -> None:
    for twice in (
        b'{"id": [{"a": 1, "a": 2}]}',
        b'{"id": "7", "id": "7"}',
        b'{"id": "a:b", "kept": {"notes": 1, "notes": 1}}',
    ):
        ((fault, good),) = examined(twice)
        assert not good
        assert fault["error"].startswith("key given twice: ")


def test_a_text_with_colons_is_no_key_given_twice() -> None:
    ((decision, good),) = examined(line(id="a:b:c", kept={"notes": "at 7:30"}))
    assert good
    assert decision["id"] == "a:b:c"


def test_a_fault_in_the_answers_names_its_field() -> None:
    ((fault, _),) = examined(b'{"symptoms": {"swelling": 1}}')
    assert [(row["field"], row["rule"]) for row in fault["errors"]] == [("symptoms.swelling", "tri_state")]


def test_blank_lines_and_a_byte_order_mark_do_no_harm() -> None:
    found = examined(b"\xef\xbb\xbf" + line(), b"\n", b"  \n", b"{")
    assert [good for _, good in found] == [True, False]
    assert found[1][0]["line"] == 4


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"limb": "unknown", "symptoms__swelling": "yes"}, ["limb"]),
        ({"limb": "unknown"}, []),
        ({"wells__entire_leg_swollen": "yes"}, ["symptoms.swelling"]),
        ({"limb": "left_arm", "wells__calf_3cm": "yes"}, ["limb"]),
        ({"symptoms__swelling": "yes", "onset_days": 40, "worsening": "unknown"}, ["worsening"]),
        ({"symptoms__swelling": "yes", "onset_days": 28, "worsening": "unknown"}, []),
        ({"symptoms__cellulitis_like_local": "yes"}, ["symptoms.redness"]),
    ],
)
def test_answers_that_do_not_fit_are_asked_back_beside_a_safe_decision(
    changes: dict[str, Any], fields: list[str]
) -> None:
    ((decision, good),) = examined(line(**changes))
    assert good
    assert [question["field"] for question in decision.get("questions", [])] == fields


def test_keys_that_come_as_text_are_read_like_those_that_a_program_holds() -> None:
    ((decision, good),) = examined(line(kept={"days_in_bed": 3}, wells__bedridden_3d_or_surgery_12w="unknown"))
    assert good
    assert decision["wells_yes"] == 1
    raw = answers(symptoms__swelling="yes")
    raw["context"]["site"] = raw.pop("site")
    ((decision, good),) = examined(json.dumps(raw).encode())
    assert good
    assert decision["tier"] == 2
