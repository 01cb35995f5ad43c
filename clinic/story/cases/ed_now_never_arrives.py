"""Somebody is sent to an emergency department and never arrives: who found out, and when."""

from datetime import datetime, time

from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.patient import MINUTE, Someone, answers, minutes_between
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.voices import eventually, expect


def tell(cast: Cast) -> list[Line]:
    """Live through it. Raises `StoryFailed`."""
    account = Account(cast)
    patient = Someone(account, "Theo", "+13015550650")
    called = patient.calls(answers(limb_threat={"limb_cold": "yes"}))
    sent_at = datetime.fromisoformat(called["clock_started_at"])
    expect(called["decision"]["disposition"] == "ED_NOW", "a cold limb goes to an emergency department now")
    patient.of("representative").tell(
        f"triage/assessments/{called['id']}/whereabouts/", {"place": "At home, Greenbelt", "accompanied": False}
    )
    account.say("Theo's leg is cold: to the emergency department now. He is at home, alone")
    step = patient.owed("arrival_call")
    due = datetime.fromisoformat(step["due_at"])
    expect(minutes_between(sent_at, due) <= 60, "somebody asks within the hour whether he arrived")
    account.say("A call is owed", by=local(due), owner=step["owner_role"])
    clinician = patient.of("clinician")
    for _ in range(2):
        patient.wait_until(datetime.fromisoformat(patient.owed("arrival_call")["due_at"]) - MINUTE)
        clinician.tell(f"steps/{step['id']}/attempt/", {"outcome": "no_answer"})
        again = patient.owed("arrival_call")["due_at"]
        account.say("A clinician calls: no answer. The call stays owed", again_by=local(again))
    _is_raised(patient)
    _is_found(patient, sent_at)
    return account.lines


def _is_raised(patient: Someone) -> None:
    """The third call is forgotten: it goes up by itself."""
    due = datetime.fromisoformat(patient.owed("arrival_call")["due_at"])
    patient.wait_until(due + 2 * MINUTE)
    step = eventually(
        lambda: next((each for each in patient.live("arrival_call") if each["status"] == "escalated"), None),
        "the call that nobody made goes to who answers for it",
    )
    patient.say("Nobody has made the third call: it goes up by itself", now_with=step["owner_role"])


def _is_found(patient: Someone, sent_at: datetime) -> None:
    patient.wait_until(patient.now() + 3 * MINUTE)
    signs = {group: answers()[group] for group in ("emergency", "limb_threat")}
    signs["limb_threat"] = {**signs["limb_threat"], "limb_cold": "yes"}
    asked = patient.of("physician").tell(f"episodes/{patient.episode}/signs/", {"answers": signs, "occasion": "call"})
    expect(asked["decision"]["disposition"] in ("ED_NOW", "EMERGENCY_911"), "he is still in danger")
    found_at = patient.now()
    patient.say(
        "A physician reaches him: he never left home, and the leg is still cold. She stays on the line, and calls 911",
        minutes_since_he_was_sent=minutes_between(sent_at, found_at),
    )
    expect(minutes_between(sent_at, found_at) <= 120, "it is found out within two hours")
    patient.wait_until(patient.now() + 35 * MINUTE)
    for step in patient.live("arrival_call"):
        patient.of("physician").tell(f"steps/{step['id']}/done/", {"outcome": "arrived_at_ed"})
    patient.say("The emergency department confirms: he has arrived")
    expect(not patient.live("arrival_call"), "the calls end with his arrival, and with nothing else")
    expect(patient.live(), "his episode has a next step all the same")


CASE = Case(title="Sent to the emergency department, and never arrived", tell=tell, begins_at=time(11, 0))
