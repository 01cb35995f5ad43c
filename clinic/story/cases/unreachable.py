"""The patient went home and can't be reached; the report is final and positive: when did the referring doctor know?"""

from datetime import time, timedelta

from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.documents import CONFIRMED, documents_of
from clinic.story.cases.office_at_1620 import OFFICE, ORDER
from clinic.story.cases.patient import MINUTE, Someone, answers, minutes_between
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.voices import eventually, expect

KNOWN_WITHIN = 30


def tell(cast: Cast) -> list[Line]:
    """Live through it. Raises `StoryFailed`."""
    account = Account(cast)
    patient = Someone(account, "Vera", "+13015550640", born="1955-08-21")
    office = {**OFFICE, "fax": "301-555-0643"}
    called = patient.is_referred(office, {**ORDER, "d_dimer": "not_done"}, answers())
    account.say("Dr. Rey's office refers Vera", result_by=local(called["result_by"]))
    patient.books(next(slot for slot in patient.slots() if slot["meets_deadline"]))
    patient.of("representative").tell(
        f"patients/{called['patient']}/emergency-contact/", {"name": "Lee Example", "phone": "301-555-0645"}
    )
    patient.is_scanned("negative")
    patient.leaves()
    account.say("The preliminary is clear, and Vera goes home")
    patient.wait_until(patient.now() + 25 * MINUTE)
    signed_at = patient.is_signed("isolated_distal_dvt")
    for wait in (2, 9, 9):
        patient.wait_until(patient.now() + wait * MINUTE)
        patient.is_told(outcome="no_answer")
        account.say("A clinician calls Vera: no answer")
    _knows(patient, signed_at)
    _is_looked_for(patient)
    return account.lines


def _knows(patient: Someone, signed_at: object) -> None:
    """The referring doctor is told by voice, and has the report: whatever becomes of the calls."""
    sent = eventually(lambda: documents_of(patient, CONFIRMED), "the report reaches the office")
    paper = minutes_between(str(signed_at), sent[0]["ended_at"])
    patient.say("The report came out of the office's fax machine", minutes_after_the_signature=paper)
    expect(patient.live("referrer"), "paper alone does not end it: a positive result is spoken as well")
    patient.is_told("referrer")
    spoken = minutes_between(str(signed_at), patient.now())
    expect(not patient.live("referrer"), "the voice ends it")
    expect(max(paper, spoken) <= KNOWN_WITHIN, f"the referring doctor knows within {KNOWN_WITHIN} minutes")
    patient.say("Dr. Rey is told by voice and reads it back: she knew", minutes_after_the_signature=spoken)


def _is_looked_for(patient: Someone) -> None:
    """Three calls in vain: the emergency contact is asked, then a clinician decides on a welfare check."""
    contact = eventually(lambda: patient.live("emergency_contact"), "somebody is asked to call the emergency contact")
    patient.is_told("emergency_contact", outcome="no_answer")
    patient.say("Her emergency contact is called, who would hear no finding", owed_by=local(contact[0]["due_at"]))
    decide = eventually(lambda: patient.live("welfare_check"), "a clinician is asked to decide on a welfare check")
    patient.of("clinician").tell(
        f"results/{patient.report}/welfare/", {"choice": "requested", "reason": "Lives alone, three calls in vain"}
    )
    patient.say("A clinician has the police look in on her", owed_by=local(decide[0]["due_at"]))
    patient.wait_until(patient.now() + timedelta(minutes=12))
    said = {"name": "Vera Example", "birth_date": patient.born}
    patient.is_told(identifiers=said, called_back=True)
    expect(not patient.live("telling"), "she is told")
    patient.say("Vera calls back, says who she is, and is told by the clinician's voice")


CASE = Case(title="The patient can't be reached, and the report is final", tell=tell, begins_at=time(10, 0))
