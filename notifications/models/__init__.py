"""Messages, attempts, outcomes, receipts and replies."""

from notifications.models.message import (
    Attempt,
    AttemptOutcome,
    Inbound,
    Message,
    MessageStatus,
    OutcomeKind,
    Purpose,
    Receipt,
)

__all__ = [
    "Attempt",
    "AttemptOutcome",
    "Inbound",
    "Message",
    "MessageStatus",
    "OutcomeKind",
    "Purpose",
    "Receipt",
]
