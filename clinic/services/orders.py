"""Orders of scans: who signs them, and the clinician's step where nobody has yet.

An order stands beside the step of the scan that it is for. The caller has locked the episode.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from clinic import clock, events, rows
from clinic.access import Actor
from clinic.db import refusing, settle
from clinic.errors import StaleState
from clinic.models import (
    LIVE_STEP,
    Center,
    Episode,
    Order,
    OrderPriority,
    OrderSource,
    OrderStatus,
    Role,
    Step,
    StepKind,
    StepStatus,
)
from clinic.services.plans import decision_where_last
from clinic.services.steps import NewStep, cancel_step, complete_step, open_step, postpone_step

#: How long before the scan's start the signature is owed: long enough for whoever is asked next.
BEFORE_START = timedelta(minutes=60)
#: What is nearer than this is owed at half time.
SHORT = timedelta(minutes=30)
#: Somebody is on the table, or at the desk.
AT_ONCE = timedelta(minutes=5)
_GIVEN_UP = (StepStatus.CANCELLED, StepStatus.MISSED)
_FOR_SCAN = """
t.episode_id = %(episode)s AND t.status <> 'amended' AND (t.step_id = %(step)s OR t.step_id IS NULL
    OR EXISTS (SELECT FROM clinic_step s WHERE s.id = t.step_id AND s.status = ANY(%(given_up)s)))
ORDER BY t.step_id IS DISTINCT FROM %(step)s, t.status <> 'signed', t.id DESC LIMIT 1
"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a scan studies, as far as the intake or the last report says: ``side`` is empty where it is not known."""

    study: str
    side: str = ""


def in_force(episode: Episode) -> QuerySet[Order]:
    """Return the episode's orders that no other one has taken the place of."""
    return Order.objects.filter(episode=episode).exclude(status=OrderStatus.AMENDED)


def order_of(step: Step) -> Order | None:
    """Return the order of a scan's step: its own, or one of the episode that is for no scan yet."""
    found = rows.read(Order, _FOR_SCAN, episode=step.episode_id, step=step.pk, given_up=list(_GIVEN_UP))
    for order in found:
        order.episode = step.episode
    return found[0] if found else None


def owe_order(actor: Actor, *, step: Step, center: Center, starts_at: datetime, wanted: Callable[[], Wanted]) -> Order:
    """Bind an order to a scan that is booked, and return it: the one that the episode has, or a new one.

    A standing protocol of the center signs it. Where none is allowed, a clinician's step is open until somebody has
    signed, due before the start. ``wanted`` is asked only where there is no order yet.
    """
    order = order_of(step) or _want(actor, step, wanted(), center)
    if order.step_id != step.pk:
        Order.objects.filter(pk=order.pk).update(step=step)
        order.step = step
    if order.status == OrderStatus.WANTED and center.standing_protocol and order.source != OrderSource.REFERRED:
        sign(actor, order, _by_protocol(center))
    elif order.status == OrderStatus.WANTED:
        ask_for_signature(actor, order=order, center=center, due_at=due_before(starts_at))
    return order


def protocol_of(center: Center) -> str:
    """Return in whose name a center's standing protocol orders."""
    return f"Standing protocol, {center.name}"


def due_before(starts_at: datetime) -> datetime:
    """Return by when an order is owed for a scan that starts then."""
    now = clock.now()
    left = starts_at - now
    if left <= AT_ONCE:
        return now + AT_ONCE
    return starts_at - BEFORE_START if left >= BEFORE_START + SHORT else now + left / 2


def ask_for_signature(actor: Actor, *, order: Order, center: Center, due_at: datetime) -> Step:
    """Open the clinician's step that asks for an order's signature, or for its amendment; one at a time."""
    asked = order.asked
    if asked is not None and asked.status in LIVE_STEP:
        return asked
    new = NewStep(kind=StepKind.ORDER, owner_role=Role.CLINICIAN, center_id=center.pk, due_at=due_at)
    step = open_step(actor, episode=order.episode, new=new)
    Order.objects.filter(pk=order.pk).update(asked=step)
    order.asked = step
    return step


