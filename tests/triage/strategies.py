"""Answers drawn by hypothesis over every group, so that a broken property shrinks to the few answers that break it.

Everything starts as an explicit no; what differs is drawn, and so is what is left out. Dates among the kept answers
settle items of the rules and have their own tests: they are left out here, where items are turned freely.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.triage.factories import GROUPS, TRI_PATHS, ItemPath, answers
from triage.answers import Alternative, Anticoagulant, Limb
from triage.answers.dates import age_on
from triage.answers.parsing import MAX_ONSET_DAYS
from triage.answers.person import MAX_AGE, SEXES

TODAY = date(2026, 11, 24)
DANGER = [path for path in TRI_PATHS if path[0] in {"emergency", "limb_threat"}]
SYMPTOMS = [path for path in TRI_PATHS if path[0] == "symptoms"]
OTHERS = [path for path in TRI_PATHS if path not in {*DANGER, *SYMPTOMS}]

not_no = st.sampled_from(("unknown", "yes"))
tri = st.sampled_from(("no", "unknown", "yes"))
sexes = st.sampled_from(sorted(SEXES))
limbs = st.sampled_from([str(limb) for limb in Limb])
thinners = st.sampled_from([str(value) for value in Anticoagulant])
alternatives = st.sampled_from([str(value) for value in reversed(Alternative)])
minutes = st.one_of(st.sampled_from((0, 240, 241, 720, 721)), st.none(), st.integers(0, 3000))
sites = st.builds(
    lambda result, arm, iliac: {"next_result_min": result, "upper_extremity": arm, "iliac_duplex": iliac},
    minutes,
    st.booleans(),
    st.booleans(),
)
birth_dates = st.dates(TODAY.replace(year=TODAY.year - MAX_AGE), TODAY)
# Mostly adults: children and the ageless meet one rule only.
ages = st.one_of(
    st.integers(18, MAX_AGE), st.integers(18, 60), st.sampled_from((18, 40, 41, 42)), st.sampled_from((17, 0))
)


def differing(paths: Sequence[ItemPath], most: int) -> st.SearchStrategy[list[tuple[ItemPath, str]]]:
    """At most so many of these items that are not a no, each once."""
    return st.lists(st.tuples(st.sampled_from(paths), not_no), max_size=most, unique_by=lambda change: change[0])


symptom_changes, other_changes, danger_changes = differing(SYMPTOMS, 4), differing(OTHERS, 5), differing(DANGER, 3)
left_out = st.sets(st.sampled_from(sorted(GROUPS)), min_size=1, max_size=3)


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    """A person with an age; seldom with a birth date, both or neither."""
    known = draw(st.sampled_from(("age", "age", "age", "age", "age", "age", "birth_date", "both", "neither")))
    person: dict[str, Any] = {"sex": draw(sexes)}
    if known == "age":
        person["age"] = draw(ages)
    elif known != "neither":
        born = draw(birth_dates)
        person["birth_date"] = str(born)
        if known == "both":
            person["age"] = age_on(born, TODAY)
    return person


def onsets(person: dict[str, Any]) -> st.SearchStrategy[int | None]:
    """Days since it began, around each boundary and elsewhere; never before birth."""
    age = person.get("age")
    if "birth_date" in person:
        age = age_on(date.fromisoformat(person["birth_date"]), TODAY)
    longest = MAX_ONSET_DAYS if age is None else min(MAX_ONSET_DAYS, (age + 1) * 366)
    return st.one_of(st.sampled_from((2, 0, 14, 15, 28, 29)), st.none(), st.integers(0, longest))


@st.composite
def intakes(draw: st.DrawFn) -> dict[str, Any]:
    """Raw answers of one intake, which parse without a fault on ``TODAY``."""
    raw = answers(patient=draw(people()), limb=draw(limbs), worsening=draw(tri), site=draw(sites))
    raw["onset_days"] = draw(onsets(raw["patient"]))
    changes = [*draw(symptom_changes), *draw(other_changes)]
    odd = draw(st.integers(0, 9))
    if odd in {7, 8}:
        changes += draw(danger_changes)
    for (group, key), value in changes:
        raw[group][key] = value
    raw["context"]["anticoagulant"] = draw(thinners)
    raw["wells"]["alternative_dx_clinician"] = draw(alternatives)
    if odd == 9:
        # Groups that nobody was asked about.
        for group in draw(left_out):
            raw[group] = {}
    return raw
