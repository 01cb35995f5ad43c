"""A positive wet read at 17:40, the center closes at 18:00, the pharmacy is shut: the first dose is taken on site."""

from datetime import datetime, time, timedelta

from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.patient import MINUTE, Someone, answers, minutes_between
from clinic.story.cast import Cast
from clinic.story.narrator import ZONE, local
from clinic.story.results.cases import CHECKLIST
from clinic.story.voices import expect

#: Annapolis closes at 18:00.
PLACE, ZIP = "C007", "21401"
SLOWEST = timedelta(minutes=60)


def tell(cast: Cast) -> list[Line]:
    """Live through it. Raises `StoryFailed`."""
    account = Account(cast)
    patient = Someone(account, "Omar", "+13015550630", zip=ZIP)
    called = patient.calls(answers())
    account.say("Omar calls", result_by=local(called["result_by"]))
    slots = [slot for slot in patient.slots() if slot["meets_deadline"] and slot["center"] == PLACE]
    expect(slots, "Annapolis has a scan in time")
    visit = patient.books(slots[-1])
    day = datetime.fromisoformat(visit["starts_at"]).astimezone(ZONE).date()
    late = datetime.combine(day, time(17, 7), ZONE)
    account.say("The scanner runs an hour late: whatever is found must still be treated here", begins=local(late))
    patient.is_scanned("positive", begins=late)
    patient.of("clinician").tell(f"results/{patient.report}/acknowledge/")
    patient.wait_until(datetime.combine(day, time(17, 40), ZONE))
    patient.is_read("acute_proximal_dvt")
    closes_at = patient.closing()
    account.say("The center closes soon, and the pharmacy is shut", closes=local(closes_at))
    patient.is_told(in_person=True)
    _is_treated(patient, closes_at)
    return account.lines


def _is_treated(patient: Someone, closes_at: datetime) -> None:
    """Nobody is sent home with a prescription that nobody fills tonight: the first dose is seen to be taken."""
    owed = patient.owed("treatment_start")
    patient.say("The start of treatment is owed", by=local(owed["due_at"]))
    patient.wait_until(patient.now() + 6 * MINUTE)
    taken_at = patient.now() - MINUTE
    dose: dict[str, object] = {
        "route": "first_dose",
        "drug": "apixaban",
        "dose_source": "starter_pack",
        "pack_lot": "LOT-4711",
        "pack_expires_on": (patient.now() + timedelta(days=300)).date().isoformat(),
        "first_dose_taken_at": taken_at.isoformat(),
        "checklist": dict.fromkeys(CHECKLIST, "clear"),
    }
    patient.of("clinician").tell(f"episodes/{patient.episode}/treatment/", dose)
    expect(not patient.live("treatment_start"), "the first dose ends what was owed, and nothing else does")
    patient.say("The first dose is taken from a starter pack, and seen", lot="LOT-4711", taken=local(taken_at))
    patient.leaves()
    patient.say(
        "Omar is released, with whom to call at any hour",
        minutes_before_the_close=minutes_between(patient.now(), closes_at),
    )
    expect(patient.now() < closes_at, "all of it is before the center closes")
    patient.is_signed("acute_proximal_dvt")
    for step in patient.live("telling"):
        expect(step is None, "what was told after the wet read need not be told again")
    begun = patient.of("clinician").ask(f"episodes/{patient.episode}/plan/")["treatment"]
    expect([row["route"] for row in begun] == ["first_dose"], "the record shows the first dose")


CASE = Case(
    title="A positive wet read at 5:40 pm, twenty minutes before the close", tell=tell, begins_at=time(15, 0), weekday=3
)
