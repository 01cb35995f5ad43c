"""The row by which a number's thread is known, and what of it waits for a person."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from clinic import clock, events
from clinic.access import SYSTEM, Actor, patient_actor
from clinic.models import LIVE_STEP, ActorKind, Episode, EpisodeStatus, Event, Patient, Role, Step, StepKind
from clinic.rows import fetch
from clinic.services.steps import NewStep, cancel_step, open_step
from notifications.models import Attended, Conversation, Inbound, Message, Purpose
from notifications.replies import Meaning
from notifications.ways import Way

#: How a step of a reply ends where the patient has chosen another time themselves.
CHOSEN = "patient_chose_a_time"
# Raw, since every step that ends asks, and few were opened by a text.
_ATTEND = """
UPDATE notifications_inbound t SET attended_at = %(at)s, attended_by_id = %(by)s, attended_as = %(how)s
WHERE t.id IN (SELECT inbound_id FROM notifications_inbound_steps WHERE step_id = %(step)s)
  AND t.waits_for_person AND t.attended_at IS NULL AND t.handled_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM notifications_inbound_steps o JOIN clinic_step s ON s.id = o.step_id
    WHERE o.inbound_id = t.id AND s.status = ANY(%(live)s)
)
"""


def conversation_with(phone: str, *, lock: bool = False) -> Conversation:
    """Return the conversation of a number, made once; locked, where two must not go on at the same time."""
    conversation, _ = Conversation.objects.get_or_create(phone=phone, defaults={"created_at": clock.now()})
    if lock:
        conversation = Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    return conversation


def open_episodes(patients: Sequence[Patient]) -> list[Episode]:
    """Return what is open for patients; an episode of a record that was merged is theirs too."""
    theirs = Q(patient__in=patients) | Q(patient__merged_into__in=patients)
    return list(Episode.objects.filter(theirs, status=EpisodeStatus.OPEN).select_related("center").order_by("id"))


def ask_a_person(inbound: Inbound, patients: Sequence[Patient], *, due_at: datetime) -> None:
    """Have a representative answer: a step in every open episode of the number. One that is owed already will do.

    Where nothing is open, and of a stranger, the text waits in the list of conversations.
    """
    for episode in open_episodes(patients):
        asked = episode.steps.filter(
            kind=StepKind.CONTACT, status__in=LIVE_STEP, due_at__lte=due_at, replies__phone=inbound.phone
        )
        step = asked.order_by("due_at").first()
        if step is None:
            step = open_step(SYSTEM, episode=episode, new=_owed(episode, StepKind.CONTACT, Role.REPRESENTATIVE, due_at))
        note_step(inbound, episode, step)
    inbound.waits_for_person = True


def have_a_clinician_call(inbound: Inbound, episode: Episode, *, due_at: datetime) -> None:
    """Have a clinician call a patient at once. A call that was asked for just now, and is owed as soon, will do."""
    asked = episode.steps.filter(
        kind=StepKind.CALLBACK, status__in=LIVE_STEP, due_at__range=(clock.now(), due_at), replies__phone=inbound.phone
    )
    step = asked.order_by("due_at").first()
    if step is None:
        step = open_step(SYSTEM, episode=episode, new=_owed(episode, StepKind.CALLBACK, Role.CLINICIAN, due_at))
    note_step(inbound, episode, step)


def note_step(inbound: Inbound, episode: Episode, step: Step) -> None:
    """Tie a text to the step that it led to: it waits for as long as one of its steps does."""
    inbound.steps.add(step)
    inbound.waits_for_person = True
    events.record("reply.received", actor=patient_actor(episode.patient_id), episode=episode, subject=step)


def attended(inbound: Inbound, actor: Actor, how: Attended) -> None:
    """Nobody waits for an answer to this text any more."""
    Inbound.objects.filter(pk=inbound.pk, attended_at=None).update(
        attended_at=clock.now(), attended_by_id=actor.staff_id, attended_as=how
    )


def register() -> None:
    """Hear how steps end, and what becomes of visits."""
    for kind in ("step.done", "step.cancelled"):
        events.subscribe(kind, step_ended)
    for kind in ("appointment.rescheduled", "appointment.cancelled"):
        events.subscribe(kind, time_chosen)
    for kind in ("message.failed", "message.suppressed", "message.expired", "message.cancelled", "message.unsettled"):
        events.subscribe(kind, answer_lost)


def step_ended(event: Event) -> None:
    """A step that a text had led to was done, or is no longer needed: with its last one the text is attended to."""
    outcome = event.codes.get("outcome")
    how = Attended(str(outcome)) if outcome in Attended.values else Attended.STEP_ENDED
    by = event.actor_id if event.actor_kind == ActorKind.STAFF else None
    ended = {"step": event.subject_id, "at": event.at, "by": by, "how": how, "live": list(LIVE_STEP)}
    fetch(_ATTEND, ended)


def time_chosen(event: Event) -> None:
    """Whoever asked for another time has chosen one, or given the visit up: nobody need call them about it.

    A visit that the system moved, as its place was gone, is not what they asked for: they still want to be called.
    """
    if event.actor_kind == ActorKind.SYSTEM:
        return
    asked = Inbound.objects.filter(
        visit=event.subject_id or 0, handled_as=Meaning.RESCHEDULE, waits_for_person=True, attended_at=None
    )
    live = Step.objects.filter(replies__in=asked, kind=StepKind.CONTACT, status__in=LIVE_STEP).distinct()
    for step in live.select_related("episode"):
        others = step.replies.filter(attended_at=None).exclude(pk__in=asked)
        if not others.exists():
            cancel_step(SYSTEM, step=step, outcome=CHOSEN)


def answer_lost(event: Event) -> None:
    """A colleague's answer did not arrive: where no episode is open, in which a step asks for a call, it waits again.

    What nobody had written for, to somebody in nobody's care, shows in the thread only. What is tried again is not
    lost.
    """
    if event.codes.get("way") == Way.AGAIN:
        return
    nobody_asked = Q(episode=None) | Q(episode__status=EpisodeStatus.CLOSED)
    message = Message.objects.filter(nobody_asked, pk=event.subject_id or 0, purpose=Purpose.STAFF_REPLY).first()
    last = Inbound.objects.filter(phone=message.phone).order_by("-received_at", "-id").first() if message else None
    if last is not None:
        Inbound.objects.filter(pk=last.pk).update(
            waits_for_person=True, attended_at=None, attended_by=None, attended_as=""
        )


def _owed(episode: Episode, kind: StepKind, role: Role, due_at: datetime) -> NewStep:
    return NewStep(kind=kind, owner_role=role, center_id=episode.center_id, due_at=due_at)
