"""One patient's course over HTTP, as a generator of the instants at which somebody turns to the patient."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clinic.story.cast import Cast
from clinic.story.narrator import ZONE, Told, local
from clinic.story.opening import open_result
from clinic.story.results.cases import CHECKLIST, VILLALTA, Case
from clinic.story.voices import eventually, expect

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIVE = ("open", "scheduled", "escalated")
SIGNATURE = "decision"
#: The visit that each kind of step is booked as, and who holds it.
VISITS = {
    "follow_up_scan": ("V20", "sonographer"),
    "follow_up_visit": ("V40", "clinician"),
    "consult": ("V30", "clinician"),
}
#: A visit is booked so long before the first day on which it may be.
BOOKED_AHEAD = 5 * DAY
#: Two visits of one patient lie at least so far apart: a scan is read and told before the next begins.
APART = 90 * MINUTE
#: Outcomes of what is done with a step itself; a call so long before it is due.
DONE = {
    "follow_up_call": ("settling", 3 * HOUR),
    "dose_change": ("dose_changed", 3 * HOUR),
    "treatment_start": ("recorded", 35 * MINUTE),
    "handover": ("recorded", 8 * MINUTE),
    "decision": ("plan_goes_on", 40 * MINUTE),
}
#: How a step ends that ends in its own way, by its name within the plan.
OUTCOMES = {"incidental_referral": "referral_completed"}
#: Results that a text may announce; all others are spoken first.
SENT = ("no_dvt_complete", "no_dvt_limited")
BORN = "1968-03-09"
NEVER_SAID = ("dvt", "clot", "thromb", "vein scan", "positive", "negative")

Waking = Iterator[datetime]


@dataclass
class Course:
    """A patient, from the first answer to the signature."""

    cast: Cast
    case: Case
    phone: str
    told: Told
    episode: int = 0
    patient: int = 0
    visits: dict[int, dict[str, Any]] = field(default_factory=dict)
    opened: int = 0

    def live(self) -> Waking:
        """Live through it all. Raises `StoryFailed` at the first step that is not as it must be."""
        intake = self._intake()
        scan = self._book("V10", {}, assessment=intake["id"])
        yield from self._study(scan, self.case.category, self.case.impression, self.case.risk)
        while True:
            steps = self._live_steps()
            if self._over(steps):
                break
            step = min(steps, key=self._due)
            yield self._due(step)
            yield from self._work(step)
        yield self.cast.now() + HOUR
        self._close()

    def _over(self, live: list[dict[str, Any]]) -> bool:
        """Whether only the signature is left: all that this patient was to go through is done."""
        done = {step["plan_code"] for step in self._story()["steps"] if step["status"] == "done"}
        besides = [step for step in live if not step["plan_code"] and step["kind"] != SIGNATURE]
        return done >= set(self.case.owed) and not besides

    def _intake(self) -> dict[str, Any]:
        contact: dict[str, object] = {"given_name": self.case.given_name, "family_name": "Example", "zip": "20770"}
        contact |= {"phone": self.phone, "birth_date": BORN, "consent_to_texts": True}
        body: dict[str, object] = {"answers": self.case.answers, "answered_by": "staff", "contact": contact}
        intake: dict[str, Any] = self.cast.staff("representative").tell("triage/assessments/", body)
        decision = intake["decision"]
        expect(decision["disposition"] == "SAME_DAY_DVT_SCAN", f"{self.told.name} is scanned today")
        self.episode, self.patient = intake["episode"], intake["patient"]
        self._say(f"{self.case.given_name} calls", rule=decision["rule"], result_by=local(intake["result_by"]))
        return intake

    def _book(self, visit_type: str, query: dict[str, str], *, assessment: int = 0) -> dict[str, Any]:
        """Book the first time that is offered: in time for the clock, or within the step's window."""
        representative = self.cast.staff("representative")
        asked: dict[str, object] = {
            "visit_type": visit_type,
            "near": "20770",
            "within_miles": 50,
            "arm": self.case.arm,
            **query,
        }
        if assessment:
            asked["assessment"] = assessment
        slots = representative.ask("slots/", **asked)["results"]
        fits = (each for each in slots if (each["meets_deadline"] or not assessment) and self._is_free(each))
        slot = next(fits, None)
        expect(slot, f"{self.told.name}: a time is free for {visit_type}")
        chosen = {key: slot[key] for key in ("visit_type", "center", "starts_at")} if slot else {}
        hold = representative.tell("holds/", {**chosen, "arm": self.case.arm})
        about = {"assessment": assessment} if assessment else {"episode": self.episode}
        booked = {"hold": hold["id"], "patient": self.patient, **about}
        visit: dict[str, Any] = representative.tell("appointments/", booked)
        self._say("booked", starts=local(visit["starts_at"]))
        return visit

    def _is_free(self, slot: dict[str, Any]) -> bool:
        """Whether the patient has no other visit about that time."""
        at = datetime.fromisoformat(slot["starts_at"])
        return all(abs(at - datetime.fromisoformat(visit["starts_at"])) >= APART for visit in self.visits.values())

    def _due(self, step: dict[str, Any]) -> datetime:
        """When somebody turns to a step."""
        if step["id"] in self.visits:
            return datetime.fromisoformat(self.visits[step["id"]]["starts_at"]) - 8 * MINUTE
        due = datetime.fromisoformat(step["due_at"])
        if step["kind"] in VISITS:
            first = step["window_start"]
            return (datetime.fromisoformat(first) if first else due) - BOOKED_AHEAD
        expect(step["kind"] in DONE, f"{self.told.name}: somebody knows what to do with {step['kind']}")
        return due - DONE[step["kind"]][1]

    def _work(self, step: dict[str, Any]) -> Waking:
        if step["kind"] in ("treatment_start", "handover"):
            self._treat()
            return
        if step["plan_code"] == "stop_or_extend":
            self._score()
            self._stop()
            return
        if step["kind"] not in VISITS:
            outcome = OUTCOMES.get(step["plan_code"], DONE[step["kind"]][0])
            self.cast.staff("clinician").tell(f"steps/{step['id']}/done/", {"outcome": outcome})
            self._say(f"{step['title']}: {outcome}", code=step["plan_code"])
            return
        visit_type, host = VISITS[step["kind"]]
        if step["id"] not in self.visits:
            first, last = (datetime.fromisoformat(step[edge]) for edge in ("window_start", "window_end"))
            since = max(first, self.cast.now() + HOUR)
            query = {"from": since.isoformat(), "until": last.isoformat()}
            self.visits[step["id"]] = self._book(visit_type, query)
        elif step["kind"] == "follow_up_scan":
            visit = self.visits.pop(step["id"])
            yield from self._study(visit, self.case.repeats, _impression_of(self.case), self.case.risk)
        else:
            yield from self._run(self.visits.pop(step["id"]), host)

    def _treat(self) -> None:
        """The first dose on site, the checklist clear; or the emergency department, which has accepted the patient."""
        now = self.cast.now()
        begun: dict[str, object] = {
            "route": "first_dose",
            "drug": self.case.drug,
            "dose_source": "on_site",
            "first_dose_taken_at": (now - MINUTE).isoformat(),
            "checklist": dict.fromkeys(CHECKLIST, "clear"),
        }
        if not self.case.drug:
            begun = {"route": "ed_accepted", "facility": "Example Hospital", "acceptor": "Dr. Example"}
            begun |= {"departed_at": (now - 2 * MINUTE).isoformat(), "arrived_at": (now - MINUTE).isoformat()}
        self.cast.staff("clinician").tell(f"episodes/{self.episode}/treatment/", begun)
        self._say("treatment begins", route=begun["route"], drug=self.case.drug or "theirs")

    def _score(self) -> None:
        scored: dict[str, object] = {
            "scored_on": local_date(self.cast.now()),
            "items": dict.fromkeys(VILLALTA, 0),
            "ulcer": False,
        }
        self.cast.staff("clinician").tell(f"episodes/{self.episode}/villalta/", scored)

    def _stop(self) -> None:
        today = local_date(self.cast.now())
        stop: dict[str, object] = {"choice": "stop", "reason": "Course complete", "last_dose_on": today}
        self.cast.staff("clinician").tell(f"episodes/{self.episode}/therapy/", stop)
        self._say("treatment is stopped", last_dose=today)

    def _run(self, visit: dict[str, Any], host: str) -> Waking:
        """Check in, start and complete a visit, when each is due."""
        person, path = self.cast.staff(host), f"appointments/{visit['id']}"
        starts, ends = (datetime.fromisoformat(visit[edge]) for edge in ("starts_at", "ends_at"))
        yield starts - 8 * MINUTE
        person.tell(f"{path}/check-in/")
        yield starts
        person.tell(f"{path}/start/", {"side": "left"} if host == "sonographer" else {})
        yield ends - 4 * MINUTE
        done = person.tell(f"{path}/complete/")
        expect(done["status"] == "completed", f"{self.told.name}: the visit is done")
        self._say("seen" if host == "clinician" else "scanned")

    def _study(self, visit: dict[str, Any], found: str, impression: str, risk: dict[str, object]) -> Waking:
        """A scan, its preliminary, the signature, and the telling: by voice where that comes first."""
        yield from self._run(visit, "sonographer")
        preliminary: dict[str, object] = {
            "step": visit["step"],
            "impression": impression,
            "side": "left",
            "scan_ended_at": self.cast.now().isoformat(),
        }
        report = self.cast.staff("sonographer").tell("reports/", preliminary)["id"]
        if impression != "negative":
            yield from self._spoken_before_signed(report, found)
        yield self.cast.now() + 8 * MINUTE
        self.cast.staff("physician").tell(f"reports/{report}/finalize/", {"category": found, "side": "left", **risk})
        self._say("signed", category=found)
        yield self.cast.now() + 3 * MINUTE
        self._settle(report, found)

    def _spoken_before_signed(self, report: int, found: str) -> Waking:
        """Nobody waits for a signature: in hand at once, the wet read spoken, the patient told by voice."""
        clinician = self.cast.staff("clinician")
        yield self.cast.now() + 3 * MINUTE
        clinician.tell(f"results/{report}/acknowledge/")
        yield self.cast.now() + 4 * MINUTE
        read: dict[str, object] = {"category": found, "told_to": "the clinician on site", "read_back": True}
        self.cast.staff("physician").tell(f"reports/{report}/wet-read/", read)
        yield self.cast.now() + 2 * MINUTE
        self._speak(report, "patient")

    def _settle(self, report: int, found: str) -> None:
        """What is owed of a signed report today: somebody has it in hand, everybody is told, the patient is let go."""
        clinician, owed = self.cast.staff("clinician"), {step["kind"] for step in self._live_steps()}
        if "acknowledge" in owed:
            clinician.tell(f"results/{report}/acknowledge/")
        if "discrepancy" in owed:
            self._speak(report, "clinician")
        if "telling" in owed and found in SENT:
            clinician.tell(f"results/{report}/send/")
            self.opened += 1
            open_result(self.cast.visitor(), self.cast.phone(self.phone), born=BORN, nth=self.opened)
            self._say("result sent, and opened on the phone")
        elif "telling" in owed:
            self._speak(report, "patient")
        leaving: dict[str, object] = {
            "callback_phone": self.phone,
            "instructions": ["danger_signs", "whom_to_call", "next_visit"],
        }
        clinician.tell(f"results/{report}/departure/", leaving)

    def _speak(self, report: int, audience: str) -> None:
        call = {"audience": audience, "outcome": "reached", "told_to": f"the {audience}", "read_back": True}
        self.cast.staff("clinician").tell(f"results/{report}/calls/", {**call, "in_person": True})
        self._say(f"{audience} told by a clinician's voice, with read-back")

    def _close(self) -> None:
        """Sign that it is over, and look back: everything of the plan was done, and nothing was late."""
        if "course_start" in self.case.owed:
            self._stop()
        clinician, name = self.cast.staff("clinician"), self.told.name
        closed = clinician.tell(f"episodes/{self.episode}/close/", {"reason": self.case.reason})
        expect(closed["closing_reason"] == self.case.reason, f"{name} is closed for its reason")
        done = {step["plan_code"] for step in closed["steps"] if step["status"] == "done"}
        expect(done >= set(self.case.owed), f"{name}: the whole plan was done, but for {set(self.case.owed) - done}")
        late = [event["kind"] for event in closed["timeline"] if event["kind"] in ("step.escalated", "step.missed")]
        expect(not late, f"{name}: no step was late")
        texts = eventually(self._settled, f"{name}: every text was delivered, withdrawn, or one too many")
        for text in self.cast.phone(self.phone).texts():
            # A link's token is drawn by chance: its letters may spell anything.
            said = re.sub(r"https?://\S+", "", text["body"].lower())
            expect(not any(word in said for word in NEVER_SAID), f"{name}: no text says anything of health")
        self._say("closed by a clinician's signature", reason=self.case.reason, texts=texts)
        days = (datetime.fromisoformat(closed["closed_at"]) - datetime.fromisoformat(closed["opened_at"])).days
        self.told.outcome.update(
            closing_reason=closed["closing_reason"], days=days, texts=texts, plan=sorted(done - {""})
        )

    def _settled(self) -> int:
        """How many texts were delivered, once none is on its way."""
        rows = self.cast.staff("clinician").ask("messages/", patient=self.patient)["results"]
        ended = [row for row in rows if row["status"] in ("delivered", "cancelled") or row["code"] == "over_the_cap"]
        return len([row for row in ended if row["status"] == "delivered"]) if len(ended) == len(rows) else 0

    def _live_steps(self) -> list[dict[str, Any]]:
        return [step for step in self._story()["steps"] if step["status"] in LIVE]

    def _story(self) -> dict[str, Any]:
        story: dict[str, Any] = self.cast.staff("clinician").ask(f"episodes/{self.episode}/")
        return story

    def _say(self, what: str, **figures: object) -> None:
        self.cast.narrator.line(self.told, self.cast.now(), what, **figures)


def local_date(at: datetime) -> str:
    """The day of an instant where the people of the stories are."""
    return at.astimezone(ZONE).date().isoformat()


def _impression_of(case: Case) -> str:
    return "negative" if case.repeats.startswith("no_dvt") else case.impression
