"""Messages, the circuit, attempts, outcomes, receipts and replies."""

from notifications.models.circuit import Circuit
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
    "Circuit",
    "Inbound",
    "Message",
    "MessageStatus",
    "OutcomeKind",
    "Purpose",
    "Receipt",
]
