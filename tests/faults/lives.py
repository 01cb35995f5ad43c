"""Patients who live at random through everything that can happen to them, told by staff who speak only HTTP."""

import copy
import itertools
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import requests

from clinic.local.stack import Stack
from clinic.models import ResultCategory
from clinic.seeding.logins import DEMO_LOGINS
from clinic.story.rule_out import ANSWERS as _SUSPECTED
from clinic.story.voices import Colleague, Phone

#: Seconds of real time within which a server that was killed answers again.
PATIENCE = 60.0
REPLIES = ("C", "X", "STOP", "START", "HELP", "YES", "can I come later?", "I can't breathe")
ENDS = ("ruled_out", "risk_passed", "consult_completed", "declined", "transferred", "lost_to_follow_up")
OUTCOMES = ("reached", "no_answer", "left_message", "wrong_number")
#: The visit that serves each kind of step.
TYPES = {
    "booking": "V10",
    "callback": "V10",
    "scan": "V10",
    "consult": "V30",
    "follow_up_scan": "V20",
    "follow_up_visit": "V40",
}
_numbers = itertools.count(1)


class Office:
    """The staff of the clinics: whoever may do something does it, again and again until a killed server is back."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.web = stack.web_url
        self.people = {str(each.role): Colleague(self.web, each.username, each.password) for each in DEMO_LOGINS}
        self.did: Counter[str] = Counter()
        self.broken: list[str] = []
        self._own = threading.local()

    def ask(self, role: str, path: str, **query: object) -> Any:
        """What the API answers; None where it refuses."""
        return self._call(role, "GET", path, params={name: str(value) for name, value in query.items()})

    def tell(self, role: str, what: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Have somebody of a role do something; None where it is refused, which changes nothing."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        answer = self._call(role, "POST", path, json=body or {}, headers=headers)
        self.did[what if answer is not None else f"{what} refused"] += 1
        return answer

    def _call(self, role: str, method: str, path: str, **extra: Any) -> Any:
        headers = {
            "X-CSRFToken": self.people[role].session.cookies.get("csrftoken", ""),
            "Origin": self.web,
            **extra.pop("headers", {}),
        }
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._session(role).request(
                    method, f"{self.web}/api/v1/{path}", headers=headers, timeout=30, **extra
                )
            except requests.RequestException:
                assert time.monotonic() < until, "the web server does not come back"
                time.sleep(0.1)
                continue
            if answer.status_code >= 500:
                self.broken.append(f"{answer.status_code} {method} {path}: {answer.text[:200]}")
            return (answer.json() if answer.content else {}) if answer.ok else None

    def _session(self, role: str) -> requests.Session:
        """A session of this thread, logged in as somebody of a role."""
        mine: dict[str, requests.Session] = self._own.__dict__.setdefault("sessions", {})
        if role not in mine:
            mine[role] = requests.Session()
            mine[role].cookies.update(self.people[role].session.cookies)
        return mine[role]


class Life:
    """One patient's episode: at each turn something happens that its state allows, or that it must refuse."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office = office
        self.chance = random.Random(seed)
        self.number = next(_numbers)
        self.phone = f"+1240555{self.number:04d}"
        self.visit: int | None = None
        self.episode: int | None = None
        self.patient: int | None = None
        self.assessment: int | None = None

    def begin(self) -> None:
        """Call, and answer the questions."""
        contact = {
            "given_name": "Ana",
            "family_name": f"Example{self.number}",
            "phone": self.phone,
            "zip": "20770",
            "birth_date": "1968-03-09",
            "consent_to_texts": self.chance.random() < 0.9,
        }
        language = self.chance.choice(("en", "es"))
        body = {"answers": self._answers(), "answered_by": "staff", "contact": contact, "language": language}
        intake = self.office.tell("representative", "intake", "triage/assessments/", body)
        assert intake is not None, "an intake was refused"
        self.episode, self.patient, self.assessment = intake["episode"], intake["patient"], intake["id"]

    def _answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = copy.deepcopy(_SUSPECTED)
        draw = self.chance.random()
        if draw < 0.15:
            # Nothing but cramps that rob the sleep.
            answers["limb"], answers["worsening"], answers["onset_days"] = "both_legs", "no", 90
            answers["symptoms"] = {**dict.fromkeys(answers["symptoms"], "no"), "cramps": "yes"}
            answers["wells"] = dict.fromkeys(answers["wells"], "no")
        elif draw < 0.22:
            answers["emergency"]["chest_pain"] = "yes"
        elif draw < 0.3:
            answers["limb_threat"]["limb_cold"] = "unknown"
        elif draw < 0.4:
            answers["context"]["anticoagulant"] = "therapeutic"
        return answers

    def turn(self) -> None:
        """Let one thing happen."""
        story = self.office.ask("clinician", f"episodes/{self.episode}/") if self.episode else None
        if story is None:
            return
        live = [step for step in story["steps"] if step["status"] in ("open", "scheduled", "escalated")]
        acts: list[Callable[[], object]] = [self._reply]
        if story["status"] == "open":
            acts += [partial(self._work, step, story) for step in live for _ in range(_weight(step))]
            acts += [partial(self._report, report) for report in story["reports"] for _ in range(3)]
            acts += [self._close, self._ask_signs]
        self.chance.choice(acts)()

    def _reply(self) -> None:
        Phone(self.office.stack.twilio_url, self.phone).reply(self.chance.choice(REPLIES))
        self.office.did["reply"] += 1

    def _close(self) -> None:
        role = self.chance.choice(("clinician", "physician"))
        if self.chance.random() < 0.3:
            self.office.tell(role, "close", f"episodes/{self.episode}/close/", {"reason": self.chance.choice(ENDS)})

    def _ask_signs(self) -> None:
        signs: dict[str, Any] = copy.deepcopy({group: _SUSPECTED[group] for group in ("emergency", "limb_threat")})
        if self.chance.random() < 0.2:
            signs["emergency"]["fainted"] = "yes"
        body = {"answers": signs, "occasion": "call"}
        self.office.tell("clinician", "ask signs", f"episodes/{self.episode}/signs/", body)

    def _work(self, step: dict[str, Any], story: dict[str, Any]) -> None:
        kind = step["kind"]
        if kind == "reading":
            self._read(story)
        elif kind == "telling":
            for report in story["reports"][-1:]:
                self._tell(report)
        elif step["status"] == "scheduled" and self.visit:
            self._visit()
        elif kind in TYPES and self.chance.random() < 0.85:
            self._book("V30" if kind == "booking" and story["kind"] == "consult" else TYPES[kind])
        else:
            self._worklist(step)

    def _worklist(self, step: dict[str, Any]) -> None:
        role = self.chance.choice(("clinician", "physician", "manager", "representative"))
        what = self.chance.choice(("done", "done", "attempt", "reassign"))
        body: dict[str, Any] = {"outcome": self.chance.choice(OUTCOMES)}
        if what == "done" and step["kind"] == "arrival_call":
            body = {"outcome": "arrived_at_ed"}
        if what == "reassign":
            body = {"role": self.chance.choice(("clinician", "representative", "manager")), "center": step["center"]}
        self.office.tell(role, f"step {what}", f"steps/{step['id']}/{what}/", body)

    def _slot(self, visit_type: str) -> dict[str, Any] | None:
        query = {"visit_type": visit_type, "near": "20770", "within_miles": 100, "limit": 30}
        found = self.office.ask("representative", "slots/", episode=self.episode, **query)
        slots = found["results"] if found else []
        return self.chance.choice(slots) if slots else None

    def _book(self, visit_type: str) -> None:
        if (slot := self._slot(visit_type)) is None:
            return
        choice = {key: slot[key] for key in ("visit_type", "center", "starts_at")}
        body: dict[str, Any] = {"patient": self.patient, "episode": self.episode}
        if self.chance.random() < 0.5:
            body["slot"] = choice
        elif (hold := self.office.tell("representative", "hold", "holds/", choice)) is not None:
            body["hold"] = hold["id"]
        role = self.chance.choice(("representative", "clinician"))
        booked = self.office.tell(role, "book", "appointments/", body)
        self.visit = booked["id"] if booked else self.visit

    def _visit(self) -> None:
        visit = self.office.ask("sonographer", f"appointments/{self.visit}/")
        onward = {
            "booked": (*("check-in",) * 6, "confirm", "reschedule", "cancel", "no-show"),
            "confirmed": (*("check-in",) * 5, "reschedule", "cancel", "no-show"),
            "arrived": ("start",),
            "in_progress": ("complete",),
        }.get(visit["status"] if visit else "", ("check-in", "cancel"))
        what, body, role = self.chance.choice(onward), {}, "sonographer"
        if what == "reschedule":
            role = "representative"
            if (slot := self._slot(visit["visit_type"])) is None:
                return
            body = {key: slot[key] for key in ("center", "starts_at")}
        elif what in ("cancel", "confirm"):
            role = "representative"
        elif what == "start":
            body = self._on_the_table()
        self.office.tell(role, what, f"appointments/{self.visit}/{what}/", body)

    def _on_the_table(self) -> dict[str, Any]:
        """The side that the order names, as the sonographer sees it."""
        orders = self.office.ask("sonographer", f"episodes/{self.episode}/orders/")["results"]
        return {"side": orders[0]["side"]} if orders else {}

    def _read(self, story: dict[str, Any]) -> None:
        """The sonographer writes down what was seen of the last study; the physician signs what was written."""
        written = {report["step"] for report in story["reports"]}
        studies = [step for step in story["steps"] if step["kind"] in ("scan", "follow_up_scan")]
        for step in studies:
            if step["status"] == "done" and step["id"] not in written:
                body = {
                    "step": step["id"],
                    "impression": self.chance.choice(("negative", "negative", "positive", "suspicious")),
                    "side": "left",
                    "scan_ended_at": step["ended_at"],
                }
                self.office.tell("sonographer", "preliminary", "reports/", body)
                return
        for report in story["reports"]:
            if report["status"] == "preliminary":
                self.office.tell("physician", "final", f"reports/{report['id']}/finalize/", self._finding())

    def _finding(self) -> dict[str, Any]:
        clear = self.chance.random() < 0.5
        category = "no_dvt_complete" if clear else self.chance.choice(ResultCategory.values)
        return {
            "category": category,
            "side": "left",
            "d_dimer": self.chance.choice(("positive", "negative", "unknown")),
        }

    def _tell(self, report: dict[str, Any]) -> None:
        if self.chance.random() < 0.4:
            self.office.tell("representative", "send", f"results/{report['id']}/send/")
            return
        outcome = self.chance.choice((*OUTCOMES, "reached", "reached"))
        body = {"audience": "patient", "outcome": outcome, "told_to": "the patient", "read_back": True}
        # Nobody is told by phone before they gave two identifiers; who stands there is known.
        body["in_person"] = outcome == "reached"
        self.office.tell("clinician", "call", f"results/{report['id']}/calls/", body)

    def _report(self, report: dict[str, Any]) -> None:
        if report["status"] != "preliminary" and self.chance.random() < 0.4:
            body = {**self._finding(), "reason": "Seen once more."}
            self.office.tell("physician", "amend", f"reports/{report['id']}/amend/", body)
        elif report["status"] != "preliminary":
            self._tell(report)


def _weight(step: dict[str, Any]) -> int:
    """How likely it is that a step is worked: most lives are to come as far as a result."""
    return 12 if step["status"] == "scheduled" or step["kind"] in ("reading", "telling") else 4
