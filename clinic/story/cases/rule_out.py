"""What several cases have in common: somebody is taken in, booked, scanned and read, over HTTP."""

import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clinic.story.cast import Cast
from clinic.story.rule_out import ANSWERS
from clinic.story.voices import expect

#: Time to get there, and between two visits that nobody confuses.
READY = timedelta(minutes=45)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who needs a scan today."""

    given_name: str
    family_name: str
    phone: str
    born: str
    sex: str = "F"

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.given_name} {self.family_name}"


def take_in(cast: Cast, person: Person) -> dict[str, Any]:
    """A representative asks the questions for somebody; return the assessment, which asks for a scan today."""
    answers = copy.deepcopy(ANSWERS)
    answers["patient"] = {"birth_date": person.born, "sex": person.sex}
    contact = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "phone": person.phone,
        "zip": "20770",
        "birth_date": person.born,
        "consent_to_texts": True,
    }
    body: dict[str, object] = {"answers": answers, "answered_by": "staff", "contact": contact}
    intake: dict[str, Any] = cast.staff("representative").tell("triage/assessments/", body)
    expect(intake["decision"]["disposition"] == "SAME_DAY_DVT_SCAN", f"{person.given_name} is scanned today")
    return intake


def book(
    cast: Cast, intake: dict[str, Any], *, after: datetime | None = None, speaker: int | None = None
) -> dict[str, Any]:
    """Book the first scan near Greenbelt that gives a result in time, from ``after`` on; return the visit.

    ``speaker`` is the representative of the patient who asks for it.
    """
    representative = cast.staff("representative")
    query = {"visit_type": "V10", "near": "20770", "within_miles": 50, "assessment": intake["id"], "limit": 100}
    since = after or cast.now() + READY
    slots = representative.ask("slots/", **query)["results"]
    fits = (each for each in slots if each["meets_deadline"] and datetime.fromisoformat(each["starts_at"]) >= since)
    slot = next(fits, None)
    expect(slot, "a slot near 20770 gives a result in time")
    chosen = {key: slot[key] for key in ("visit_type", "center", "starts_at")} if slot else {}
    hold = representative.tell("holds/", chosen)
    booked = {"hold": hold["id"], "patient": intake["patient"], "assessment": intake["id"]}
    by = {"representative": speaker} if speaker is not None else {}
    visit: dict[str, Any] = representative.tell("appointments/", {**booked, **by})
    return visit


def scan(cast: Cast, visit: dict[str, Any], *, impression: str = "negative") -> int:
    """Check in, scan, and write the preliminary; return the report's id."""
    sonographer, path = cast.staff("sonographer"), f"appointments/{visit['id']}"
    starts, ends = (datetime.fromisoformat(visit[edge]) for edge in ("starts_at", "ends_at"))
    cast.wait_until(starts - timedelta(minutes=8))
    sonographer.tell(f"{path}/check-in/")
    cast.wait_until(starts)
    sonographer.tell(f"{path}/start/", {"side": "left"})
    cast.wait_until(ends - timedelta(minutes=4))
    sonographer.tell(f"{path}/complete/")
    preliminary: dict[str, object] = {
        "step": visit["step"],
        "impression": impression,
        "side": "left",
        "scan_ended_at": cast.now().isoformat(),
    }
    report: int = sonographer.tell("reports/", preliminary)["id"]
    return report


def let_go(cast: Cast, report: int, person: Person) -> None:
    """The patient leaves: the number verified again, told when to call 911 and whom to call."""
    leaving: dict[str, object] = {
        "callback_phone": person.phone,
        "instructions": ["danger_signs", "whom_to_call", "next_visit"],
    }
    cast.staff("clinician").tell(f"results/{report}/departure/", leaving)
