"""A Haitian Creole speaker in a wheelchair needs a room: one with a lift is found, the tier stays, a line is set up."""

import copy
from datetime import datetime, timedelta
from typing import Any

from clinic.story.cases.case import Account, Line
from clinic.story.cases.rule_out import READY
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.rule_out import ANSWERS
from clinic.story.voices import expect

CONTACT: dict[str, object] = {
    "given_name": "Marie-Ange",
    "family_name": "Celestin",
    "phone": "+13015550181",
    "zip": "20770",
    "birth_date": "1959-08-17",
    "consent_to_texts": True,
    "access": {"mobility": "wheelchair", "transfer": "lift", "weight_lb": 395, "interpreter": "ht"},
}
AROUND: dict[str, object] = {"visit_type": "V10", "near": "20770", "within_miles": 50, "limit": 200}


def tell(cast: Cast) -> list[Line]:
    """Run the case. Raises `StoryFailed` at the first step that is not as it must be."""
    told = Account(cast)
    intake = _intake(told)
    slot = _slots(told, intake)
    visit = _booked(told, intake, slot)
    _language_line(told, intake, visit)
    return told.lines


def _intake(told: Account) -> dict[str, Any]:
    representative = told.cast.staff("representative")
    answers = copy.deepcopy(ANSWERS)
    answers["patient"] = {"birth_date": CONTACT["birth_date"], "sex": "F"}
    body: dict[str, object] = {"answers": answers, "answered_by": "staff", "contact": CONTACT}
    intake: dict[str, Any] = representative.tell("triage/assessments/", body)
    decision = intake["decision"]
    expect(decision["tier"] == 1, "what somebody needs to be seen never changes the tier")
    needs = representative.ask(f"patients/{intake['patient']}/access/")
    expect((needs["table_limit_lb"], needs["interpreter"]) == (400, "ht"), "the table and the language are kept")
    expect("395" not in str(needs), "the weight itself is not")
    told.say(
        "Her son calls: Marie-Ange Celestin speaks Haitian Creole, uses a wheelchair and needs a lift onto the table",
        decision=f"{decision['disposition']}, tier {decision['tier']}",
        result_by=local(intake["result_by"]),
        kept="wheelchair, lift, a table for 400 pounds; not the weight",
    )
    return intake


def _slots(told: Account, intake: dict[str, Any]) -> dict[str, Any]:
    representative = told.cast.staff("representative")
    anybody = representative.ask("slots/", **AROUND)
    hers = representative.ask("slots/", **AROUND, assessment=intake["id"])
    lacking = [each["center"] for each in hers["unavailable"] if each["reason"] == "capability_missing"]
    expect(lacking, "centers without such a room offer her nothing")
    offered = {slot["center"] for slot in hers["results"]}
    expect(offered and not offered & {_code(each) for each in lacking}, "what is offered has such a room")
    told.say(
        "The search leaves out every room that does not fit",
        centers_for_anybody=len({slot["center"] for slot in anybody["results"]}),
        centers_for_her=len(offered),
        left_out=len(lacking),
    )
    ready = told.cast.now() + READY
    fits = (s for s in hers["results"] if s["meets_deadline"] and datetime.fromisoformat(s["starts_at"]) >= ready)
    slot: dict[str, Any] | None = next(fits, None)
    expect(slot, "a room that fits is free in time")
    return slot or {}


def _booked(told: Account, intake: dict[str, Any], slot: dict[str, Any]) -> dict[str, Any]:
    representative = told.cast.staff("representative")
    chosen = {key: slot[key] for key in ("visit_type", "center", "starts_at")}
    hold = representative.tell("holds/", {**chosen, "wheelchair": True, "lift": True, "table_lb": 400})
    booked = {"hold": hold["id"], "patient": intake["patient"], "assessment": intake["id"]}
    visit: dict[str, Any] = representative.tell("appointments/", booked)
    told.say(
        "She is booked in a room with a lift",
        center=slot["center"],
        starts_at=local(visit["starts_at"]),
        result_by=local(slot["result_by"]),
    )
    return visit


def _language_line(told: Account, intake: dict[str, Any], visit: dict[str, Any]) -> None:
    representative = told.cast.staff("representative")
    steps = representative.ask("steps/", episode=intake["episode"])["results"]
    step = next((each for each in steps if each["kind"] == "language_line"), None)
    expect(step, "nobody there speaks it: somebody arranges the language line")
    if step is None:
        return
    due, starts = datetime.fromisoformat(step["due_at"]), datetime.fromisoformat(visit["starts_at"])
    expect(due <= starts - timedelta(minutes=10), "before she comes")
    told.say("Nobody there speaks Haitian Creole: the language line is to be arranged", by=local(step["due_at"]))
    representative.tell(f"steps/{step['id']}/done/", {"outcome": "interpreter_arranged"})
    told.say("It is arranged; her time has not moved", starts_at=local(visit["starts_at"]))


def _code(center: Any) -> str:
    return str(center["code"] if isinstance(center, dict) else center)
