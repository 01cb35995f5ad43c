"""A hundred thousand different seeded inputs: every one is decided, every rule is reached, nothing lowers urgency.

Each input draws all that the rules read: the person, the limb, the onset, whether it worsens, the seven groups and the
site. A group is drawn from a pool of some hundred different ones, because putting groups together is quick and reading
a hundred thousand from raw answers is not. No two inputs are the same.
"""

import random
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from tests.triage.factories import CHOSEN, GROUPS, NAMED
from triage.answers import Alternative, Answers, Anticoagulant, Limb, Person, Site, Tri
from triage.rules import decide
from triage.urgency import Urgency

INPUTS = 100_000
ALL_RULES = {"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11"}
# How many of a group's items are not a no: mostly few or none, so that the rules further down are reached too.
CALM = (0.0, 0.0, 0.0, 0.05)
SHARES = (0.02, 0.02, 0.05, 0.1, 0.3, 0.6)
VARIANTS = 60

Pools = dict[str, dict[float, list[Any]]]


def pools(rng: random.Random) -> Pools:
    """For every group and share, variants of it."""
    return {
        name: {share: [variant(rng, group, share) for _ in range(VARIANTS)] for share in {*CALM, *SHARES}}
        for name, group in GROUPS.items()
    }


def variant(rng: random.Random, group: type, share: float) -> Any:
    chosen: dict[str, Any] = {
        field.name: rng.choice((Tri.YES, Tri.UNKNOWN)) if rng.random() < share else Tri.NO
        for field in fields(group)
        if field.name not in CHOSEN
    }
    if "pregnant" in chosen:
        chosen["anticoagulant"] = rng.choice((Anticoagulant.NONE, *Anticoagulant))
    if "calf_3cm" in chosen:
        chosen["alternative_dx_clinician"] = rng.choice(tuple(Alternative))
    return group(**chosen)


def drawer(rng: random.Random) -> Callable[[], Answers]:
    """Draw one input after the other."""
    pool, choice = pools(rng), rng.choice
    people = [Person(age, sex) for age in (None, 3, 17, *range(18, 100)) for sex in ("F", "M", "X", "unknown")]
    sites = [
        Site(minutes, arm, iliac)
        for minutes in (None, *range(0, 800, 8), 240, 241, 720, 721, 5000)
        for arm in (True, True, False)
        for iliac in (True, True, False)
    ]
    onsets, limbs, tri = (None, *range(40), 400), tuple(Limb), tuple(Tri)

    def draw() -> Answers:
        calm, share = choice(CALM), choice(SHARES)
        return Answers(
            patient=choice(people),
            limb=choice(limbs),
            onset_days=choice(onsets),
            worsening=choice(tri),
            emergency=choice(pool["emergency"][calm]),
            limb_threat=choice(pool["limb_threat"][calm]),
            symptoms=choice(pool["symptoms"][share]),
            wells=choice(pool["wells"][share]),
            constans=choice(pool["constans"][share]),
            context=choice(pool["context"][share]),
            history=choice(pool["history"][share]),
            site=choice(sites),
        )

    return draw


def identity(answers: Answers) -> tuple[Any, ...]:
    """All that the rules read of the answers, to be compared."""
    return tuple(getattr(answers, field.name) for field in fields(Answers) if field.name != "kept")


def test_a_hundred_thousand_different_inputs_all_decide_and_reach_every_rule() -> None:
    draw = drawer(random.Random(2026))
    seen: set[int] = set()
    rules: set[str] = set()
    urgencies: set[Urgency] = set()
    while len(seen) < INPUTS:
        answers = draw()
        # Two inputs with one hash would only be counted as one.
        seen.add(hash(identity(answers)))
        decision = decide(answers)
        rules.add(decision.rule)
        urgencies.add(decision.urgency)
        assert decision.reasons
        assert decision.hold_slot == (decision.rule == "R6")
        assert (decision.tier is not None) == (decision.disposition == "SAME_DAY_DVT_SCAN")
    assert rules == ALL_RULES
    # A scan on the next day is a clinician's word, never the table's.
    assert urgencies == set(Urgency) - {Urgency.NEXT_DAY}


def test_no_single_answer_lowers_urgency_in_many_seeded_inputs() -> None:
    draw = drawer(random.Random(20))
    for _ in range(300):
        answers = draw()
        before = decide(answers).urgency
        for group, key in NAMED:
            values = getattr(answers, group)
            if getattr(values, key) is Tri.NO:
                for to in (Tri.YES, Tri.UNKNOWN):
                    after = decide(replace(answers, **{group: replace(values, **{key: to})}))
                    assert after.urgency <= before, (group, key, to, answers)
