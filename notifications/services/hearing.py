"""What people write back: stored as it comes, understood afterwards."""

import logging
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import Q

from clinic import clock, events
from clinic.access import SYSTEM, patient_actor
from clinic.db import in_transaction
from clinic.errors import DomainError
from clinic.models import Center, ConsentChannel, Episode, EpisodeKind, EpisodeStatus, Patient, Role, StepKind
from clinic.services.consent import record_consent
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep, open_step
from notifications.models import Inbound, Message, MessageStatus, Purpose
from notifications.replies import Meaning, meaning_of
from notifications.services.owing import owe
from scheduling.models import Appointment, AppointmentStatus
from scheduling.selectors.centers import nearest_centers
from scheduling.services import visits

logger = logging.getLogger(__name__)
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
    return sum(_handle_whatever_happens(pk) for pk in list(waiting))


def _handle_whatever_happens(inbound_id: int) -> bool:
    """Handle one reply so that a fault in it does not hold up the others; it is tried again with every sweep."""
    try:
        return in_transaction(lambda: _handle(inbound_id))
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the next reply may be an emergency
        logger.error("Reply %s can't be handled: %s", inbound_id, type(error).__name__)  # noqa: TRY400
        return False


def _handle(inbound_id: int) -> bool:
    inbound = (
        Inbound.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=inbound_id, handled_at=None).first()
    )
    if inbound is None:
        return False
    meaning = meaning_of(inbound.body, inbound.opt_out_type)
    patients = _patients(inbound)
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


def _patients(inbound: Inbound) -> list[Patient]:
    """Everybody who may have written: whoever has the number, in a record that stands or in one merged into it."""
    theirs = Q(phone=inbound.phone) | Q(merged__phone=inbound.phone)
    return list(Patient.objects.filter(theirs, merged_into=None).order_by("id").distinct())


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
    """Answer with 911 at once, and have a clinician call every patient of this number who is in our care.

    The answer says that we call, so where nobody of this number is in our care any more the patient is taken into it.
    """
    _answer(inbound, patients[0])
    episodes = _open_episodes(patients)
    for episode in episodes:
        _step(episode, StepKind.CALLBACK, Role.CLINICIAN, EMERGENCY_CALLBACK)
    if not episodes:
        _take_into_care(patients[0])


def _take_into_care(patient: Patient) -> None:
    """Open an episode that begins with a clinician's call, at the center that knows the patient or the nearest one."""
    last = Episode.objects.filter(patient=patient).select_related("center").order_by("-opened_at").first()
    center = last.center if last else Center.objects.get(pk=nearest_centers(near_zip=patient.zip)[0].id)
    episode = open_episode(
        SYSTEM,
        patient=patient,
        kind=EpisodeKind.CONSULT,
        center=center,
        clock_started_at=clock.now(),
        first_steps=[_new_step(center.pk, StepKind.CALLBACK, Role.CLINICIAN, EMERGENCY_CALLBACK)],
    )
    events.record("reply.received", actor=patient_actor(patient.pk), episode=episode, subject=episode.steps.get())


def _about_a_visit(inbound: Inbound, meaning: Meaning, patients: list[Patient]) -> Meaning:
    """Do what the reply asks of the visit that we asked about; a person decides where that is not plain."""
    visits_asked = _asked_about(inbound)
    if meaning in (Meaning.CONFIRM, Meaning.CANCEL) and len(visits_asked) == 1:
        [visit] = visits_asked
        if meaning is Meaning.CONFIRM and visit.status == AppointmentStatus.CONFIRMED:
            # Asked again by a later text, and said again.
            return meaning
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
    """Return the visits ahead that we asked this number about lately. A reply may be faster than the receipt."""
    lately = Q(sent_at__gt=inbound.received_at - ANSWERS_WITHIN)
    asked = lately | Q(status__in=(MessageStatus.SENDING, MessageStatus.UNKNOWN))
    ids = Message.objects.filter(asked, phone=inbound.phone, purpose__in=ASKS).values_list("about_id")
    return list(Appointment.objects.filter(pk__in=ids, status__in=("booked", "confirmed")).order_by("id")[:2])


def _open_episodes(patients: list[Patient]) -> list[Episode]:
    """Return what is open for them; an episode of a record that was merged is theirs too."""
    theirs = Q(patient__in=patients) | Q(patient__merged_into__in=patients)
    return list(Episode.objects.filter(theirs, status=EpisodeStatus.OPEN).order_by("id"))


def _new_step(center_id: int, kind: StepKind, role: Role, within: timedelta) -> NewStep:
    return NewStep(kind=kind, owner_role=role, center_id=center_id, due_at=clock.now() + within)


def _step(episode: Episode, kind: StepKind, role: Role, within: timedelta) -> None:
    step = open_step(SYSTEM, episode=episode, new=_new_step(episode.center_id, kind, role, within))
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
        phone=inbound.phone,
    )
