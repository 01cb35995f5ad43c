"""What a set of receipts comes to, whatever the order in which they arrived. Pure.

Receipts come in any order, twice, late or never. Among final ones a rank decides; an earlier status never takes back a
later one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

#: Final statuses of the provider, the decisive one first, with what each means for our message.
FINAL = {"delivered": "delivered", "undelivered": "undelivered", "failed": "failed", "canceled": "failed"}
#: The provider has it, and it is on its way.
ON_ITS_WAY = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
#: What the provider may say besides, with the same meaning.
_ALIASES = {"read": "delivered"}


@dataclass(frozen=True)
class Said:
    """A status of the provider, with its error code where it has one."""

    status: str
    code: str = ""


def known(status: str) -> bool:
    """Whether a status is one that the provider documents for what we send."""
    return status in ON_ITS_WAY or status in FINAL or status in _ALIASES


def verdict(said: Iterable[Said]) -> Said | None:
    """Return a message's status with the code of the receipt that decides it, or None where nothing is said."""
    seen = {Said(_ALIASES.get(each.status, each.status), each.code) for each in said}
    for status, meaning in FINAL.items():
        codes = [each.code for each in seen if each.status == status]
        if codes:
            return Said(meaning, max(codes))
    return Said("sent") if any(each.status in ON_ITS_WAY for each in seen) else None
