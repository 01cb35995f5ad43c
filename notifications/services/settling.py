"""What became of a message: moved by what the provider says of it, in any order, never backwards."""

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from clinic import clock, events
from clinic.access import SYSTEM, Actor
from clinic.db import in_transaction
from clinic.models import (
    ClosingReason,
    ConsentChannel,
    Episode,
    EpisodeStatus,
    Link,
    LinkPurpose,
    Report,
    Role,
    StepKind,
)
from clinic.selectors.consent import consent_in_force
from clinic.services.consent import record_consent
from clinic.services.steps import NewStep, open_step
from notifications.models import Attempt, AttemptOutcome, Channel, Message, MessageStatus, OutcomeKind, Purpose, Receipt
from notifications.provider_codes import (
    UNREGISTERED,
    Action,
    action_of_code,
    is_of_the_account_by_receipt,
    is_of_the_sender_by_receipt,
)
from notifications.receipt_rank import TEXT, Said, verdict, verdict_of_call
from notifications.retries import keys_of_later_tries
from notifications.selectors.contacts import SPEAKER, is_asked_already
from notifications.services import calling, circuit, trying_again
from notifications.services.needs import SAID_ALL_THE_SAME
from notifications.services.owing import no_longer_owe
from notifications.ways import Way

logger = logging.getLogger(__name__)
_KEEP = """
    INSERT INTO notifications_receipt (attempt_id, provider_sid, status, code, at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (provider_sid, status) DO NOTHING
"""
#: How soon somebody reaches a patient whom a text did not reach.
PRESSING, UNPRESSING = timedelta(minutes=15), timedelta(hours=2)
_FINAL = {MessageStatus.DELIVERED, MessageStatus.UNDELIVERED, MessageStatus.FAILED}
_NOT_REACHED = {MessageStatus.UNDELIVERED, MessageStatus.FAILED}


def accepted(message: Message, sid: str, status: str) -> None:
    """The provider has the text. Receipts that came before our record count as well. The message is locked."""
    _move(message, sid, Said("queued"), Said(status))


def receive(*, attempt_id: int | None, sid: str, status: str, code: str) -> bool:
    """Keep a receipt and let it count. Return whether it was new.

    One that names no attempt of ours, and no text that we know of yet, is kept and counts as soon as we do. One that
    came before counts again: it may have come too early then.
    """

    def work() -> bool:
        attempt = _attempt_of(attempt_id, sid)
        new = _keep(attempt, sid, status, code)
        if attempt is not None:
            message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=attempt.message_id)
            _prove(attempt, sid)
            _move(message, sid)
            if new:
                _heed(message, attempt, status, code)
        return new

    return in_transaction(work)


def _keep(attempt: Attempt | None, sid: str, status: str, code: str) -> bool:
    """Write a receipt, in one statement; return whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [attempt.pk if attempt else None, sid, status, code[:12], clock.real_now()])
        return bool(cursor.rowcount == 1)


def _heed(message: Message, attempt: Attempt, status: str, code: str) -> None:
    """What a receipt says of our account and of the sender, once: told again, both may have been put in order since."""
    if is_of_the_account_by_receipt(code):
        circuit.open_circuit(code, by_receipt=True)
    elif is_of_the_sender_by_receipt(code) and attempt.sender:
        circuit.lost(message.channel, attempt.sender, code, at_once=int(code) in UNREGISTERED)
    elif status in ("delivered", "read", "completed"):
        circuit.arrived(message.channel, attempt.sender, message.sent_at or message.created_at)


def found(attempt: Attempt, *, sid: str, status: str, code: str) -> None:
    """An attempt without an answer was accepted: the provider lists its text."""

    def work() -> None:
        receive(attempt_id=attempt.pk, sid=sid, status=status, code=code)
        message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=attempt.message_id)
        accepted(message, sid, status)

    in_transaction(work)


def _attempt_of(attempt_id: int | None, sid: str) -> Attempt | None:
    """The attempt that a receipt is about: named in the signed address, or known by the provider's id."""
    named = Attempt.objects.filter(pk=attempt_id).first() if attempt_id is not None else None
    if named is not None:
        return named
    outcome = AttemptOutcome.objects.select_related("attempt").filter(provider_sid=sid).first()
    return outcome.attempt if outcome else None


