"""What a scan needs before it starts: a signed order, and the side on the table as the order names it."""

from functools import partial

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.errors import DomainError, Invalid
from clinic.models import Event, Order, OrderStatus, Report, Side, Study
from clinic.rows import fetch
from clinic.services.orders import AT_ONCE, Wanted, ask_for_signature, move_order, order_of, owe_order, release_order
from scheduling.errors import OrderMissing, SideMismatch
from scheduling.models import Appointment, VisitKind
from scheduling.needs import Needs
from scheduling.services.transition import find

SCANS = (VisitKind.DVT_SCAN, VisitKind.REPEAT_SCAN)
SIDES = {
    "left_leg": Side.LEFT,
    "left_arm": Side.LEFT,
    "right_leg": Side.RIGHT,
    "right_arm": Side.RIGHT,
    "both_legs": Side.BILATERAL,
}

_LIMB = """
SELECT answers ->> 'limb' FROM triage_assessment WHERE episode_id = %(episode)s AND occasion = 'intake'
ORDER BY id DESC LIMIT 1
"""


def owe_scan_order(actor: Actor, visit: Appointment) -> None:
    """Bind an order to a scan that was booked or has arrived; where nobody has signed, a clinician's step asks."""
    if visit.visit_type.kind in SCANS and visit.step is not None:
        wanted = partial(_wanted, visit)
        owe_order(actor, step=visit.step, center=visit.center, starts_at=visit.starts_at, wanted=wanted)


def confirm_order(actor: Actor, visit: Appointment, side: str) -> None:
    """See that a scan that begins has a signed order for the side on the table.

    Raises `OrderMissing`, `SideMismatch`, and `Invalid` where the order names a side and nobody said which is on the
    table. A clinician is asked at once for what is missing.
    """
    if visit.visit_type.kind not in SCANS or visit.step is None:
        return
    if side and side not in Side.values:
        raise Invalid(fields={"side": f"Choose one of: {', '.join(Side.values)}."})
    order = order_of(visit.step)
    if order is None or order.status != OrderStatus.SIGNED:
        raise _asking(actor, visit, OrderMissing())
    if order.side and not side:
        raise Invalid(fields={"side": "Say which side is on the table, before the scan begins."})
    if order.side and order.side != side:
        raise _asking(actor, visit, SideMismatch.between(order.side, side))
    if order.step_id != visit.step_id:
        Order.objects.filter(pk=order.pk).update(step=visit.step)


def release_of_cancelled(event: Event) -> None:
    """A scan was given up, or nobody came: its order is free, and nobody is asked to sign it now."""
    visit = event.subject
    if isinstance(visit, Appointment) and visit.step_id is not None:
        release_order(SYSTEM, step_id=visit.step_id)


def move_with_visit(event: Event) -> None:
    """A scan was moved: its order is owed before the new start."""
    visit = event.subject
    if isinstance(visit, Appointment) and visit.step_id is not None:
        move_order(SYSTEM, step_id=visit.step_id, starts_at=visit.starts_at, center_id=visit.center_id)


def _asking(actor: Actor, visit: Appointment, refusal: DomainError) -> DomainError:
    """A refusal that leaves a clinician's step behind, due while the patient waits on the table."""
    refusal.afterwards = partial(_ask, actor, visit.pk)
    return refusal


def _ask(actor: Actor, appointment_id: int) -> None:
    visit = find(appointment_id)
    if visit.step is None:
        return
    owe_scan_order(actor, visit)
    order = order_of(visit.step)
    if order is not None:
        ask_for_signature(actor, order=order, center=visit.center, due_at=clock.now() + AT_ONCE)


def _wanted(visit: Appointment) -> Wanted:
    """What the scan studies: of a repeat what the last report did, or else the limb that the intake named."""
    arm = Needs.named(visit.needs).arm
    repeat = visit.visit_type.kind == VisitKind.REPEAT_SCAN
    report = Report.objects.filter(episode=visit.episode).order_by("-id").first() if repeat else None
    intakes = fetch(_LIMB, {"episode": visit.episode_id})
    limb = str(intakes[0][0] or "") if intakes else ""
    study = Study.ARM_VEINS if arm or limb.endswith("_arm") else Study.LEG_VEINS
    return Wanted(study=study, side=report.side if report else SIDES.get(limb, ""))
