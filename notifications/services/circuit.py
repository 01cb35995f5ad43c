"""Circuits: sending stops where the provider refuses our account, or by the one sender that fails. All rows stay due.

A fault of the account befalls every message: tried one by one, each would use up its tries within a minute and become a
person's. Instead one message after a pause, longer each time, asks whether the account is well again. A fault of one
sender stops that sender: the next in order takes its messages. Only where none is left does its channel stop.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from clinic import clock, events
from clinic.access import SYSTEM, Actor
from clinic.db import in_transaction
from notifications.models import Channel, Circuit
from notifications.models.circuit import OPERATOR
from notifications.senders import senders_of

logger = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
#: So many faults of different messages in a row, none of which went well between, stop a sender.
MOST_FAULTS = 5
#: The channels that need the provider.
CHANNELS = (Channel.SMS, Channel.VOICE)


@dataclass(frozen=True)
class Standing:
    """Which circuits are open at one moment."""

    account: Circuit | None
    senders: dict[tuple[str, str], Circuit]

    def well(self, channel: str) -> tuple[str, ...]:
        """The senders by which messages of a channel leave now, in order. Where none is named the provider says so."""
        if self.account is not None:
            return ()
        return tuple(each for each in senders_of(channel) or ("",) if (channel, each) not in self.senders)

    def stopped(self) -> tuple[str, ...]:
        """The channels by which nothing leaves."""
        return tuple(channel.value for channel in CHANNELS if not self.well(channel))

    def of(self, channel: str) -> list[Circuit]:
        """The open circuits of the senders of a channel, in their order."""
        found = (self.senders.get((channel, each)) for each in senders_of(channel))
        return [circuit for circuit in found if circuit is not None]


@dataclass(frozen=True)
class Choice:
    """The senders by which one message may leave now, in order; empty where nothing leaves.

    A trial, which is to show whether a sender is well again, leaves however far that sender is behind.
    """

    senders: tuple[str, ...]
    is_trial: bool = False


def standing() -> Standing:
    """Return which circuits are open now. One query."""
    found = list(Circuit.objects.filter(opened_at__isnull=False))
    account = next((each for each in found if each.of_the_account), None)
    return Standing(account, {(each.channel, each.sender): each for each in found if not each.of_the_account})


def opened() -> Circuit | None:
    """Return the circuit for which no text leaves: the account's, or the first sender's where all are stopped."""
    now = standing()
    if now.account is not None or now.well(Channel.SMS):
        return now.account
    return next(iter(now.of(Channel.SMS)), None)


def open_circuit(
    code: str, *, channel: str = "", sender: str = "", by_receipt: bool = False, actor: Actor = SYSTEM
) -> datetime:
    """Stop sending, or stop one sender, because of a code; return when the next probe may leave.

    An open one stays as it is. Call it inside a transaction. What is on its way when it opens, and fails likewise, does
    not make the pause longer.
    """
    circuit, now = _locked(channel, sender), clock.now()
    if circuit.opened_at is not None:
        return max(circuit.probe_at or now + LONGEST_PAUSE, now)
    circuit.opened_at, circuit.code, circuit.by_receipt = now, code[:24], by_receipt
    circuit.probe_at, circuit.probes = None if code == OPERATOR else now + FIRST_PAUSE, 0
    circuit.save()
    what = f"sender {sender}" if sender else "account"
    logger.error("Our %s is stopped with code %s: an operator must act.", what, circuit.code)
    kind = "sender.stopped" if sender else "sending.stopped"
    events.record(kind, actor=actor, subject=circuit, codes={"code": circuit.code})
    return circuit.probe_at or now + LONGEST_PAUSE


def _locked(channel: str, sender: str) -> Circuit:
    Circuit.objects.bulk_create([Circuit(channel=channel, sender=sender)], ignore_conflicts=True)
    return Circuit.objects.select_for_update().get(channel=channel, sender=sender)


def take_probe(now_stands: Standing) -> Circuit | None:
    """Return the circuit that one message may try now, where nothing else leaves: one caller at each probe's time.

    Call it in the transaction that takes the message.
    """
    if now_stands.account is not None:
        candidates = [now_stands.account]
    else:
        candidates = [each for channel in now_stands.stopped() for each in now_stands.of(channel)]
    return next((each for each in candidates if _take(each)), None)


def _take(circuit: Circuit) -> bool:
    due = Circuit.objects.select_for_update(skip_locked=True).filter(
        pk=circuit.pk, opened_at__isnull=False, probe_at__lte=clock.now()
    )
    if (found := due.first()) is None:
        return False
    found.probes += 1
    found.probe_at = clock.now() + min(FIRST_PAUSE * 2 ** min(found.probes, 10), LONGEST_PAUSE)
    found.save(update_fields=["probes", "probe_at"])
    return True


def not_probed(circuit_id: int) -> None:
    """The message that was to try was not to be sent: another may, at once."""
    Circuit.objects.filter(pk=circuit_id, opened_at__isnull=False, probes__gt=0, probe_at__isnull=False).update(
        probe_at=clock.now(), probes=F("probes") - 1
    )


def choose(channel: str, tried: set[str]) -> Choice:
    """Return the senders by which a message of a channel may leave now: none where all are stopped.

    ``tried`` are those that refused it as their own fault. A stopped one that the message would otherwise have left by
    is tried again at its time, where a refusal loses nothing: not where the fault shows only afterwards.
    """
    now = standing()
    well = now.well(channel)
    if not well:
        return Choice(())
    senders = tuple(each for each in well if each not in tried) or well[:1]
    first = senders[0]
    order = senders_of(channel)
    for circuit in now.of(channel):
        before = circuit.sender in order and first in order and order.index(circuit.sender) < order.index(first)
        if before and not circuit.by_receipt and circuit.sender not in tried and _take(circuit):
            return Choice((circuit.sender,), is_trial=True)
    return Choice(senders)


def probed(circuit_id: int, channel: str) -> str:
    """Return the sender by which a probe leaves: the one that is tried, or the first where it is the account."""
    circuit = Circuit.objects.filter(pk=circuit_id).first()
    if circuit is not None and not circuit.of_the_account:
        return circuit.sender
    stopped = standing().senders
    order = senders_of(channel) or ("",)
    return next((each for each in order if (channel, each) not in stopped), order[0])


def probe_passed(circuit_id: int) -> None:
    """The provider took a probe, or refused it for its own number: all is well, where an answer can tell."""
    _close(Q(pk=circuit_id), by_receipt=False)


def took(channel: str, sender: str) -> None:
    """The provider took a message of a sender: its faults in a row are over, and so is what stopped it, if told so."""
    mine = Circuit.objects.filter(channel=channel, sender=sender)
    troubled = mine.filter(Q(refusals__gt=0) | Q(opened_at__isnull=False, probes__gt=0)).first()
    if troubled is None:
        return
    mine.update(refusals=0)
    if troubled.opened_at is not None:
        _close(Q(pk=troubled.pk), by_receipt=False)


def refused(channel: str, sender: str, code: str, *, at_once: bool = False) -> bool:
    """A message was refused as it may be a sender's own fault; return whether the sender is stopped now."""
    circuit = _locked(channel, sender)
    circuit.refusals = min(circuit.refusals + 1, MOST_FAULTS)
    circuit.save(update_fields=["refusals"])
    if at_once or circuit.refusals >= MOST_FAULTS:
        open_circuit(code, channel=channel, sender=sender)
        return True
    return circuit.opened_at is not None


