"""Every refusal is an event with its reason, written once what was refused has been rolled back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.core.cache import cache

from clinic import events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import DomainError
from clinic.models import ActorKind, Episode, Patient
from scheduling.models import Appointment
from scheduling.services.wanted import SlotChoice

T = TypeVar("T")
#: Who presses the same button again and again is told again and again, and written down once in so many seconds.
ONCE_IN_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asked for: what to do (``act``), and with which time, hold or visit."""

    act: str
    slot: SlotChoice | None = None
    hold_id: int | None = None
    visit_id: int | None = None
    patient: Patient | None = None
    episode: Episode | None = None

    @property
    def key(self) -> str:
        """What makes it the same as asked before."""
        slot = f"{self.slot.center.pk}@{self.slot.starts_at.isoformat()}" if self.slot else ""
        whose = f"{self.patient.pk if self.patient else ''}:{self.episode.pk if self.episode else ''}"
        return f"{self.act}:{slot}:{self.hold_id or ''}:{self.visit_id or ''}:{whose}"


def refusable(actor: Actor, asked: Asked | Callable[[], Asked], work: Callable[[], T]) -> T:
    """Run ``work`` in a transaction; where it is refused, an event says to whom, and why.

    ``asked`` may be a function, where it takes a look at the database that only a refusal needs.
    """

    def attempt() -> T:
        try:
            return work()
        except DomainError as refused:
            if refused.afterwards is None and actor.kind != ActorKind.SYSTEM:
                refused.afterwards = partial(_record, actor, asked, refused.code)
            raise

    return in_transaction(attempt)


def _record(actor: Actor, told: Asked | Callable[[], Asked], code: str) -> None:
    asked = told() if callable(told) else told
    if not cache.add(f"refused:{actor.key}:{code}:{asked.key}", True, ONCE_IN_SECONDS):
        return
    codes: dict[str, object] = {"act": asked.act, "code": code}
    if asked.slot is not None:
        codes |= {"visit": asked.slot.visit_type.code, "starts_at": asked.slot.starts_at.isoformat()}
    pk = asked.visit_id or asked.hold_id
    events.record(
        "appointment.refused",
        actor=actor,
        episode=asked.episode,
        patient=asked.patient,
        center=asked.slot.center if asked.slot else None,
        subject=Appointment(pk=pk) if pk else None,
        codes=codes,
    )
