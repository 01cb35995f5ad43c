"""What is done about what somebody wrote: at once where it is plain, by a person where it is not. Never by a guess."""

from datetime import timedelta

from clinic import clock
from clinic.access import patient_actor
from clinic.errors import DomainError
from clinic.models import Patient
from clinic.selectors.patients import staying
from notifications.models import Inbound, OfferedTime
from notifications.replies import Meaning, emergency_language, provider_answers
from notifications.selectors.questions import chosen_from, knows_its_time, offered_since, time_chosen, visit_asked
from notifications.services.answers import answer
from notifications.services.conversations import ask_a_person, have_a_clinician_call, note_step, open_episodes
from notifications.services.rendering_replies import CHOOSE
from notifications.services.taking_in import take_in_a_stranger, take_into_care
from scheduling.models import Appointment, AppointmentStatus
from scheduling.selectors.step_times import waits_for_a_time
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.wanted import SlotChoice

EMERGENCY_CALLBACK = timedelta(minutes=10)
PERSON_CALLBACK = timedelta(minutes=60)


def to_an_emergency(inbound: Inbound, patients: list[Patient]) -> None:
    """Answer with 911 at once, in the language of the text, and have a clinician call everybody who may be meant.

    The answer says that we call: so where nobody of this number is in our care they are taken into it, a stranger too.
    """
    language = emergency_language(inbound.body)
    inbound.urgent = inbound.waits_for_person = True
    due_at = clock.now() + EMERGENCY_CALLBACK
    answer(inbound, patients, "reply_emergency" if patients else "reply_emergency_unknown", language=language)
    episodes = open_episodes(patients)
    for episode in episodes:
        have_a_clinician_call(inbound, episode, due_at=due_at)
    if not episodes:
        taken = (
            take_into_care(patients[0], due_at=due_at)
            if patients
            else take_in_a_stranger(inbound.phone, language=language, due_at=due_at)
        )
        if taken is not None:
            note_step(inbound, taken, taken.steps.get())


def to_a_call_for_help(inbound: Inbound, patients: list[Patient]) -> None:
    """Say who we are and whom to call, where the provider does not."""
    if not provider_answers(inbound.body, inbound.opt_out_type):
        answer(inbound, patients, "reply_help")


def to_a_stranger(inbound: Inbound) -> None:
    """Say who we are and whom to call; a person reads what they wrote."""
    answer(inbound, [], "reply_unknown")
    inbound.waits_for_person = True


def to_a_question(inbound: Inbound, meaning: Meaning, patients: list[Patient]) -> None:
    """Do what a letter or a number asks for, where it is plain what it answers; else a person does.

    Who has a number now that was another patient's answers nothing that the other one was asked.
    """
    visit = visit_asked(inbound)
    inbound.visit = visit if visit is not None and _is_theirs(visit.patient, patients) else None
    if meaning in (Meaning.CONFIRM, Meaning.CANCEL) and inbound.visit and _done(meaning, inbound, inbound.visit):
        return
    choose = meaning is Meaning.RESCHEDULE and inbound.visit is not None
    if meaning is Meaning.NUMBER:
        inbound.visit = None
        chosen = time_chosen(inbound)
        if chosen is not None and not _is_theirs(chosen.step.episode.patient, patients):
            chosen = None
        if chosen is not None and (visit := _booked(chosen)) is not None:
            inbound.visit = visit
            return
        # The time is gone: the others are one touch away.
        choose = chosen is not None and chosen_from(inbound) is not None
    ask_a_person(inbound, patients, due_at=clock.now() + PERSON_CALLBACK)
    answer(inbound, patients, CHOOSE if choose else "reply_received")


def _is_theirs(patient: Patient | None, patients: list[Patient]) -> bool:
    return patient is not None and staying(patient) in patients


def _done(meaning: Meaning, inbound: Inbound, visit: Appointment) -> bool:
    """Confirm or cancel a visit; whether that was possible. A cancelled rule-out is a clinician's call at once.

    Nobody confirms a time that they were not told, or gives a visit up by an answer to the offer of another time.
    """
    if not knows_its_time(inbound, visit) or offered_since(inbound):
        return False
    if meaning is Meaning.CONFIRM and visit.status == AppointmentStatus.CONFIRMED:
        # Asked again by a later text, and said again.
        return True
    act = visits.confirm if meaning is Meaning.CONFIRM else visits.cancel
    try:
        act(patient_actor(visit.patient_id or 0), appointment_id=visit.pk)
    except DomainError:
        # The visit has moved on: somebody tells the patient how it stands.
        return False
    return True


def _booked(chosen: OfferedTime) -> Appointment | None:
    """Book the time that was chosen for the patient to whom it was offered, or return None where it is gone."""
    step, patient = chosen.step, chosen.step.episode.patient
    if not waits_for_a_time(step):
        return None
    slot = SlotChoice(chosen.visit_type, chosen.center, chosen.starts_at)
    try:
        return book(patient_actor(patient.pk), patient=patient, slot=slot, episode=step.episode)
    except DomainError:
        return None