def sign(actor: Actor, order: Order, values: Mapping[str, object]) -> Order:
    """Sign an order that is wanted, by one UPDATE that must change one row, and end what asked for it."""
    signing = {"status": OrderStatus.SIGNED, "signed_at": clock.now(), **values}
    changed = Order.objects.filter(pk=order.pk, status=OrderStatus.WANTED).update(**signing)
    if changed != 1:
        raise StaleState
    for name, value in signing.items():
        setattr(order, name, value)
    _tell(actor, "order.signed", order)
    end_asking(actor, order, "order_signed")
    return order


def amend_order(actor: Actor, order: Order, values: dict[str, object]) -> Order:
    """Put a signed order in the place of another one, for the same scan, and end what asked for it."""
    if Order.objects.filter(pk=order.pk, status=OrderStatus.SIGNED).update(status=OrderStatus.AMENDED) != 1:
        raise StaleState
    order.status = OrderStatus.AMENDED
    kept = {name: getattr(order, name) for name in ("step_id", "priority", "codes", "d_dimer", "asked_id")}
    now = clock.now()
    row = Order.objects.create(
        episode=order.episode,
        amends=order,
        status=OrderStatus.SIGNED,
        signed_at=now,
        created_at=now,
        recorded_by_id=actor.staff_id,
        **{**kept, **values},
    )
    _tell(actor, "order.amended", row)
    end_asking(actor, row, "order_amended")
    return row


def new_order(actor: Actor, *, episode: Episode, values: dict[str, object]) -> Order:
    """Write down an order that is for no scan yet: wanted, or signed where ``values`` say by whom and when."""
    with refusing(one_order_in_force_a_scan=StaleState):
        row = Order(episode=episode, created_at=clock.now(), recorded_by_id=actor.staff_id, **values)
        rows.insert(row)
    _tell(actor, "order.signed" if row.status == OrderStatus.SIGNED else "order.wanted", row)
    return row


def release_order(actor: Actor, *, step_id: int) -> None:
    """A scan was given up: nobody owes the signature of its order any more. The order is free for the next scan."""
    for order in Order.objects.filter(step_id=step_id).exclude(asked=None).select_related("asked", "episode"):
        if order.asked is not None and order.asked.status in LIVE_STEP:
            cancel_step(actor, step=order.asked, outcome="visit_cancelled", then=decision_where_last(order.asked))


def move_order(actor: Actor, *, step_id: int, starts_at: datetime, center_id: int) -> None:
    """A scan was moved: what asks for its order is due before the new start, of the clinicians who are there."""
    for order in Order.objects.filter(step_id=step_id).exclude(asked=None).select_related("asked"):
        if order.asked is not None and order.asked.status in LIVE_STEP:
            postpone_step(actor, step=order.asked, due_at=due_before(starts_at), center_id=center_id)


def end_asking(actor: Actor, order: Order, outcome: str) -> None:
    """End the step that asked for a signature, where one is live."""
    asked = Step.objects.select_related("episode__center").filter(pk=order.asked_id or 0, status__in=LIVE_STEP).first()
    if asked is not None:
        complete_step(actor, step=asked, outcome=outcome, then=decision_where_last(asked))
    settle()


def _by_protocol(center: Center) -> dict[str, object]:
    return {"source": OrderSource.STANDING_PROTOCOL, "practitioner": protocol_of(center)}


def _want(actor: Actor, step: Step, wanted: Wanted, center: Center) -> Order:
    """Write down a new order of a scan; where the center has a standing protocol it is signed as it is written."""
    values: dict[str, object] = {
        "step": step,
        "study": wanted.study,
        "side": wanted.side,
        "priority": OrderPriority.URGENT if step.episode.tier else OrderPriority.ROUTINE,
    }
    if center.standing_protocol:
        values |= {"status": OrderStatus.SIGNED, "signed_at": clock.now(), **_by_protocol(center)}
    return new_order(actor, episode=step.episode, values=values)


def _tell(actor: Actor, kind: str, order: Order) -> None:
    codes = {"source": order.source, "side": order.side}
    events.record(kind, actor=actor, episode=order.episode, subject=order, codes=codes)
