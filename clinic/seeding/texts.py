"""Texts of the seeded year: what was owed, what the provider was asked, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from django.db.models import Model

from clinic.models import Step
from clinic.seeding.ledger import BATCH
from notifications.models import Attempt, AttemptOutcome, Message, MessageStatus, OutcomeKind, Purpose, Receipt
from notifications.services.owing import dedupe_key

#: Of a thousand texts: to a number that takes none, refused by the provider, and of no use any more when it could go.
UNDELIVERED, FAILED, EXPIRED = 17, 5, 3
#: The provider's own codes: a handset that cannot be reached, and a number that cannot be texted (Twilio 30003, 21614).
UNREACHABLE, NOT_MOBILE = "30003", "21614"
SENDER = "+12025550100"
SECOND = timedelta(seconds=1)


@dataclass
class Texts:
    """Appends texts about rows that have no ids yet; `write` gives each its rows."""

    chance: Random
    owed: list[tuple[Message, Model]] = field(default_factory=list)

    def owe(self, purpose: Purpose, step: Step, about: Model, *, at: datetime, urgent: bool = False) -> Message:
        """Owe a text, and let it end in some way; return it."""
        patient = step.episode.patient
        message = Message(
            purpose=purpose,
            patient=patient,
            episode=step.episode,
            step=step,
            about_kind=type(about).__name__.lower(),
            phone=patient.phone or "",
            language=patient.language,
            urgent=urgent,
            due_at=at,
            expires_at=at + timedelta(hours=24),
            created_at=at,
        )
        _end(message, self.chance)
        self.owed.append((message, about))
        return message

    def write(self) -> None:
        """Write the texts with their attempts, outcomes and receipts. Their subjects must have been written."""
        for message, about in self.owed:
            message.about_id = about.pk
            message.dedupe_key = dedupe_key(message.purpose, message.about_kind, about.pk, 0)
        sent = Message.objects.bulk_create([message for message, _ in self.owed], BATCH)
        tried = [_attempt(message) for message in sent if message.status != MessageStatus.EXPIRED]
        Attempt.objects.bulk_create(tried, BATCH)
        AttemptOutcome.objects.bulk_create([_outcome(attempt) for attempt in tried], BATCH)
        Receipt.objects.bulk_create([_receipt(each) for each in tried if each.message.sent_at is not None], BATCH)


def _end(message: Message, chance: Random) -> None:
    drawn, at = chance.randrange(1_000), message.due_at
    message.status = MessageStatus.DELIVERED
    message.sent_at, message.ended_at = at + SECOND, at + chance.randint(2, 9) * SECOND
    if drawn < UNDELIVERED:
        message.status, message.end_code = MessageStatus.UNDELIVERED, UNREACHABLE
    elif drawn < UNDELIVERED + FAILED:
        message.status, message.sent_at, message.end_code = MessageStatus.FAILED, None, NOT_MOBILE
    elif drawn < UNDELIVERED + FAILED + EXPIRED:
        message.status, message.sent_at, message.ended_at = MessageStatus.EXPIRED, None, message.expires_at


def _attempt(message: Message) -> Attempt:
    digest = sha256(message.dedupe_key.encode()).hexdigest()
    return Attempt(message=message, number=1, body_sha256=digest, segments=1, sender=SENDER, at=message.due_at)


def _outcome(attempt: Attempt) -> AttemptOutcome:
    message = attempt.message
    if message.status == MessageStatus.FAILED:
        return AttemptOutcome(attempt=attempt, kind=OutcomeKind.REFUSED, code=message.end_code, at=attempt.at)
    return AttemptOutcome(attempt=attempt, kind=OutcomeKind.ACCEPTED, provider_sid=_sid(attempt), at=attempt.at)


def _receipt(attempt: Attempt) -> Receipt:
    message = attempt.message
    return Receipt(
        attempt=attempt,
        provider_sid=_sid(attempt),
        status=message.status,
        code=message.end_code,
        at=message.ended_at or message.due_at,
    )


def _sid(attempt: Attempt) -> str:
    return f"SM{attempt.body_sha256[:32]}"
