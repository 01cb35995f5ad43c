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


#: What we ourselves keep of a call to a patient, as the provider asks us what to say: who took it, and the keys.
TAKEN_BY = {"human": "answered-human", "unknown": "answered-unknown"}
BY_A_MACHINE = "answered-machine"
KEYS = {key: f"pressed-{key}" for key in "0123456789*#"}
_HEARD = frozenset({TAKEN_BY["human"], *KEYS.values()})
_OURS = _HEARD | {*TAKEN_BY.values(), BY_A_MACHINE}


def verdict_of_call(said: Iterable[Said], *, to_patient: bool) -> Said | None:
    """Return what a call came to.

    A patient counts as reached only where a person took the call, or pressed a key: not a mailbox, and not where the
    provider could not ask us what to say. Who is paged is paged again anyway: any call that was taken counts.
    """
    everything = list(said)
    statuses = {each.status for each in everything}
    came_to = verdict(everything, CALL)
    if came_to is None and statuses & _OURS:
        return Said("sent")
    if came_to is None or came_to.status != "delivered" or not to_patient:
        return came_to
    if statuses & _HEARD:
        return came_to
    return Said("undelivered", "machine" if BY_A_MACHINE in statuses else "not_heard")


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
