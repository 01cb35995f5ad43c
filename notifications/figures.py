"""Which figures of texts and documents the monitoring is given: the one table of it. Counted when asked for."""

from clinic import metrics
from notifications.selectors import approvals, documents, figures, messages
from notifications.services import circuit, pacing

#: Name → (what it says, its label, the figures by label).
FIGURES: dict[str, tuple[str, str, metrics.Figures]] = {
    "ruleout_messages": ("Messages by status.", "status", messages.by_status),
    "ruleout_messages_due": ("Messages due now that have not left.", "priority", figures.queue_depth),
    "ruleout_messages_due_seconds": ("For how long the oldest has been due.", "priority", figures.queue_age),
    "ruleout_messages_ended_day": ("Messages that ended within a day.", "code", figures.ended_by_code),
    "ruleout_messages_ended_share": ("Of these the share by how they ended.", "code", figures.share_by_code),
    "ruleout_messages_unsettled": ("Calls to the provider without a known end.", "status", figures.unknowns),
    "ruleout_messages_unsettled_seconds": ("For how long the oldest is so.", "status", figures.unknown_age),
    "ruleout_conversations_waiting": ("Texts that wait for a person.", "priority", figures.unanswered),
    "ruleout_conversations_waiting_seconds": ("For how long the oldest waits.", "priority", figures.unanswered_age),
    "ruleout_opt_outs_day": ("Opt-outs within a day.", "channel", figures.opt_outs),
    "ruleout_documents": ("Documents to referring offices by status.", "status", documents.by_status),
    "ruleout_documents_unconfirmed_seconds": (
        "For how long the oldest that may still arrive has been owed.",
        "way",
        documents.oldest_unconfirmed,
    ),
    "ruleout_texts_unapproved": ("Templates whose words wait for an approval.", "language", approvals.waiting),
    "ruleout_sending_stopped": ("1 while the provider refuses us.", "code", circuit.by_code),
    "ruleout_sender_stopped": ("1 while a sender is stopped, by its place in the order.", "sender", circuit.by_sender),
    "ruleout_sender_rate": ("Segments a second that a sender may send, by its place.", "sender", pacing.rate_by_place),
    "ruleout_sender_behind_seconds": (
        "For how long what was handed over keeps a sender busy, where it has a rate.",
        "sender",
        pacing.behind_by_place,
    ),
}


def register() -> None:
    """Have them counted."""
    for name, (explanation, label, counts) in FIGURES.items():
        metrics.register(name, explanation, label, counts)
