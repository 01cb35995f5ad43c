"""The circuit: sending stops where the provider refuses our account, and begins again after a probe. All rows stay due.

A fault of the account befalls every message: tried one by one, each would use up its tries within a minute and become a
person's. Instead one message after a pause, longer each time, asks whether the account is well again.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import in_transaction
from notifications.models import Circuit

logger = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
THE_ONE = 1


def opened() -> Circuit | None:
    """Return the circuit where it is open, else None."""
    return Circuit.objects.filter(pk=THE_ONE, opened_at__isnull=False).first()


def open_circuit(code: str, *, by_receipt: bool = False) -> datetime:
    """Stop sending because of a code; return when the next probe may leave. An open one stays as it is.

    Call it inside a transaction. What is on its way when it opens, and fails likewise, does not make the pause longer.
    """
    Circuit.objects.bulk_create([Circuit(pk=THE_ONE)], ignore_conflicts=True)
    circuit = Circuit.objects.select_for_update().get(pk=THE_ONE)
    now = clock.now()
    if circuit.probe_at is not None:
        return max(circuit.probe_at, now)
    circuit.opened_at, circuit.code, circuit.by_receipt = now, code[:24], by_receipt
    circuit.probe_at, circuit.probes = now + FIRST_PAUSE, 0
    circuit.save()
    logger.error("The provider refuses our account with code %s: sending stops, an operator must act.", code)
    events.record("sending.stopped", actor=SYSTEM, subject=circuit, codes={"code": circuit.code})
    return circuit.probe_at


def take_probe() -> bool:
    """Whether the caller may let one message try, now: one caller at each probe's time, in the caller's transaction."""
    circuit = (
        Circuit.objects.select_for_update(skip_locked=True)
        .filter(pk=THE_ONE, opened_at__isnull=False, probe_at__lte=clock.now())
        .first()
    )
    if circuit is None:
        return False
    circuit.probes += 1
    circuit.probe_at = clock.now() + min(FIRST_PAUSE * 2 ** min(circuit.probes, 10), LONGEST_PAUSE)
    circuit.save(update_fields=["probes", "probe_at"])
    return True


def not_probed() -> None:
    """The message that was to try was not to be sent: another may, at once."""
    Circuit.objects.filter(pk=THE_ONE, opened_at__isnull=False, probes__gt=0).update(
        probe_at=clock.now(), probes=F("probes") - 1
    )


def probe_passed() -> None:
    """The provider took a probe, or refused it for its own number: the account is well, where an answer can tell."""
    _close(by_receipt=False)


def arrived(sent_at: datetime) -> None:
    """A text arrived that left at ``sent_at``: the account is well, where that was after it had opened."""
    circuit = opened()
    if circuit is not None and circuit.opened_at is not None and sent_at > circuit.opened_at:
        _close(by_receipt=True)


def _close(*, by_receipt: bool) -> None:
    def work() -> None:
        circuit = Circuit.objects.select_for_update().filter(pk=THE_ONE, opened_at__isnull=False).first()
        if circuit is None or (circuit.by_receipt and not by_receipt):
            return
        code, circuit.opened_at, circuit.code = circuit.code, None, ""
        circuit.probe_at, circuit.by_receipt = None, False
        circuit.save()
        logger.warning("The provider takes our messages again: sending goes on after code %s.", code)
        events.record("sending.resumed", actor=SYSTEM, subject=circuit, codes={"code": code})

    in_transaction(work)


def by_code() -> dict[str, int]:
    """Return the code for which sending has stopped, as a figure; empty while all is well."""
    circuit = opened()
    return {circuit.code: 1} if circuit else {}
