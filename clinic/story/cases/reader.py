"""The only reader in the window is not licensed in that state: tier 1 is not offered there."""

from typing import Any

from clinic.story.cases.case import Account, Line
from clinic.story.cases.rule_out import Person, take_in
from clinic.story.cast import Cast
from clinic.story.narrator import ZONE, local
from clinic.story.voices import expect

PATIENT = Person(given_name="Noor", family_name="Haddad", phone="+13015550182", born="1974-02-11")
HERE, STATE = "C001", "MD"
#: Further ahead than any license of the network runs.
ALL_LICENSES = 3660


def tell(cast: Cast) -> list[Line]:
    """Run the case. Raises `StoryFailed` at the first step that is not as it must be."""
    told = Account(cast)
    intake = take_in(cast, PATIENT)
    before = _offers(told, intake)
    expect(before["here"], f"{HERE} offers tier 1 while its readers are there")
    told.say(
        "Noor Haddad needs a scan today, tier 1",
        result_by=local(intake["result_by"]),
        first_result_there=local(before["here"][0]["result_by"]),
    )
    away = _leave(told)
    after = _offers(told, intake)
    expect(after["here"] == [], f"no start of tier 1 is offered at {HERE}")
    expect(after["why"] == "no_reader_or_prescriber", "and the search says why")
    expect(all(slot["center"] != HERE for slot in after["in_time"]), "nor is it among the best")
    told.say(
        f"Tier 1 is not offered at {HERE}: its room is free, and nobody who may read in {STATE} follows",
        why=after["why"],
        in_time_elsewhere=len({slot["center"] for slot in after["in_time"]}),
    )
    _back(told, away)
    expect(_offers(told, intake)["here"], "with its readers back it is offered again")
    told.say(f"The readers are back on the rota: {HERE} offers tier 1 again")
    return told.lines


def _offers(told: Account, intake: dict[str, Any]) -> dict[str, Any]:
    representative = told.cast.staff("representative")
    query = {"visit_type": "V10", "near": "20770", "assessment": intake["id"], "until": intake["result_by"]}
    here = representative.ask("slots/", **query, center=HERE, limit=200)
    around = representative.ask("slots/", **query, within_miles=50, limit=200)
    return {
        "here": [slot for slot in here["results"] if slot["meets_deadline"]],
        "why": next((each["reason"] for each in here["unavailable"]), ""),
        "in_time": [slot for slot in around["results"] if slot["meets_deadline"]],
    }


def _leave(told: Account) -> list[int]:
    """Every reader who is licensed in the state goes on leave for the day; those of other states stay on duty."""
    manager = told.cast.staff("manager")
    licenses = manager.ask("licenses/", within_days=ALL_LICENSES)["results"]
    readers = [row for row in licenses if row["staff"]["role"] == "physician"]
    licensed = {row["staff"]["name"] for row in readers if row["state"] == STATE}
    today = told.cast.now().astimezone(ZONE).date().isoformat()
    week = manager.ask("shifts/", center=HERE, on=today)
    units = [unit for unit in week["units"] if unit["kind"] == "physician"]
    on_duty = [unit for unit in units if _works(unit, today)]
    theirs = [unit for unit in on_duty if unit["name"] in licensed]
    others = [unit for unit in on_duty if unit["name"] not in licensed]
    expect(theirs and others, "some readers on duty are licensed in the state, and others are not")
    edit: dict[str, object] = {"kind": "leave", "first": today, "last": today}
    for unit in theirs[:-1]:
        manager.tell("shift-edits/", {**edit, "resource": unit["id"], "displace": True})
    last = {**edit, "resource": theirs[-1]["id"]}
    seen = manager.tell("shift-edits/", {**last, "dry_run": True})
    uncovered = sorted({state for duty in seen["duties"] for state in duty["uncovered"]})
    expect(STATE in uncovered, "the rehearsal of the last leave says what it leaves without anybody")
    manager.tell("shift-edits/", {**last, "displace": True})
    told.say(
        "The readers of the state are away today; before the last leave the manager saw what it leaves uncovered",
        licensed_and_away=len(theirs),
        on_duty_and_not_licensed=len(others),
        uncovered=", ".join(uncovered),
    )
    return [unit["id"] for unit in theirs]


def _works(unit: dict[str, Any], on: str) -> bool:
    return any(day["on"] == on and day["spans"] for day in unit["days"])


def _back(told: Account, away: list[int]) -> None:
    manager = told.cast.staff("manager")
    today = told.cast.now().astimezone(ZONE).date()
    for resource in away:
        edit: dict[str, object] = {"kind": "day_as_usual", "resource": resource, "on": today.isoformat()}
        manager.tell("shift-edits/", {**edit, "displace": True})
