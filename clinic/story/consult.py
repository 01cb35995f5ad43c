"""The third story: cramps that rob the sleep, with no sign of a clot, end in a routine consultation."""

import copy
from datetime import datetime, timedelta
from typing import Any

from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.rule_out import ANSWERS
from clinic.story.voices import eventually, expect

PHONE = "+13015550158"
BORN = "1979-11-02"


def _answers() -> dict[str, Any]:
    """Every sign an explicit no, examined signs too; only the cramps, most nights."""
    answers: dict[str, Any] = copy.deepcopy(ANSWERS)
    answers["patient"] = {"birth_date": BORN, "sex": "M"}
    answers["limb"], answers["worsening"] = "both_legs", "no"
    answers["onset_days"] = 90
    answers["symptoms"] = {**dict.fromkeys(answers["symptoms"], "no"), "cramps": "yes"}
    answers["wells"] = dict.fromkeys(answers["wells"], "no")
    return answers


def tell(cast: Cast) -> None:
    """Run the story. Raises `StoryFailed` at the first step that is not as it must be."""
    cast.narrator.begin("consult", "Night cramps most nights, and no sign of a clot")
    representative = cast.staff("representative")
    contact = {
        "given_name": "James",
        "family_name": "Carter",
        "phone": PHONE,
        "zip": "20706",
        "birth_date": BORN,
        "consent_to_texts": True,
    }
    intake = representative.tell(
        "triage/assessments/", {"answers": _answers(), "answered_by": "staff", "contact": contact}
    )
    decision = intake["decision"]
    expect(decision["disposition"] == "VASCULAR_CONSULT", "cramps that rob the sleep are a reason for a consultation")
    cast.narrator.step(
        intake["clock_started_at"],
        "James Carter calls about cramps",
        decision=f"{decision['disposition']} within {decision['within_days']} days, rule {decision['rule']}",
    )
    _book(cast, intake)


def _book(cast: Cast, intake: dict[str, Any]) -> None:
    representative = cast.staff("representative")
    query = {"visit_type": "V30", "near": "20706", "within_miles": 50, "assessment": intake["id"], "limit": 5}
    slots = representative.ask("slots/", **query)["results"]
    expect(slots, "a consultation is free near 20706 within two weeks")
    slot = slots[0]
    soon = datetime.fromisoformat(slot["starts_at"]) - cast.now() <= timedelta(days=14)
    expect(soon, "the consultation is within 14 days")
    choice = {key: slot[key] for key in ("visit_type", "center", "starts_at")}
    hold = representative.tell("holds/", choice)
    booked = {"hold": hold["id"], "patient": intake["patient"], "assessment": intake["id"]}
    visit = representative.tell("appointments/", booked)
    cast.narrator.step(
        cast.now(),
        f"Booked at {slot['center_name']}",
        starts=local(visit["starts_at"]),
        distance=f"{slot['distance_miles']} miles",
    )
    body = str(cast.phone(PHONE).wait_for(1)["body"])
    row = eventually(lambda: _confirmed(cast, intake["patient"]), "the receipt of the confirmation")
    cast.narrator.text(row["sent_at"], body, row["status"])
    episode = representative.ask(f"episodes/{intake['episode']}/")
    expect(episode["next_step"]["kind"] == "consult", "the consultation is the next step")
    cast.narrator.end(disposition="VASCULAR_CONSULT", appointment=visit["status"])


def _confirmed(cast: Cast, patient: int) -> dict[str, Any] | None:
    rows = cast.staff("representative").ask("messages/", patient=patient)["results"]
    return next((row for row in rows if row["status"] == "delivered"), None)
