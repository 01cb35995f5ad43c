"""A daughter without authority asks for her mother's result."""

from datetime import timedelta

from clinic.story.cases.case import Account, Line
from clinic.story.cases.rule_out import Person, book, let_go, scan, take_in
from clinic.story.cast import Cast
from clinic.story.narrator import ZONE, local
from clinic.story.voices import expect

ROSA = Person(given_name="Rosa", family_name="Alvarez", phone="+13015550172", born="1951-02-14")
DAUGHTER = "Elena Alvarez"


def tell(cast: Cast) -> list[Line]:
    """Run the case. Raises `StoryFailed` at the first step that is not as it must be."""
    told = Account(cast)
    representative = cast.staff("representative")
    intake = take_in(cast, ROSA)
    helper = {"kind": "helper", "name": DAUGHTER, "phone": "301-555-0173"}
    speaker = representative.tell(f"patients/{intake['patient']}/representatives/", {**helper})
    expect(speaker["may_book"] and not speaker["may_hear_results"], "a helper books, and hears no result")
    visit = book(cast, intake, speaker=speaker["id"])
    told.say(
        "Her daughter calls for Rosa Alvarez, is recorded as a helper, and books", starts=local(visit["starts_at"])
    )
    report = scan(cast, visit, impression="positive")
    cast.staff("clinician").tell(f"results/{report}/acknowledge/")
    cast.wait_until(cast.now() + timedelta(minutes=4))
    read: dict[str, object] = {"category": "acute_proximal_dvt", "told_to": "the clinician", "read_back": True}
    cast.staff("physician").tell(f"reports/{report}/wet-read/", read)
    told.say("Rosa is scanned, and a physician reads it: a clinician owes it to her by voice")
    _asks_in_vain(told, intake["patient"], speaker["id"], report)
    _with_permission(told, intake["patient"], speaker["id"], report)
    return told.lines


def _call(speaker: int) -> dict[str, object]:
    """The daughter on the phone, who knows her mother's name, birth date and number."""
    said = {"name": ROSA.name, "birth_date": ROSA.born, "phone": ROSA.phone}
    call = {"audience": "representative", "outcome": "reached", "representative": speaker, "identifiers": said}
    return {**call, "told_to": DAUGHTER, "read_back": True}


def _asks_in_vain(told: Account, patient: int, speaker: int, report: int) -> None:
    clinician = told.cast.staff("clinician")
    problem = clinician.tell_in_vain(f"results/{report}/calls/", _call(speaker))
    expect(problem["code"] == "no_permission", "whoever knows two identifiers has no authority yet")
    log = clinician.ask(f"patients/{patient}/disclosures/")["results"]
    expect(log == [], "nothing was disclosed")
    told.say("The daughter calls for the result, and knows every identifier", refused=problem["detail"])
    yesterday = (told.cast.now() - timedelta(days=1)).astimezone(ZONE).date().isoformat()
    expired = {"kind": "power_of_attorney", "name": DAUGHTER, "phone": "301-555-0173", "document": "Power of attorney"}
    body: dict[str, object] = {**expired, "expires_on": yesterday}
    problem = told.cast.staff("representative").tell_in_vain(f"patients/{patient}/representatives/", body)
    expect("expires_on" in [error["field"] for error in problem["errors"]], "an expired document gives no authority")
    told.say("She shows a power of attorney that ended yesterday", refused=problem["errors"][0]["message"])


def _with_permission(told: Account, patient: int, speaker: int, report: int) -> None:
    clinician = told.cast.staff("clinician")
    spoken = {"audience": "patient", "outcome": "reached", "told_to": ROSA.name, "read_back": True, "in_person": True}
    clinician.tell(f"results/{report}/calls/", {**spoken})
    told.say("Rosa, still on site, hears it from the clinician, and reads it back")
    clinician.tell(f"representatives/{speaker}/permissions/", {"granted": True, "how": "in_person"})
    told.say("She says that her daughter may hear it, and it is kept")
    clinician.tell(f"results/{report}/calls/", _call(speaker))
    log = clinician.ask(f"patients/{patient}/disclosures/")["results"]
    found = [(line["to_whom"], line["ground"], line["way"]) for line in reversed(log)]
    expect(
        found == [(ROSA.name, "self", "in_person"), (DAUGHTER, "permission", "phone")],
        "the log names to whom, on what ground, and how",
    )
    told.say("Called back, the daughter hears it", log="; ".join(", ".join(line) for line in found))
    told.cast.wait_until(told.cast.now() + timedelta(minutes=5))
    signed: dict[str, object] = {"category": "acute_proximal_dvt", "side": "left"}
    told.cast.staff("physician").tell(f"reports/{report}/finalize/", signed)
    let_go(told.cast, report, ROSA)
    told.say("The report is signed, and she is released")
