"""The system is down from 13:00 to 14:30: the sheet that the center keeps, the back-entry, the true clocks."""

from datetime import date, datetime, time, timedelta

import requests

from clinic.local.stack import BEAT, WEB, WORKER
from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.patient import MINUTE, Someone, answers, minutes_between
from clinic.story.cast import Cast
from clinic.story.narrator import ZONE, local
from clinic.story.voices import StoryFailed, eventually, expect

DOWN, BACK = time(13, 0), time(14, 30)
#: While nothing of the product runs nobody can move its clock: the machine's own would simply have gone on.
_GO_ON = """
from datetime import timedelta
from clinic import clock
from django.db.models import F
from scheduling.models import Pulse
clock.advance(timedelta(seconds={seconds}))
Pulse.objects.update(at=F("at") - timedelta(seconds={seconds}))
"""


def tell(cast: Cast) -> list[Line]:
    """Live through it. Raises `StoryFailed`."""
    account = Account(cast)
    patient = Someone(account, "Dora", "+13015550670")
    other = Someone(account, "Ed", "+13015550671")
    for someone in (patient, other):
        someone.calls(answers())
        someone.books(_slot_after(someone, time(13, 5)))
    down_at = datetime.combine(_day(patient), DOWN, ZONE)
    cast.wait_until(down_at - 5 * MINUTE)
    _recorded(other)
    _sheet(account, patient)
    cast.wait_until(down_at)
    _down(account, patient)
    paper = _Paper(patient)
    paper.visit(account)
    paper.result(account)
    _contradicts(other)
    return account.lines


def _slot_after(patient: Someone, hour: time) -> dict[str, object]:
    for slot in patient.slots():
        if datetime.fromisoformat(slot["starts_at"]).astimezone(ZONE).time() >= hour:
            return slot
    raise StoryFailed("a scan is free early in the afternoon")


def _day(patient: Someone) -> date:
    return datetime.fromisoformat(patient.visit["starts_at"]).astimezone(ZONE).date()


def _recorded(other: Someone) -> None:
    """Ed came early, and was checked in before it all went down."""
    other.of("sonographer").tell(f"appointments/{other.visit['id']}/check-in/")
    other.say("Ed is checked in")


def _sheet(account: Account, patient: Someone) -> None:
    """The machine at the center fetches the sheet, as it does every 15 minutes."""
    colleague = account.cast.staff("sonographer")
    url = f"{colleague.base}/api/v1/downtime-sheets/{patient.visit['center']}/"

    def fetched() -> requests.Response | None:
        answer = colleague.session.get(url, timeout=60)
        made = answer.headers.get("X-Made-At", "")
        fresh = made and account.cast.now() - datetime.fromisoformat(made) < timedelta(minutes=20)
        return answer if fresh else None

    # The moved clock made all centers' sheets old at once: they are written anew by forties, three times a minute.
    sheet = eventually(fetched, "a sheet that is not older than 20 minutes", seconds=100)
    expect(sheet.content.startswith(b"%PDF-"), "it can be printed")
    account.say("The center keeps the sheet", made=local(sheet.headers["X-Made-At"]), pages_as="PDF")


def _down(account: Account, patient: Someone) -> None:
    machine = account.cast.machine
    for part in (BEAT, WORKER, WEB):
        machine.stop(part)
    account.lines.append(Line(datetime.combine(_day(patient), DOWN, ZONE), "Everything is down"))
    account.cast.narrator.step(account.lines[-1].at, "Everything is down: the center works on paper")
    try:
        requests.get(f"{machine.web_url}/healthz", timeout=5)
    except requests.ConnectionError:
        pass
    else:
        raise StoryFailed("nothing answers")
    seconds = int((timedelta(hours=BACK.hour - DOWN.hour, minutes=BACK.minute - DOWN.minute)).total_seconds())
    machine.manage("shell", "-c", _GO_ON.format(seconds=seconds), capture=True)
    for part in (WEB, WORKER, BEAT):
        machine.start(part)
    account.say("The system is back")


