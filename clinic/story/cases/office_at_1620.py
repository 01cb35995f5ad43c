"""A doctor's office calls at 16:20 with a positive D-dimer: booked, scanned, told, before the center closes."""

from datetime import datetime, time

from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.documents import CONFIRMED, documents_of
from clinic.story.cases.patient import MINUTE, Someone, answers, minutes_between
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.voices import eventually, expect

OFFICE: dict[str, object] = {
    "name": "Dr. Rey",
    "caller": "the nurse",
    "npi": "1245319599",
    "practice": "Example Family Practice",
    "phone": "301-555-0611",
    "after_hours_phone": "301-555-0612",
    "fax": "301-555-0613",
}
ORDER: dict[str, object] = {
    "practitioner": "Dr. Rey",
    "npi": "1234567893",
    "side": "left",
    "priority": "stat",
    "d_dimer": "positive",
    "indication": "Swollen left leg, positive D-dimer",
}


def tell(cast: Cast) -> list[Line]:
    """Live through it. Raises `StoryFailed`."""
    account = Account(cast)
    patient = Someone(account, "Nora", "+13015550610")
    referred = patient.is_referred(OFFICE, ORDER, answers())
    called_at = datetime.fromisoformat(referred["clock_started_at"])
    decision = referred["decision"]
    expect(decision["disposition"] == "SAME_DAY_DVT_SCAN" and decision["tier"] == 1, "a stat order is tier 1")
    account.say("The office calls: D-dimer positive, stat", result_by=local(referred["result_by"]))
    slots = [slot for slot in patient.slots() if slot["meets_deadline"]]
    expect(slots, "a scan can be had whose result is in time, and before its center closes")
    patient.books(slots[0])
    _tell_the_time(patient)
    patient.is_scanned("negative")
    patient.wait_until(patient.now() + 8 * MINUTE)
    signed_at = patient.is_signed("no_dvt_complete")
    patient.is_told(in_person=True)
    patient.leaves()
    told_at = patient.now()
    account.say("Nora is told on site, and goes home")
    expect(minutes_between(called_at, told_at) <= 240, "the result is told within 240 minutes of the call")
    _is_in_time_for_the_close(patient, told_at)
    _reaches_the_office(patient, signed_at)
    return account.lines


def _tell_the_time(patient: Someone) -> None:
    """The office hears the time before it hangs up."""
    step = patient.owed("referrer_time")
    patient.of("representative").tell(f"steps/{step['id']}/done/", {"outcome": "office_told"})
    patient.say("The office is told the time, while it is on the line", owed_by=local(step["due_at"]))


def _is_in_time_for_the_close(patient: Someone, told_at: datetime) -> None:
    closes_at = patient.closing()
    expect(told_at < closes_at, "the result is told before the center closes")
    patient.say("In time for the close", minutes_before_it=minutes_between(told_at, closes_at))


def _reaches_the_office(patient: Someone, signed_at: datetime) -> None:
    sent = eventually(lambda: documents_of(patient, CONFIRMED), "the report reaches the office")
    expect(not patient.live("referrer"), "the confirmation ends what was owed to the office")
    patient.say(
        "The signed report came out of the office's fax machine, confirmed",
        minutes_after_the_signature=minutes_between(signed_at, sent[0]["ended_at"]),
    )


CASE = Case(title="An office calls at 16:20 with a positive D-dimer", tell=tell, begins_at=time(16, 20), weekday=2)
