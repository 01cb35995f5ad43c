"""What a set of receipts comes to, whatever the order in which they arrived. Pure.

Receipts come in any order, twice, late or never. Among final ones a rank decides; an earlier status never takes back a
later one.
"""

from collections.abc import Iterable

#: Final statuses of the provider, the decisive one first.
FINAL = ("delivered", "undelivered", "failed", "canceled")
#: The provider has it, and it is on its way.
ON_ITS_WAY = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
#: What the provider may say besides, with the same meaning.
_ALIASES = {"read": "delivered"}
_MEANING = {"delivered": "delivered", "undelivered": "undelivered", "failed": "failed", "canceled": "failed"}


def known(status: str) -> bool:
    """Whether a status is one that the provider documents for what we send."""
    return status in ON_ITS_WAY or status in FINAL or status in _ALIASES


def decisive(statuses: Iterable[str]) -> str | None:
    """Return the provider's status that decides, or None where no receipt says anything."""
    seen = {_ALIASES.get(status, status) for status in statuses}
    final = next((status for status in FINAL if status in seen), None)
    return final or ("sent" if seen & ON_ITS_WAY else None)


def message_status(statuses: Iterable[str]) -> str | None:
    """Return the status of a message with these receipts, or None where they say nothing."""
    status = decisive(statuses)
    return _MEANING.get(status, status) if status else None