def _prove(attempt: Attempt, sid: str) -> None:
    """A receipt proves that the attempt was accepted, also where its answer was lost."""
    if not AttemptOutcome.objects.filter(attempt=attempt, provider_sid=sid).exists():
        AttemptOutcome.objects.create(attempt=attempt, kind=OutcomeKind.FOUND, provider_sid=sid, at=clock.real_now())


def _move(message: Message, sid: str, *also: Said) -> None:
    """Move a message to what everything said of it comes to, whichever of its attempts it was said of."""
    rows = Receipt.objects.filter(Q(provider_sid=sid) | Q(attempt__message=message)).values_list("status", "code")
    said = [*also, *(Said(status, code) for status, code in rows)]
    is_call = message.channel == Channel.VOICE
    came_to = verdict_of_call(said, to_patient=message.staff_id is None) if is_call else verdict(said, TEXT)
    if came_to is None or (message.status in _FINAL and came_to.status == MessageStatus.SENT):
        return
    target, code = MessageStatus(came_to.status), came_to.code
    if (message.status, message.end_code) == (target, code if target in _FINAL else ""):
        return
    was_final, was_lost = message.status in _FINAL, message.status in _NOT_REACHED
    message.status = target
    message.sent_at = message.sent_at or clock.now()
    if target in _FINAL:
        message.ended_at, message.end_code = message.ended_at or clock.now(), code[:24]
    message.save(update_fields=["status", "sent_at", "ended_at", "end_code"])
    if target in _NOT_REACHED and not was_final:
        _not_reached(message, code)
    elif target == MessageStatus.DELIVERED and was_lost:
        _arrived_after_all(message)


def _arrived_after_all(message: Message) -> None:
    """It was told as lost, and arrives: what was to say the same once more, and has not left, is owed no longer; be it
    the try or the call after another one that was lost as well."""
    again = keys_of_later_tries(message.dedupe_key)
    calls = [calling.key_of_call(key) for key in (message.dedupe_key, *again)]
    no_longer_owe(Message.objects.filter(dedupe_key__in=[*again, *calls]), "arrived_after_all")


def _not_reached(message: Message, code: str) -> None:
    """A message that the provider took did not arrive: heed what its code says, and go on by the next way."""
    action = action_of_code(code)
    if action is Action.OPTED_OUT:
        opted_out(message)
    elif action is Action.OPERATOR:
        logger.error("The provider could not deliver a text, with code %s: an operator must act.", code)
    go_on(message, code or message.status)


def failed(message: Message, code: str) -> None:
    """Give a message up: the patient is reached by the next way."""
    message.status, message.ended_at, message.end_code = MessageStatus.FAILED, clock.now(), code[:24]
    message.save(update_fields=["status", "ended_at", "end_code"])
    go_on(message, code)


def not_sent(message: Message, status: MessageStatus, code: str) -> None:
    """End a message that was not sent; where it has to be said all the same, or was not wanted, a person says it."""
    message.status, message.ended_at, message.end_code = status, clock.now(), code[:24]
    message.save(update_fields=["status", "ended_at", "end_code"])
    if status == MessageStatus.SUPPRESSED or (status == MessageStatus.EXPIRED and message.purpose in SAID_ALL_THE_SAME):
        hand_to_a_person(message, f"message.{status}", code)


def for_speaker(message: Message) -> bool:
    """Whether a message is for who speaks for the patient: a link to a result, or the code for it."""
    if message.about_kind == "link":
        return Link.objects.filter(pk=message.about_id, purpose=LinkPurpose.SHARE).exists()
    return message.about_kind == "share"


def go_on(message: Message, code: str) -> None:
    """A message did not get through: try again where that helps, owe a call where it is worth it, else have a person
    take over.

    After a page nothing follows: the next one is due already, and the callback stays owed.
    """
    if message.staff_id is not None:
        _note(message, "page.failed", code)
        return
    to_speaker = for_speaker(message)
    if trying_again.owe_next_try(message, code):
        _note(message, "share.failed" if to_speaker else "message.failed", code, way=Way.AGAIN)
        return
    if to_speaker:
        _tell_speaker_otherwise(message, code)
        return
    way = calling.next_way(message, code)
    if way in (Way.CALL, Way.BOTH):
        calling.owe_call(message)
    if way in (Way.PERSON, Way.BOTH):
        hand_to_a_person(message, "message.failed", code)
    else:
        _note(message, "message.failed", code, way=way)
    if way is Way.NEXT_DUE:
        calling.bring_forward(message)


