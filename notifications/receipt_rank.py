"""What a set of receipts comes to, whatever the order in which they arrived. Pure.

Receipts come in any order, twice, late or never. Among final ones a rank decides; an earlier status never takes back a
later one. Texts and calls have a rank each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rank:
    """``final``: the provider's final statuses, the decisive one first, with what each means for our message.

    ``on_its_way``: the provider has it. ``aliases``: what it may say besides, with the same meaning. ``tells_why``: a
    status itself says why somebody was not reached, where no code does.
    """

    final: Mapping[str, str]
    on_its_way: frozenset[str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    tells_why: bool = False


TEXT = Rank(
    final={"delivered": "delivered", "undelivered": "undelivered", "failed": "failed", "canceled": "failed"},
    on_its_way=frozenset({"accepted", "scheduled", "queued", "sending", "sent"}),
    aliases={"read": "delivered"},
)
#: A call that was taken, be it by a machine, counts as delivered; nobody took the others.
CALL = Rank(
    final={
        "completed": "delivered",
        "busy": "undelivered",
        "no-answer": "undelivered",
        "failed": "undelivered",
        "canceled": "failed",
    },
    on_its_way=frozenset({"queued", "initiated", "ringing", "in-progress"}),
    tells_why=True,
)


@dataclass(frozen=True)
class Said:
    """A status of the provider, with its error code where it has one."""

    status: str
    code: str = ""


def known(status: str, rank: Rank = TEXT) -> bool:
    """Whether a status is one that the provider documents for what we send."""
    return status in rank.on_its_way or status in rank.final or status in rank.aliases


def verdict(said: Iterable[Said], rank: Rank = TEXT) -> Said | None:
    """Return a message's status with the code of the receipt that decides it, or None where nothing is said."""
    seen = {Said(rank.aliases.get(each.status, each.status), each.code) for each in said}
    for status, meaning in rank.final.items():
        codes = [each.code for each in seen if each.status == status]
        if codes:
            why = status if rank.tells_why and meaning != "delivered" else ""
            return Said(meaning, max(codes) or why)
    return Said("sent") if any(each.status in rank.on_its_way for each in seen) else None
