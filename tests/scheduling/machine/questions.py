"""Searches, compared with the oracle."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from scheduling.models import VisitType
from scheduling.needs import Needs
from scheduling.selectors.search import SearchAnswer, search
from scheduling.slots import Deadline
from tests.scheduling.oracle.answer import answer
from tests.scheduling.oracle.rota import Network, Visit
from tests.scheduling.oracle.scene import Busy, Found, Question

ZIPS = {"37402": (35.05, -85.31), "37347": (35.07, -85.63)}
HOUR = timedelta(hours=1)


def drawn(chance: Random, visits: Mapping[str, Visit], now: datetime, touched: datetime) -> tuple[str, Question]:
    """A question and the kind of visit that it is about, mostly around the time that was touched last."""
    kind = chance.choice(list(visits))
    near = chance.choice(["", "", "37402", "37347"])
    # A visit that takes the room without anything to be read has no reader to wait for.
    tier = chance.choice([None, 2, 2] if kind == "follow_up_visit" else [None, 1, 1, 2])
    since, until = _span(chance, now, touched)
    code = "" if chance.random() < 0.8 else chance.choice(["EAST", "EDGE", "PHX", "LAX"])
    question = Question(
        visit=visits[kind],
        now=now,
        since=since,
        until=until,
        near=ZIPS.get(near),
        within=chance.choice([None, 10.0, 25.0, 2000.0]) if near else None,
        tier=tier,
        clock=now - timedelta(minutes=chance.choice([0, 0, 95, 200])) if tier else None,
        limit=chance.choice([1, 7, 200, 200]),
        arm=chance.random() < 0.1,
        iliac=chance.random() < 0.1,
        code=code,
    )
    return kind, question


def _span(chance: Random, now: datetime, touched: datetime) -> tuple[datetime, datetime]:
    around = max(now, touched - chance.choice([1, 4]) * HOUR)
    spans: list[Callable[[], tuple[datetime, datetime]]] = [
        lambda: (around, around + timedelta(minutes=chance.choice([50, 95, 260, 700]))),
        lambda: (now, now + chance.choice([1, 12, 30]) * HOUR),
        lambda: (now + 20 * HOUR, now + chance.choice([24, 96, 140]) * HOUR),
    ]
    return chance.choices(spans, (8, 3, 1))[0]()


def compare(network: Network, busy: Busy, visit_type: VisitType, question: Question) -> SearchAnswer:
    """Ask the product and the oracle, and let them agree on every slot, its promise, its rank, and every reason."""
    zips = {point: code for code, point in ZIPS.items()}
    found = search(
        visit_type,
        near_zip=zips[question.near] if question.near else None,
        within_miles=question.within,
        from_=question.since,
        until=question.until,
        deadline=Deadline(question.tier, question.clock) if question.tier and question.clock else None,
        limit=question.limit,
        needs=Needs(arm=question.arm, iliac=question.iliac),
        center_code=question.code,
    )
    slots, without = answer(network, busy, question)
    said = [Found(s.center.code, s.starts_at, s.ends_at, s.result_by, s.meets_deadline) for s in found.slots]
    assert said == slots, (
        f"{question}: offered in vain {[each for each in said if each not in slots]},"
        f" missed {[each for each in slots if each not in said]}, or in another order"
    )
    reasons = [(each.center.code, each.reason) for each in found.unavailable]
    assert reasons == without, f"{question}: {reasons}, not {without}"
    return found