def _note(message: Message, event: str, code: str, *, actor: Actor = SYSTEM, way: str = "") -> None:
    events.record(
        event,
        actor=actor,
        episode=message.episode,
        patient=message.patient,
        subject=message,
        codes={"purpose": message.purpose, "code": code, **({"way": way} if way else {})},
    )


def hand_to_a_person(message: Message, event: str, code: str, *, actor: Actor = SYSTEM) -> None:
    """Record that a message did not get through; where an episode is open somebody reaches the patient another way.

    A page is only recorded.
    """
    if for_speaker(message):
        _tell_speaker_otherwise(message, code, actor=actor)
        return
    _note(message, event if message.staff_id is None else "page.failed", code, actor=actor)
    if message.staff_id is not None:
        return
    # Locked, so that no step is opened in an episode that is just being closed.
    mine = Episode.objects.select_for_update(no_key=True).filter(pk=message.episode_id or 0)
    if (episode := mine.filter(Q(status=EpisodeStatus.OPEN) | _told_afterwards(message)).first()) is not None:
        # What a person has told already is not pressing: how to reach them from now on is to be agreed all the same.
        pressing = message.urgent and message.purpose != Purpose.RESULT_TO_READ
        due_at = clock.now() + (PRESSING if pressing else UNPRESSING)
        if message.about_kind == "report":
            # Whoever reaches them now tells them: no machine does so meanwhile.
            rungs = Message.objects.filter(about_kind="report", about_id=message.about_id)
            no_longer_owe(rungs.filter(purpose=Purpose.RESULT_WAITING), "with_a_person")
        _ask_to_reach(episode, due_at)


def _ask_to_reach(episode: Episode, due_at: datetime, *, whom: str = "") -> None:
    """Have a representative reach the patient, or the `SPEAKER`, unless somebody is asked to. The episode is locked."""
    if is_asked_already(episode, due_at, whom=whom):
        return
    new = NewStep(
        kind=StepKind.CONTACT,
        owner_role=Role.REPRESENTATIVE,
        center_id=episode.center_id,
        due_at=due_at,
        plan_code=whom,
    )
    open_step(SYSTEM, episode=episode, new=new)


def _tell_speaker_otherwise(message: Message, code: str, *, actor: Actor = SYSTEM) -> None:
    """The link for who speaks for the patient did not get through: somebody is asked to tell them by phone.

    It says nothing of how the patient is reached. A code is asked for again by who stands before the page.
    """
    _note(message, "share.failed", code, actor=actor)
    if message.about_kind != "share":
        return
    mine = Episode.objects.select_for_update(no_key=True).filter(pk=message.episode_id or 0)
    if (episode := mine.filter(status=EpisodeStatus.OPEN).first()) is not None:
        _ask_to_reach(episode, clock.now() + UNPRESSING, whom=SPEAKER)


def _told_afterwards(message: Message) -> Q:
    """The episodes in which this is told though they are closed: a result that was sent and that nobody has told or
    opened, what of a result reaches who has no telephone, and that their visit is cancelled."""
    if message.purpose == Purpose.BOOKING_CANCELLED:
        return ~Q(closing_reason=ClosingReason.DIED)
    untold = Report.objects.filter(pk=message.about_id, result_sent_at__isnull=False, patient_told_at=None)
    if message.about_kind != "report" or (message.phone and not untold.exists()):
        return Q(pk=None)
    return ~Q(closing_reason__in=(ClosingReason.DUPLICATE, ClosingReason.DIED))


def opted_out(message: Message) -> None:
    """The provider knows of an opt-out: where we have not heard of it, it holds from now on.

    What is told late may be over: whoever agreed after this text had left is not taken for having left since.
    """
    said = consent_in_force(message.phone)
    if said is not None and (not said.granted or (message.sent_at is not None and said.at > message.sent_at)):
        return
    record_consent(
        SYSTEM,
        phone=message.phone,
        granted=False,
        channel=ConsentChannel.REPLY,
        language=message.language,
        wording="The carrier reports that this number opted out (21610).",
    )
