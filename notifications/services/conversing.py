"""Staff answer in a conversation, or say that it is taken care of. Who did is kept with it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import LIVE_STEP, Episode, Patient, StepKind
from clinic.selectors.consent import may_text, opted_out
from clinic.services import worklist
from notifications.models import Attended, Conversation, Inbound, Purpose, Typed
from notifications.quiet_hours import next_allowed
from notifications.selectors.conversations import last_heard, patients_of, waiting_in
from notifications.selectors.zones import zones_of_phone
from notifications.services.conversations import attended, conversation_with, open_episodes
from notifications.services.owing import owe, owed
from notifications.typed_words import Measured, measure
from notifications.wording import template

#: Whoever wrote so lately is awake and waits: an answer passes the night. Later ones wait for the morning.
AWAKE = timedelta(hours=1)
GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Departure:
    """When a text would leave, and whether it waits because it is night there."""

    at: datetime
    waits_for_day: bool


def converse_with(actor: Actor, *, patient_id: int) -> Conversation:
    """Return the conversation with a patient's number. Raises `NotFound`."""
    require(actor, Permission.READ_CONVERSATIONS)
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        raise NotFound("There is no such patient.")
    number = patient.phone
    if number is None:
        raise Conflict(
            "This patient has no telephone. How they are reached stands on the patient's page.", code="no_phone"
        )
    return in_transaction(lambda: conversation_with(number))


def say(
    actor: Actor,
    *,
    conversation_id: int,
    words: str,
    patient_id: int | None = None,
    key: uuid.UUID | None = None,
    seen: int | None = None,
) -> Typed:
    """Owe a text in a member of staff's own words, and end what waits for it. The same form sent twice says it once.

    What came after the last text that they have ``seen`` (its id, 0 of none) waits on; unsaid, all counts as read.
    Raises `Invalid` for words that no text may hold, or that are too long, and where it is not said for which of those
    who share the number it is; `Conflict` where the number wants no texts, or has never agreed to one.
    """
    require(actor, Permission.CONVERSE)
    author = _author(actor)

    def work() -> Typed:
        conversation = _locked(conversation_id)
        if key and (said := Typed.objects.filter(key=key).first()) is not None:
            return said
        patients = patients_of(conversation.phone)
        fit = _fit_to_send(patients, words)
        _refuse_unwanted(conversation)
        patient = _whose(patients, patient_id)
        typed = Typed.objects.create(
            conversation=conversation,
            patient=patient,
            words=fit,
            author_id=author,
            key=key or uuid.uuid4(),
            at=clock.now(),
        )
        episode = _owe(typed, conversation, patient)
        events.record("message.typed", actor=actor, episode=episode, patient=patient, subject=typed)
        _attend(actor, conversation, Attended.ANSWERED, _unread(conversation, seen))
        return typed

    return in_transaction(work)


def mark_handled(actor: Actor, *, conversation_id: int, seen: int | None = None) -> Conversation:
    """Say that what waits in a conversation is taken care of: by a call, or since it needs nothing.

    Raises `Conflict` where nothing waits, where something came after the last text that they have ``seen``, and where a
    clinician's call is still owed: that ends with the call.
    """
    require(actor, Permission.CONVERSE)
    if actor.staff_id is None:
        raise Forbidden("Only a member of staff may say so.")

    def work() -> Conversation:
        conversation = _locked(conversation_id)
        if not waiting_in(conversation.phone).exists():
            raise Conflict("Nothing waits in this conversation.", code="nothing_waits")
        if _unread(conversation, seen):
            raise Conflict("They have written once more meanwhile. Read it first.", code="wrote_meanwhile")
        _attend(actor, conversation, Attended.HANDLED, [])
        if waiting_in(conversation.phone).exists():
            raise Conflict(
                "A clinician's call is owed here: end that step once the patient was reached.", code="callback_owed"
            )
        return conversation

    return in_transaction(work)