class _Paper:
    """What stands on Dora's line of the sheet, in ink."""

    def __init__(self, patient: Someone) -> None:
        self.patient = patient
        starts = datetime.fromisoformat(patient.visit["starts_at"])
        self.arrived, self.started, self.ended = starts - 3 * MINUTE, starts + 2 * MINUTE, starts + 27 * MINUTE
        self.written, self.read, self.told = (self.ended + each * MINUTE for each in (4, 9, 14))

    def visit(self, account: Account) -> None:
        """Her times are entered; nobody has called her absent meanwhile."""
        visit, sonographer = self.patient.visit["id"], account.cast.staff("sonographer")
        standing = sonographer.ask(f"appointments/{visit}/")["status"]
        expect(standing in ("booked", "confirmed"), f"a patient on paper is not marked as absent, but {standing}")
        times = {"arrived_at": self.arrived, "started_at": self.started, "completed_at": self.ended}
        body: dict[str, object] = {name: at.isoformat() for name, at in times.items()}
        entered = sonographer.tell(f"appointments/{visit}/back-entry/", {**body, "side": "left"})
        expect([row["outcome"] for row in entered["entered"]] == ["applied"] * 3, "her three times are entered")
        reading = self.patient.owed("reading")
        account.say(
            "Dora's visit is entered from the paper",
            scan_ended=local(self.ended),
            recorded=local(entered["entered"][2]["recorded_at"]),
            reading_owed_by=local(reading["due_at"]),
        )
        expect(minutes_between(self.ended, reading["due_at"]) <= 60, "the reading is due by the scan's true end")

    def result(self, account: Account) -> None:
        """Her preliminary, the wet read, and what the clinician told her, each with its own time."""
        patient = self.patient
        found: dict[str, object] = {"step": patient.visit["step"], "impression": "positive", "side": "left"}
        times = {"scan_ended_at": self.ended.isoformat(), "occurred_at": self.written.isoformat()}
        entered = account.cast.staff("sonographer").tell("reports/back-entry/", {**found, **times})["entered"]
        patient.report = entered["report"]
        account.say(
            "The preliminary is entered",
            written=local(self.written),
            telling_owed_by=local(patient.owed("telling")["due_at"]),
        )
        read: dict[str, object] = {"category": "acute_proximal_dvt", "told_to": "the clinician", "read_back": True}
        account.cast.staff("physician").tell(
            f"reports/{patient.report}/wet-read/", {**read, "spoken_at": self.read.isoformat()}
        )
        call: dict[str, object] = {"audience": "patient", "outcome": "reached", "told_to": "Dora", "read_back": True}
        account.cast.staff("clinician").tell(
            f"results/{patient.report}/calls/back-entry/",
            {**call, "in_person": True, "occurred_at": self.told.isoformat()},
        )
        [report] = patient.story()["reports"]
        told = datetime.fromisoformat(report["patient_told_at"])
        expect(told == self.told, "she was told when it was spoken, not when it was typed")
        expect(not patient.live("telling"), "nobody is asked to tell her again")
        account.say(
            "The call is entered",
            told=local(told),
            minutes_from_scan_to_telling=minutes_between(self.ended, told),
            recorded=local(account.cast.now()),
        )
        self._is_logged(account)

    def _is_logged(self, account: Account) -> None:
        """The log of disclosures says when she heard it, and when that was typed."""
        log = account.cast.staff("clinician").ask(f"patients/{self.patient.intake['patient']}/disclosures/")["results"]
        line = next(each for each in log if each["ground"] == "self")
        happened, entered = (datetime.fromisoformat(line[name]) for name in ("at", "recorded_at"))
        expect(happened == self.told and entered > happened, "the log keeps both times")
        account.say("Who was told what is logged", to=line["to_whom"], happened=local(happened), entered=local(entered))


def _contradicts(other: Someone) -> None:
    """Ed's paper says another arrival than what was recorded before: a person decides."""
    later = datetime.combine(_day(other), DOWN, ZONE) + 2 * MINUTE
    entered = other.of("sonographer").tell(
        f"appointments/{other.visit['id']}/back-entry/", {"arrived_at": later.isoformat()}
    )["entered"]
    expect([row["outcome"] for row in entered] == ["conflict"], "what was recorded is not overwritten")
    decide = [step for step in other.live("decision") if step["id"] == entered[0]["step"]]
    expect(decide, "a person decides between paper and record")
    other.say(
        "Ed's paper says otherwise: a person decides", owner=decide[0]["owner_role"], by=local(decide[0]["due_at"])
    )


CASE = Case(title="Down from 1 pm to 2:30 pm", tell=tell, begins_at=time(11, 0), weekday=0)
