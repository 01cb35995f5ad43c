"""The call of a referring office: who calls, the patient, the order, and what their clinician examined; one decision.

All or nothing is written: the intake and its episode, the office, the order, and the practice in the directory.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from clinic import clock
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.models import (
    DDimer,
    Order,
    OrderPriority,
    OrderSource,
    OrderStatus,
    Practice,
    Referrer,
    Side,
    Study,
)
from clinic.npi import REMEDY, is_npi
from clinic.selectors.orders import practice_of
from clinic.services.orders import new_order
from clinic.services.practices import keep_practice
from clinic.services.referrers import Office, office_values, record_referrer
from scheduling.intake.reading import Contact, urgent_words
from scheduling.intake.submitting import IntakeResult, submit
from scheduling.services.scan_orders import SIDES
from triage.drafts import close_draft, draft_of_call
from triage.models import Assessment

#: Who may have answered the questions: the referring office, or the patient beside it.
ANSWERERS = ("referrer", "patient")


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """The order as the office gives it on the telephone: signed, or to follow. ``side`` is that on the order."""

    practitioner: str
    npi: str
    side: str
    signed: bool = True
    priority: str = OrderPriority.URGENT
    indication: str = ""
    d_dimer: str = DDimer.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Referral:
    """All that a referring office says. ``office.npi`` is the practice's; ``office.name`` the clinician's."""

    office: Office
    order: Ordered
    contact: Contact
    answers: Mapping[str, Any]
    answered_by: str = "referrer"
    language: str = "en"
    began_at: datetime | None = None


@dataclass(frozen=True)
class Referred:
    """What it led to. Without an episode (a wrong number beside a 911 answer) there is neither referrer nor order."""

    intake: IntakeResult
    referrer: Referrer | None = None
    order: Order | None = None
    practice: Practice | None = None


def refer(actor: Actor, *, referral: Referral) -> Referred:
    """Take the call of a referring office.

    A stat order is at least tier 1. An order for another side than the limb, a wrong NPI and a number that can't be
    called are refused by field, and nothing is written. Raises what `submit` raises.
    """
    require(actor, Permission.REFER)
    known = _filled(referral)
    _check(known)
    raw = {**known.answers, "stat_order": known.order.priority == OrderPriority.STAT}
    if known.contact.birth_date and "patient" not in raw:
        raw["patient"] = {"birth_date": known.contact.birth_date.isoformat()}

    def work() -> Referred:
        intake = submit(
            actor,
            raw_answers=raw,
            language=known.language,
            answered_by=known.answered_by,
            contact=known.contact,
            first_answer_at=known.began_at,
        )
        if intake.episode is None:
            return Referred(intake)
        referrer = record_referrer(actor, episode_id=intake.episode.pk, office=known.office)
        kept = {field: getattr(referrer, field) for field in ("phone", "after_hours_phone", "fax", "direct_address")}
        practice = keep_practice(actor, npi=referrer.npi, values={**kept, "name": referrer.practice})
        order = new_order(actor, episode=intake.episode, values=_order_values(known))
        return Referred(intake, referrer, order, practice)

    return in_transaction(work)


def refer_call(actor: Actor, *, key: uuid.UUID, began_at: datetime, referral: Referral) -> Assessment:
    """The same from the page of one call: once, however often it is sent."""
    require(actor, Permission.REFER)

    def work() -> Assessment:
        draft = draft_of_call(key=key, language=referral.language, answers=referral.answers, began_at=began_at)
        if draft.assessment is not None:
            return draft.assessment
        assessment = refer(actor, referral=replace(referral, began_at=began_at)).intake.assessment
        close_draft(draft=draft, assessment=assessment)
        return assessment

    return in_transaction(work)


def _filled(referral: Referral) -> Referral:
    """Fill in from the directory what the office did not say again."""
    office = referral.office
    practice = practice_of(office.npi.strip()) if is_npi(office.npi.strip()) else None
    if practice is None:
        return referral
    filled = replace(
        office,
        practice=office.practice or practice.name,
        phone=office.phone or practice.phone,
        after_hours_phone=office.after_hours_phone or practice.after_hours_phone,
        fax=office.fax or practice.fax,
        direct_address=office.direct_address or practice.direct_address,
    )
    return replace(referral, office=filled)


def _check(referral: Referral) -> None:
    """Raise `Invalid` with every fault of office and order, by field; a danger sign beside it is said all the same."""
    wrong = _office_faults(referral.office) | _order_faults(referral.order) | _other_side(referral)
    if referral.answered_by not in ANSWERERS:
        wrong["answered_by"] = f"Choose one of: {', '.join(ANSWERERS)}."
    if wrong:
        raise Invalid(urgent_words(referral.answers), fields=wrong)


def _office_faults(office: Office) -> dict[str, str]:
    wrong = {}
    try:
        office_values(office)
    except Invalid as fault:
        wrong = {f"office.{field}": message for field, message in fault.fields.items()}
    if not office.caller.strip():
        wrong["office.caller"] = "Say who calls for the office."
    if not office.after_hours_phone.strip():
        wrong["office.after_hours_phone"] = "Give a number where somebody answers after the office closes."
    return wrong


def _order_faults(order: Ordered) -> dict[str, str]:
    wrong = {}
    if not order.practitioner.strip() or len(order.practitioner) > 120:
        wrong["order.practitioner"] = "Name who orders, in at most 120 characters."
    if not is_npi(order.npi.strip()):
        wrong["order.npi"] = REMEDY
    if len(order.indication) > 200:
        wrong["order.indication"] = "Use at most 200 characters."
    choices = {"side": Side.values, "priority": OrderPriority.values, "d_dimer": DDimer.values}
    for field, allowed in choices.items():
        if getattr(order, field) not in allowed:
            wrong[f"order.{field}"] = f"Choose one of: {', '.join(allowed)}."
    return wrong


def _other_side(referral: Referral) -> dict[str, str]:
    """An order for the other leg: somebody is wrong, and only the office knows who."""
    limb, ordered = str(referral.answers.get("limb", "")), referral.order.side
    side = SIDES.get(limb)
    if side is None or ordered == side:
        return {}
    words = f"The order is for the {ordered} side, and the limb is {limb.replace('_', ' ')}. Ask which is right."
    return {"order.side": words}


def _order_values(referral: Referral) -> dict[str, object]:
    order = referral.order
    signed: dict[str, object] = {"status": OrderStatus.SIGNED, "signed_at": clock.now()} if order.signed else {}
    arm = str(referral.answers.get("limb", "")).endswith("_arm")
    return {
        **signed,
        "source": OrderSource.REFERRED,
        "study": Study.ARM_VEINS if arm else Study.LEG_VEINS,
        "side": order.side,
        "priority": order.priority,
        "indication": order.indication.strip(),
        "d_dimer": order.d_dimer,
        "practitioner": order.practitioner.strip(),
        "npi": order.npi.strip(),
    }
