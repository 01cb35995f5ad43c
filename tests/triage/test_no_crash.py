"""No input crashes: any JSON at any place gives a decision or an error object."""

import copy
import json
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.factories import answers
from triage.answers.kept import KEPT_KEYS
from triage.examination import examine

PLACES = [
    *((key,) for key in answers()),
    ("kept",),
    ("id",),
    ("patient", "age"),
    ("patient", "birth_date"),
    ("patient", "sex"),
    ("context", "site"),
    ("context", "anticoagulant"),
    ("symptoms", "swelling"),
    ("wells", "alternative_dx_clinician"),
    ("site", "next_result_min"),
    ("site", "upper_extremity"),
    *(("kept", key) for key in sorted(KEPT_KEYS)),
]
TEXTS = st.one_of(st.text(max_size=12), st.dates().map(str), st.sampled_from(("yes", "left_leg", "2001-W01-1")))
ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


def outcome(line: bytes) -> dict[str, Any]:
    ((output, good),) = examine([line], on=date(2026, 11, 24))
    told = json.loads(output)
    assert ("disposition" in told) == good
    assert ("error" in told) != good
    return dict(told)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), ANY_JSON)
def test_any_json_at_any_place_is_decided_or_refused(place: tuple[str, ...], value: object) -> None:
    raw = copy.deepcopy(answers())
    raw["kept"] = {}
    holder = raw
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    outcome(json.dumps(raw).encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=1, max_size=40).filter(lambda line: bool(line.strip())))
def test_any_bytes_are_decided_or_refused(line: bytes) -> None:
    outcome(line)
