"""A patient books on the web, at night and without an order: who signs it, and that the scan can't start before."""

import csv
import html
import json
import re
from datetime import datetime, time
from pathlib import Path
from typing import Any

from clinic.seeding.places import NETWORK
from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.patient import MINUTE, Someone
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.voices import Browser, Colleague, StoryFailed, expect

#: Frederick: its payers want an order of a clinician's own, so that no protocol signs here.
PLACE, ZIP = "C009", "21701"
_SAID = {
    "contact.phone": "301-555-0660",
    "contact.zip": ZIP,
    "contact.answering_for": "self",
    "patient.birth_date": "1971-06-30",
    "patient.sex": "F",
    "limb": "left_leg",
    "onset_days": "2",
    "worsening": "yes",
    "symptoms.swelling": "yes",
    "symptoms.pain_persistent": "yes",
    "symptoms.warmth": "yes",
    "context.anticoagulant": "none",
    "wells.bedridden_3d_or_surgery_12w": "yes",
}
_SLOT = re.compile(r'name="center" value="(\w+)"><input type="hidden" name="starts_at" value="([^"]+)"')


def tell(cast: Cast) -> list[Line]:
    """Live through it. Raises `StoryFailed`."""
    account = Account(cast)
    patient = Someone(account, "Wanda", "+13015550660", zip=ZIP, born="1971-06-30", family_name="Example")
    _without_protocol(cast)
    account.say("The center at Frederick has no standing protocol")
    _books_on_the_web(patient, cast.visitor())
    _is_asked_for(patient)
    _can_not_start(patient)
    _is_signed(patient)
    return account.lines


def _without_protocol(cast: Cast) -> None:
    """The operator loads the center's row anew, with the column that says so."""
    with NETWORK.open(newline="", encoding="utf-8") as file:
        row = next(each for each in csv.DictReader(file) if each["code"] == PLACE)
    path = Path(cast.machine.state) / "frederick.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*row, "standing_protocol"])
        writer.writeheader()
        writer.writerow({**row, "standing_protocol": "no"})
    cast.machine.manage("import_centers", str(path), capture=True)


def _books_on_the_web(patient: Someone, browser: Browser) -> None:
    """Screen after screen, without a script; then the first time at Frederick."""
    asked = _questions(browser)
    page = browser.get("/check/")
    while re.search(r"/check/\d+/$", browser.address):
        page = browser.submit(follow=True, **_filled(asked, page))
    details = {"given_name": patient.given_name, "family_name": patient.family_name, "birth_date": patient.born}
    browser.submit(follow=True, consent_to_texts="yes", **details)
    patient.say("Wanda answers on the web, and gives her name")
    offered = _SLOT.findall(browser.get("/slots/"))
    expect(offered, "the web offers times")
    center, starts_at = next((slot for slot in offered if slot[0] == PLACE), ("", ""))
    expect(center, "Frederick is among them")
    browser.submit("/slots/hold/", center=center, starts_at=starts_at)
    browser.submit("/slots/kept/")
    patient.visit = _booked(patient)
    patient.intake = {"episode": patient.visit["episode"]}
    patient.say("She books a scan by herself", starts=local(patient.visit["starts_at"]))


def _questions(browser: Browser) -> dict[str, dict[str, Any]]:
    """The published questions, by their keys."""
    sections = json.loads(browser.get("/api/v1/triage/questionnaire/?lang=en"))["sections"]
    return {item["key"]: item for section in sections for item in section["items"]}


def _filled(asked: dict[str, dict[str, Any]], page: str) -> dict[str, str]:
    """What she fills in on a screen: the one question that it asks, or the fields that stand on it."""
    names = set(re.findall(r'name="([\w.]+)"', page))
    if "answer" in names:
        found = re.search(r'<h1 id="question">(.*?)</h1>', page, re.DOTALL)
        words = html.unescape(found[1]).strip() if found else ""
        key = next((key for key, item in asked.items() if item["question"] == words), "")
        expect(key, f"the question is a published one: {words}")
        return {"answer": _SAID.get(key, "no")}
    return {key: _SAID.get(key, "no" if item["kind"] == "tri" else "") for key, item in asked.items() if key in names}


def _booked(patient: Someone) -> dict[str, Any]:
    representative = patient.of("representative")
    known = {each["id"] for each in representative.tell("patients/search/", {"phone": patient.phone})["results"]}
    found = [each for each in representative.ask("day/", center=PLACE)["visits"] if each["patient"] in known]
    expect(len(found) == 1, "the center sees her on its day")
    return dict(found[0])


def _is_asked_for(patient: Someone) -> None:
    step = patient.owed("order")
    due, starts = (datetime.fromisoformat(at) for at in (step["due_at"], patient.visit["starts_at"]))
    expect(due < starts, "the signature is owed before the scan's start")
    patient.say("Nobody has ordered it: a clinician is asked to sign", owed_by=local(due), owner=step["owner_role"])


def _can_not_start(patient: Someone) -> None:
    """She comes in time; without an order nobody scans her."""
    starts, sonographer = datetime.fromisoformat(patient.visit["starts_at"]), patient.of("sonographer")
    patient.wait_until(starts - 5 * MINUTE)
    sonographer.tell(f"appointments/{patient.visit['id']}/check-in/")
    patient.wait_until(starts)
    refused = _refusal(sonographer, f"appointments/{patient.visit['id']}/start/")
    expect("order_missing" in refused, "the start is refused without an order")
    patient.say("She is here, and the start is refused: no order", code="order_missing")


def _refusal(colleague: Colleague, path: str) -> str:
    try:
        colleague.tell(path, {"side": "left"})
    except StoryFailed as refused:
        return str(refused)
    return ""


def _is_signed(patient: Someone) -> None:
    order: dict[str, object] = {"side": "left", "indication": "Swelling and pain after an operation"}
    signed = patient.of("clinician").tell(f"episodes/{patient.episode}/orders/", order)
    expect(signed["status"] == "signed" and signed["source"] == "own_clinician", "our own clinician signs")
    expect(not patient.live("order"), "the signature ends what asked for it")
    patient.say("The clinician examines her and signs the order", side="left", source=signed["source"])
    started = patient.of("sonographer").tell(f"appointments/{patient.visit['id']}/start/", {"side": "left"})
    expect(started["status"] == "in_progress", "now the scan starts")
    patient.say(
        "Now the scan starts",
        minutes_late=int((patient.now() - datetime.fromisoformat(patient.visit["starts_at"])).total_seconds() // 60),
    )
    patient.wait_until(patient.now() + 26 * MINUTE)
    done = patient.of("sonographer").tell(f"appointments/{patient.visit['id']}/complete/")
    patient.writes("negative", done["completed_at"])
    patient.wait_until(patient.now() + 8 * MINUTE)
    patient.is_signed("no_dvt_complete")
    patient.is_told(in_person=True)
    patient.leaves()
    patient.say("Wanda is told on site: no clot")


CASE = Case(title="A patient from the web, without an order", tell=tell, begins_at=time(8, 30), weekday=1)
