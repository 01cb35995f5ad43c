"""What people write back: stored as it comes, understood afterwards."""

from datetime import timedelta

from clinic import clock, events
from clinic.access import SYSTEM, patient_actor
from clinic.db import in_transaction
from clinic.errors import DomainError
from clinic.models import ConsentChannel, Episode, EpisodeStatus, Patient, Role, StepKind
from clinic.services.consent import record_consent
from clinic.services.steps import NewStep, open_step
from notifications.models import Inbound, Message, Purpose
from notifications.replies import Meaning, meaning_of
from notifications.services.owing import owe
from scheduling.models import Appointment
from scheduling.services import visits

#: A reply answers a question about a visit that we asked this number within so long.
ANSWERS_WITHIN = timedelta(days=7)
EMERGENCY_CALLBACK = timedelta(minutes=10)
PERSON_CALLBACK = timedelta(minutes=60)
ASKS = (Purpose.BOOKING_CONFIRMATION, Purpose.BOOKING_CHANGED, Purpose.VISIT_REMINDER)


def store(*, sid: str, phone: str, body: str, opt_out_type: str) -> bool:
    """Keep a text that somebody sent us; return whether it is new. The provider may deliver it twice."""
    _, new = Inbound.objects.get_or_create(
        provider_sid=sid,
        defaults={"phone": phone, "body": body, "opt_out_type": opt_out_type[:8], "received_at": clock.now()},
    )
    return new


def handle_replies() -> int:
    """Understand and act on every reply that waits, each in its own transaction; return how many."""
    waiting = Inbound.objects.filter(handled_at=None).order_by("id").values_list("pk", flat=True)[:200]
    return sum(in_transaction(lambda pk=pk: _handle(pk)) for pk in list(waiting))  # type: ignore[misc]


def _handle(inbound_id: int) -> bool:
    inbound = (
        Inbound.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=inbound_id, handled_at=None).first()
    )
    if inbound is None:
        return False
    meaning = meaning_of(inbound.body, inbound.opt_out_type)
    patients = list(Patient.objects.filter(phone=inbound.phone, merged_into=None).order_by("id"))
    if meaning in (Meaning.STOP, Meaning.START):
        _consent(inbound, granted=meaning is Meaning.START)
    elif patients and meaning is Meaning.EMERGENCY:
        _emergency(inbound, patients)
    elif patients and meaning is not Meaning.HELP:
        meaning = _about_a_visit(inbound, meaning, patients)
    Inbound.objects.filter(pk=inbound.pk).update(
        handled_at=clock.now(),
        handled_as=meaning if patients or meaning in (Meaning.STOP, Meaning.START) else "stranger",
    )
    return True


def _consent(inbound: Inbound, *, granted: bool) -> None:
    """It holds for the number, on every patient that shares it."""
    last = Message.objects.filter(phone=inbound.phone).order_by("-id").first()
    record_consent(
        SYSTEM,
        phone=inbound.phone,
        granted=granted,
        channel=ConsentChannel.REPLY,
        language=last.language if last else "en",
        wording=inbound.body[:200],
    )


def _emergency(inbound: Inbound, patients: list[Patient]) -> None:
    """Answer with 911 at once, and have a clinician call every patient of this number who is in our care."""
    _answer(inbound, patients[0])
    for episode in _open_episodes(patients):
        _step(episode, StepKind.CALLBACK, Role.CLINICIAN, EMERGENCY_CALLBACK)


def _about_a_visit(inbound: Inbound, meaning: Meaning, patients: list[Patient]) -> Meaning:
    """Do what the reply asks of the visit that we asked about; a person decides where that is not plain."""
    visits_asked = _asked_about(inbound)
    if meaning in (Meaning.CONFIRM, Meaning.CANCEL) and len(visits_asked) == 1:
        [visit] = visits_asked
        act = visits.confirm if meaning is Meaning.CONFIRM else visits.cancel
        try:
            act(patient_actor(visit.patient_id or 0), appointment_id=visit.pk)
        except DomainError:
            # The visit has moved on: somebody tells the patient how it stands.
            pass
        else:
            return meaning
    episodes = _open_episodes(patients)
    for episode in episodes:
        _step(episode, StepKind.CONTACT, Role.REPRESENTATIVE, PERSON_CALLBACK)
    if episodes:
        _answer(inbound, patients[0])
    return meaning


def _asked_about(inbound: Inbound) -> list[Appointment]:
    """Return the visits ahead that we asked this number about lately."""
    since = inbound.received_at - ANSWERS_WITHIN
    ids = Message.objects.filter(phone=inbound.phone, purpose__in=ASKS, sent_at__gt=since).values_list("about_id")
    return list(Appointment.objects.filter(pk__in=ids, status__in=("booked", "confirmed")).order_by("id")[:2])


def _open_episodes(patients: list[Patient]) -> list[Episode]:
    return list(Episode.objects.filter(patient__in=patients, status=EpisodeStatus.OPEN).order_by("id"))


def _step(episode: Episode, kind: StepKind, role: Role, within: timedelta) -> None:
    new = NewStep(kind=kind, owner_role=role, center_id=episode.center_id, due_at=clock.now() + within)
    step = open_step(SYSTEM, episode=episode, new=new)
    events.record("reply.received", actor=patient_actor(episode.patient_id), episode=episode, subject=step)


def _answer(inbound: Inbound, patient: Patient) -> None:
    owe(
        purpose=Purpose.REPLY,
        patient=patient,
        about_kind="inbound",
        about_id=inbound.pk,
        due_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
        urgent=True,
    )