def _author(actor: Actor) -> int:
    """Who writes a text, by name. Raises `Forbidden` for a program."""
    if actor.staff_id is None:
        raise Forbidden("Only a member of staff may answer: a text has the name of whoever wrote it.")
    return actor.staff_id


def _fit_to_send(patients: list[Patient], words: str) -> str:
    """The words as they leave. Raises `Invalid` with all that is wrong with them."""
    measured = measured_for(patients, words)
    if measured.faults:
        raise Invalid(fields={"words": " ".join(measured.faults)})
    return measured.words


def measured_for(patients: list[Patient], words: str) -> Measured:
    """How words would leave to a number that these patients have."""
    head = template("staff_reply", "en").partition("{words}")[0].format(clinic=settings.CLINIC_SHORT_NAME)
    names = tuple((patient.given_name, patient.family_name) for patient in patients)
    born = tuple(patient.birth_date for patient in patients if patient.birth_date is not None)
    return measure(words, head=head, names=names, born=born)


def departure(phone: str, patient: Patient | None) -> Departure:
    """When a text that is typed now would leave. Nobody is woken by an answer to what they wrote hours ago."""
    now, heard = clock.now(), last_heard(phone)
    awake = heard is not None and heard > now - AWAKE
    by_day = next_allowed(now, zones_of_phone(phone, patient))
    at = now if awake else by_day
    return Departure(at, waits_for_day=at > now)


def _owe(typed: Typed, conversation: Conversation, patient: Patient | None) -> Episode | None:
    """Owe the text. What can't be delivered is a person's step in the episode that is open."""
    leaves = departure(conversation.phone, patient)
    episode = open_episodes([patient])[-1:] if patient else []
    owe(
        owed(
            purpose=Purpose.STAFF_REPLY,
            patient=patient,
            about_kind="typed",
            about_id=typed.pk,
            due_at=leaves.at,
            expires_at=leaves.at + GOOD_FOR,
            # A person wrote it to a person: the caps are for what machines send.
            urgent=True,
            episode=episode[0] if episode else None,
            phone=conversation.phone,
            language=patient.language if patient else "en",
        )
    )
    return episode[0] if episode else None


def _unread(conversation: Conversation, seen: int | None) -> list[int]:
    """The ids of what waits in a conversation and came after the last text that somebody has read."""
    waiting = waiting_in(conversation.phone).values_list("pk", flat=True)
    return [] if seen is None else [pk for pk in waiting if pk > seen]


def _attend(actor: Actor, conversation: Conversation, how: Attended, unread: list[int]) -> None:
    """End the steps by which somebody was asked to answer. A clinician's call goes on until it was made, and so does a
    step that is owed for what nobody has read."""
    for inbound in waiting_in(conversation.phone).exclude(pk__in=unread):
        asked = inbound.steps.filter(kind=StepKind.CONTACT, status__in=LIVE_STEP).exclude(replies__in=unread)
        for step in asked.order_by("id"):
            worklist.finish(actor, step_id=step.pk, outcome=how.value)
        if not inbound.steps.filter(status__in=LIVE_STEP).exists():
            attended(inbound, actor, how)


def _locked(conversation_id: int) -> Conversation:
    found = Conversation.objects.select_for_update(no_key=True).filter(pk=conversation_id).first()
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def _refuse_unwanted(conversation: Conversation) -> None:
    if opted_out(conversation.phone):
        raise Conflict("This number wants no texts. Call instead.", code="opted_out")
    wrote = Inbound.objects.filter(phone=conversation.phone).exists()
    if not wrote and not may_text(conversation.phone):
        raise Conflict(
            "Nobody with this number has agreed to texts. Call, and ask whether they want them.", code="no_consent"
        )


def _whose(patients: list[Patient], patient_id: int | None) -> Patient | None:
    """For which of those who have the number a text is; None for a stranger's."""
    if patient_id is None and len(patients) <= 1:
        return patients[0] if patients else None
    found = next((patient for patient in patients if patient.pk == patient_id), None)
    if found is None:
        raise Invalid(fields={"patient": "Say for which of the patients with this number the text is."})
    return found
