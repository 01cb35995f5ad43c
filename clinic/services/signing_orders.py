"""Signing, amending and receiving orders: the doors' services."""

from collections.abc import Callable
from dataclasses import dataclass

from clinic import clock
from clinic.access import Actor, Permission, require, require_signature
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import (
    Episode,
    EpisodeStatus,
    Order,
    OrderPriority,
    OrderSource,
    OrderStatus,
    Side,
    StepStatus,
    Study,
)
from clinic.npi import REMEDY, is_npi
from clinic.services.orders import amend_order, in_force, new_order, sign


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What a clinician signs. ``reason`` is why a signed order is amended; empty where nothing was signed before."""

    side: str
    study: str = ""
    priority: str = ""
    indication: str = ""
    reason: str = ""
    order: int | None = None


@dataclass(frozen=True, kw_only=True)
class Received:
    """The signed order of a referring clinician, as it came in."""

    practitioner: str
    npi: str
    side: str
    study: str = ""
    priority: str = ""
    indication: str = ""
    reason: str = ""
    order: int | None = None


def sign_order(actor: Actor, *, episode_id: int, signing: Signing) -> Order:
    """Sign the order that an open episode waits for, a new one, or with a reason another one in place of the signed.

    Raises `Invalid` by field, and `Conflict` where the episode is closed, or is signed for and no reason was given.
    """
    require_signature(actor, Permission.SIGN_ORDERS)
    staff = actor.staff
    if staff is None:
        raise Forbidden("An order is signed by a person.")
    who = {"source": OrderSource.OWN_CLINICIAN, "practitioner": str(staff)[:120], "npi": staff.npi}
    return _written(actor, episode_id, signing, {**who, "signed_by": staff})


def receive_order(actor: Actor, *, episode_id: int, received: Received) -> Order:
    """Record that the signed order of the referring clinician is here. Raises as `sign_order` does."""
    require(actor, Permission.REFER)
    wrong = {}
    if not received.practitioner.strip() or len(received.practitioner) > 120:
        wrong["practitioner"] = "Name who signed, in at most 120 characters."
    if not is_npi(received.npi.strip()):
        wrong["npi"] = REMEDY
    if wrong:
        raise Invalid(fields=wrong)
    who: dict[str, object] = {
        "source": OrderSource.REFERRED,
        "practitioner": received.practitioner.strip(),
        "npi": received.npi.strip(),
        "signed_by": None,
    }
    return _written(actor, episode_id, received, who)


def _written(actor: Actor, episode_id: int, given: Signing | Received, who: dict[str, object]) -> Order:
    _check(given)

    def work() -> Order:
        episode = Episode.objects.select_for_update(no_key=True).filter(pk=episode_id).first()
        if episode is None:
            raise NotFound("No such episode.")
        if episode.status != EpisodeStatus.OPEN:
            raise Conflict("This episode is closed.", code="episode_closed")
        row = _act(episode, given)(actor, who)
        settle()
        return row

    return in_transaction(work)


def _act(episode: Episode, given: Signing | Received) -> Callable[[Actor, dict[str, object]], Order]:
    """What is to be done: sign what is wanted, amend what is signed, or write a new order down."""
    values = _values(given)
    rows = [row for row in _in_force(episode) if given.order in (None, row.pk)]
    if given.order is not None and not rows:
        raise Invalid(fields={"order": "This episode has no such order in force."})
    wanted = next((row for row in rows if row.status == OrderStatus.WANTED), None)
    if wanted is not None:
        return lambda actor, who: sign(actor, wanted, {**values, **who})
    signed = next(iter(rows), None)
    if signed is None:
        fresh = {"status": OrderStatus.SIGNED, "signed_at": clock.now()}
        return lambda actor, who: new_order(actor, episode=episode, values={**fresh, **values, **who})
    if not given.reason.strip():
        raise Conflict(
            "An order is signed already. Say why another one takes its place.",
            code="order_signed",
            fields={"reason": "Say why the signed order is amended."},
        )
    study = {"study": signed.study, "indication": signed.indication}
    amended = {**study, **values, "reason": given.reason.strip()}
    return lambda actor, who: amend_order(actor, signed, {**amended, **who})


def _in_force(episode: Episode) -> list[Order]:
    """The orders whose scan is still to come or on its way, the first one first, and those that are for none yet."""
    rows = in_force(episode).select_related("asked", "step", "episode").order_by("id")
    return [row for row in rows if row.step is None or row.step.status != StepStatus.DONE]


def _values(given: Signing | Received) -> dict[str, object]:
    """What was given, as columns: what is empty stays as it was."""
    texts = {
        "study": given.study,
        "priority": given.priority,
        "indication": given.indication.strip(),
        "side": given.side,
    }
    return {name: value for name, value in texts.items() if value}


def _check(given: Signing | Received) -> None:
    wrong = {}
    choices = {"side": Side.values, "study": ["", *Study.values], "priority": ["", *OrderPriority.values]}
    for field, allowed in choices.items():
        if getattr(given, field) not in allowed:
            wrong[field] = f"Choose one of: {', '.join(each for each in allowed if each)}."
    for field in ("indication", "reason"):
        if len(getattr(given, field)) > 200:
            wrong[field] = "Use at most 200 characters."
    if wrong:
        raise Invalid(fields=wrong)
