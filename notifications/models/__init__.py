"""Messages, the circuit, the pace, attempts, outcomes, receipts, approvals of words, conversations and documents."""

from notifications.models.approval import ApprovalWithdrawal, TemplateApproval
from notifications.models.circuit import Circuit
from notifications.models.conversation import Attended, Conversation, HeardUntil, Inbound, OfferedTime, Typed
from notifications.models.delivery import (
    Delivery,
    DeliveryAttempt,
    DeliveryOutcome,
    DeliveryReceipt,
    DeliveryStatus,
    DocumentWay,
)
from notifications.models.message import (
    Attempt,
    AttemptOutcome,
    Channel,
    Message,
    MessageStatus,
    OutcomeKind,
    Purpose,
    Receipt,
)
from notifications.models.pace import Pace

__all__ = [
    "ApprovalWithdrawal",
    "Attempt",
    "AttemptOutcome",
    "Attended",
    "Channel",
    "Circuit",
    "Conversation",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryOutcome",
    "DeliveryReceipt",
    "DeliveryStatus",
    "DocumentWay",
    "HeardUntil",
    "Inbound",
    "Message",
    "MessageStatus",
    "OfferedTime",
    "OutcomeKind",
    "Pace",
    "Purpose",
    "Receipt",
    "TemplateApproval",
    "Typed",
]
