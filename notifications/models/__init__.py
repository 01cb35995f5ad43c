"""Messages, attempts, outcomes, receipts and replies."""

from notifications.models.message import (
    Attempt,
    AttemptOutcome,
    Channel,
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
    "Channel",
    "Inbound",
    "Message",
    "MessageStatus",
    "OutcomeKind",
    "Purpose",
    "Receipt",
]