def lost(channel: str, sender: str, code: str, *, at_once: bool = False) -> None:
    """A message was taken and did not arrive, as it may be its sender's own fault."""
    circuit = _locked(channel, sender)
    circuit.losses = min(circuit.losses + 1, MOST_FAULTS)
    circuit.save(update_fields=["losses"])
    if at_once or circuit.losses >= MOST_FAULTS:
        open_circuit(code, channel=channel, sender=sender, by_receipt=True)


def arrived(channel: str, sender: str, sent_at: datetime) -> None:
    """A message arrived that left at ``sent_at``: account and sender are well, where they had stopped before that."""
    mine = Q(channel="", sender="") | Q(channel=channel, sender=sender)
    ours = Circuit.objects.filter(mine).filter(Q(losses__gt=0) | Q(opened_at__isnull=False))
    for circuit in ours.order_by("id"):
        if circuit.opened_at is None:
            Circuit.objects.filter(pk=circuit.pk).update(losses=0)
        elif sent_at > circuit.opened_at:
            _close(Q(pk=circuit.pk), by_receipt=True)


def _close(which: Q, *, by_receipt: bool) -> None:
    def work() -> None:
        found = Circuit.objects.select_for_update().filter(which, opened_at__isnull=False).exclude(code=OPERATOR)
        circuit = found.first()
        if circuit is not None and (by_receipt or not circuit.by_receipt):
            close(SYSTEM, circuit)

    in_transaction(work)


def close(actor: Actor, circuit: Circuit) -> None:
    """Let messages leave by an open circuit again. It is locked."""
    code, circuit.opened_at, circuit.code = circuit.code, None, ""
    circuit.probe_at, circuit.by_receipt, circuit.refusals, circuit.losses = None, False, 0, 0
    circuit.save()
    logger.warning("Sending goes on after code %s.", code)
    kind = "sending.resumed" if circuit.of_the_account else "sender.resumed"
    events.record(kind, actor=actor, subject=circuit, codes={"code": code})


def by_code() -> dict[str, int]:
    """Return the code for which no text leaves, as a figure; empty while all is well."""
    circuit = opened()
    return {circuit.code: 1} if circuit else {}


def by_sender() -> dict[str, int]:
    """Return each of our senders that is stopped, by its place in the order: ``sms 1``, ``voice 2``."""
    now = standing()
    return {
        f"{channel.value} {place}": int((channel.value, sender) in now.senders)
        for channel in CHANNELS
        for place, sender in enumerate(senders_of(channel), start=1)
    }
