"""Sunday, 02:00: a swollen leg, breathing well. No center is open; a clinician calls, and a scan follows by day."""

from datetime import datetime, time, timedelta

from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.patient import MINUTE, Someone, answers, minutes_between
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.voices import expect


def tell(cast: Cast) -> list[Line]:
    """Live through it. Raises `StoryFailed`."""
    account = Account(cast)
    patient = Someone(account, "Ines", "+13015550620")
    called = patient.calls(answers())
    called_at = datetime.fromisoformat(called["clock_started_at"])
    decision = called["decision"]
    account.say(
        "Ines calls: one leg is swollen since yesterday, she breathes well",
        decided=", then ".join(f"{each['disposition']} ({each['rule']})" for each in called["decisions"]),
    )
    expect(decision["disposition"] == "CLINICIAN_CALLBACK", "no result can be had in time at night: a clinician calls")
    step = patient.owed("callback")
    by = datetime.fromisoformat(step["due_at"])
    expect(by - called_at <= timedelta(minutes=30), "within half an hour")
    account.say("A clinician on call is paged", owed_by=local(by), owner=step["owner_role"])
    patient.wait_until(called_at + 14 * MINUTE)
    _decides(patient)
    _is_scanned_by_day(patient, called_at)
    return account.lines


def _decides(patient: Someone) -> None:
    """The clinician speaks with her: the first dose of an anticoagulant tonight, the scan within 24 hours."""
    later: dict[str, object] = {
        "disposition": "NEXT_DAY_DVT_SCAN",
        "interim_anticoagulant": "given",
        "reason": "Spoken with at night: no danger sign, first dose at home",
    }
    decided = patient.of("clinician").tell(f"triage/assessments/{patient.intake['id']}/override/", later)
    for step in patient.live("callback"):
        patient.of("clinician").tell(f"steps/{step['id']}/done/", {"outcome": "reached"})
    expect(decided["decision"]["disposition"] == "NEXT_DAY_DVT_SCAN", "a scan within 24 hours")
    patient.say("The clinician calls: anticoagulant tonight, a scan within 24 hours, 911 if breathing changes")


def _is_scanned_by_day(patient: Someone, called_at: datetime) -> None:
    slots = [slot for slot in patient.slots() if datetime.fromisoformat(slot["starts_at"]) - called_at < DAY]
    expect(slots, "a scan is free within 24 hours")
    visit = patient.books(slots[0])
    starts = datetime.fromisoformat(visit["starts_at"])
    patient.wait_until(starts - 30 * MINUTE)
    signs = {group: answers()[group] for group in ("emergency", "limb_threat")}
    asked = patient.of("clinician").tell(
        f"episodes/{patient.episode}/signs/", {"answers": signs, "occasion": "arrival"}
    )
    expect(asked["decision"] is None, "no danger sign has come up since")
    for step in patient.live("safety_check"):
        patient.of("clinician").tell(f"steps/{step['id']}/done/", {"outcome": "well"})
    patient.say("Asked again before she comes: no danger sign")
    patient.is_scanned("negative")
    patient.wait_until(patient.now() + 8 * MINUTE)
    patient.is_signed("no_dvt_complete")
    patient.is_told(in_person=True)
    patient.leaves()
    hours = minutes_between(called_at, patient.now()) / 60
    expect(hours <= 24, "she knows within a day of her call")
    patient.say("Ines is told on site: no clot", hours_since_her_call=round(hours, 1))


DAY = timedelta(hours=24)
CASE = Case(title="Sunday, 2 am: a swollen leg, breathing well", tell=tell, begins_at=time(2, 0), weekday=6)
