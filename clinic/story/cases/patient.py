"""One patient of a case: what is done for them over HTTP, each time as a line of the account."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clinic.story.cases.case import Account
from clinic.story.narrator import local
from clinic.story.rule_out import ANSWERS
from clinic.story.voices import expect

MINUTE = timedelta(minutes=1)
LIVE = ("open", "scheduled", "escalated")
LEAVING = ["danger_signs", "whom_to_call", "next_visit"]


def answers(**groups: Mapping[str, object] | object) -> dict[str, Any]:
    """A swollen leg after an operation, breathing well; ``groups`` say otherwise, group by group."""
    said: dict[str, Any] = copy.deepcopy(ANSWERS)
    for name, value in groups.items():
        said[name] = {**said[name], **value} if isinstance(value, Mapping) else value
    return said


@dataclass
class Someone:
    """A patient with a telephone number of their own, and what has become of them so far."""

    account: Account
    given_name: str
    phone: str
    zip: str = "20770"
    born: str = "1968-03-09"
    family_name: str = "Example"
    intake: dict[str, Any] = field(default_factory=dict)
    visit: dict[str, Any] = field(default_factory=dict)
    report: int = 0

    @property
    def episode(self) -> int:
        """The episode of care."""
        return int(self.intake["episode"])

    @property
    def contact(self) -> dict[str, object]:
        """How they are reached."""
        names = ("given_name", "family_name", "phone", "zip")
        return {name: getattr(self, name) for name in names} | {"birth_date": self.born, "consent_to_texts": True}

    def calls(self, said: dict[str, Any]) -> dict[str, Any]:
        """They call, and a representative asks the questions; return what it led to."""
        body: dict[str, object] = {"answers": said, "answered_by": "staff", "contact": self.contact}
        self.intake = self.of("representative").tell("triage/assessments/", body)
        return self.intake

    def is_referred(self, office: dict[str, object], order: dict[str, object], said: dict[str, Any]) -> dict[str, Any]:
        """Their doctor's office calls; return what it led to."""
        body: dict[str, object] = {"office": office, "order": order, "contact": self.contact, "answers": said}
        self.intake = self.of("representative").tell("referrals/", body)
        return self.intake

    def slots(self, **query: object) -> list[dict[str, Any]]:
        """The times that are offered, in order."""
        asked = {"visit_type": "V10", "near": self.zip, "within_miles": 50, "limit": 100, **query}
        found: list[dict[str, Any]] = self.of("representative").ask("slots/", **asked, assessment=self.intake["id"])[
            "results"
        ]
        return found

    def books(self, slot: dict[str, Any]) -> dict[str, Any]:
        """A representative keeps a time and books it."""
        representative = self.of("representative")
        hold = representative.tell("holds/", {key: slot[key] for key in ("visit_type", "center", "starts_at")})
        booking = {"hold": hold["id"], "patient": self.intake["patient"], "assessment": self.intake["id"]}
        self.visit = representative.tell("appointments/", booking)
        self.say(
            f"Booked at {slot['center_name']}", starts=local(slot["starts_at"]), result_by=local(slot["result_by"])
        )
        return self.visit

    def is_scanned(self, impression: str, *, begins: datetime | None = None, minutes: int = 26) -> None:
        """They come to their visit, and are scanned then or later; the sonographer writes the preliminary."""
        booked, sonographer = datetime.fromisoformat(self.visit["starts_at"]), self.of("sonographer")
        starts = begins or booked
        path = f"appointments/{self.visit['id']}"
        self.wait_until(booked - 5 * MINUTE)
        sonographer.tell(f"{path}/check-in/")
        self.wait_until(starts)
        sonographer.tell(f"{path}/start/", {"side": "left"})
        self.wait_until(starts + minutes * MINUTE)
        done = sonographer.tell(f"{path}/complete/")
        self.writes(impression, done["completed_at"])
        self.say(f"Scanned; the sonographer's preliminary: {impression.replace('_', ' ')}")

    def writes(self, impression: str, ended_at: str) -> None:
        """The sonographer writes the preliminary."""
        found: dict[str, object] = {"step": self.visit["step"], "impression": impression, "side": "left"}
        self.report = self.of("sonographer").tell("reports/", {**found, "scan_ended_at": ended_at})["id"]

    def is_read(self, category: str) -> None:
        """The physician speaks the finding before the signature, and the clinician reads it back."""
        read: dict[str, object] = {"category": category, "told_to": "the clinician on site", "read_back": True}
        self.of("physician").tell(f"reports/{self.report}/wet-read/", read)
        self.say("The physician's wet read, spoken and read back", finding=category.replace("_", " "))

    def is_signed(self, category: str) -> datetime:
        """The physician signs; return when."""
        self.of("physician").tell(f"reports/{self.report}/finalize/", {"category": category, "side": "left"})
        self.say("The physician signs the final report", finding=category.replace("_", " "))
        return self.now()

    def is_told(self, audience: str = "patient", *, outcome: str = "reached", **more: object) -> None:
        """A clinician tells somebody by voice, or tries to."""
        call: dict[str, object] = {"audience": audience, "outcome": outcome, **more}
        if outcome == "reached":
            call |= {"told_to": f"the {audience}", "read_back": True}
        self.of("clinician").tell(f"results/{self.report}/calls/", call)

    def leaves(self) -> None:
        """A clinician lets them go home."""
        leaving: dict[str, object] = {"callback_phone": self.phone, "instructions": LEAVING}
        self.of("clinician").tell(f"results/{self.report}/departure/", leaving)

    def story(self) -> dict[str, Any]:
        """Everything about the episode."""
        told: dict[str, Any] = self.of("clinician").ask(f"episodes/{self.episode}/")
        return told

    def live(self, *kinds: str) -> list[dict[str, Any]]:
        """The steps that are owed, of these kinds or of any."""
        steps = [step for step in self.story()["steps"] if step["status"] in LIVE]
        return [step for step in steps if not kinds or step["kind"] in kinds]

    def owed(self, kind: str) -> dict[str, Any]:
        """The one step of a kind that is owed."""
        found = self.live(kind)
        expect(len(found) == 1, f"{self.given_name} is owed one {kind.replace('_', ' ')}, not {len(found)}")
        return found[0]

    def of(self, role: str) -> Any:
        """Somebody of a role."""
        return self.account.cast.staff(role)

    def now(self) -> datetime:
        """What time it is."""
        return self.account.cast.now()

    def wait_until(self, to: datetime) -> None:
        """Let time pass."""
        self.account.cast.wait_until(to)

    def closing(self) -> datetime:
        """When the center of the visit closes on its day."""
        centers = self.of("representative").ask("centers/", near=self.zip, within_miles=50)["results"]
        center = next(each for each in centers if each["code"] == self.visit["center"])
        zone = ZoneInfo(center["zone"])
        day = datetime.fromisoformat(self.visit["starts_at"]).astimezone(zone).date()
        closes = next(time.fromisoformat(row["closes"]) for row in center["hours"] if row["weekday"] == day.weekday())
        return datetime.combine(day, closes, zone)

    def say(self, what: str, **figures: object) -> None:
        """Tell a line."""
        self.account.say(what, **figures)


def minutes_between(earlier: datetime | str, later: datetime | str) -> int:
    """Whole minutes from one instant to another."""
    first, last = (datetime.fromisoformat(at) if isinstance(at, str) else at for at in (earlier, later))
    return int((last - first).total_seconds() // 60)
