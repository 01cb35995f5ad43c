"""What the API says of slots, visits and intakes. Visits carry the center's offset; miles have one decimal."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from clinic.models import OpeningHours, Step
from scheduling.intake import IntakeResult
from scheduling.intake.asking_again import Asked
from scheduling.models import Appointment
from scheduling.selectors.centers import CenterCard
from scheduling.selectors.search import SearchAnswer, Slot
from triage.models import Decision


def local(instant: datetime, zone: str) -> datetime:
    """An instant with the offset of a center."""
    return instant.astimezone(ZoneInfo(zone))


def as_center(card: CenterCard, hours: list[OpeningHours] | None = None) -> dict[str, object]:
    """A center, with its hours where they were asked for."""
    shown: dict[str, object] = {
        "code": card.code,
        "name": card.name,
        "street": card.street,
        "city": card.city,
        "state": card.state,
        "zip": card.zip,
        "zone": card.zone,
        "phone": card.phone,
        "arm_scans": card.arm_scans,
        "iliac_doppler": card.iliac_doppler,
        "wheelchair": card.wheelchair,
        "distance_miles": None if card.miles is None else round(card.miles, 1),
        "travel_minutes": card.travel_minutes,
    }
    if hours is not None:
        shown["hours"] = [{"weekday": row.weekday, "opens": row.opens, "closes": row.closes} for row in hours]
    return shown


def as_slot(slot: Slot, visit_type: str) -> dict[str, object]:
    """A slot: what it takes to hold it, and what it promises."""
    zone = slot.center.zone
    return {
        "visit_type": visit_type,
        "center": slot.center.code,
        "center_name": slot.center.name,
        "starts_at": local(slot.starts_at, zone),
        "ends_at": local(slot.ends_at, zone),
        "result_by": local(slot.result_by, zone),
        "meets_deadline": slot.meets_deadline,
        "distance_miles": None if slot.center.miles is None else round(slot.center.miles, 1),
        "travel_minutes": slot.center.travel_minutes,
    }


def as_answer(answer: SearchAnswer, visit_type: str, add_ons: Sequence[Slot] = ()) -> dict[str, object]:
    """A search's answer: slots, best first, why the other centers offer none, and where one could be added on."""
    return {
        "results": [as_slot(slot, visit_type) for slot in answer.slots],
        "unavailable": [
            {
                "center": each.center.code,
                "reason": each.reason,
                "distance_miles": None if each.center.miles is None else round(each.center.miles, 1),
            }
            for each in answer.unavailable
        ],
        "add_ons": [as_slot(slot, visit_type) for slot in add_ons],
        "from": answer.from_,
        "until": answer.until,
    }


def as_hold(hold: Appointment) -> dict[str, object]:
    """A hold, and until when it stands."""
    zone = hold.center.zone
    return {
        "id": hold.pk,
        "visit_type": hold.visit_type.code,
        "center": hold.center.code,
        "starts_at": local(hold.starts_at, zone),
        "ends_at": local(hold.ends_at, zone),
        "purpose": hold.hold_purpose,
        "expires_at": hold.hold_expires_at,
    }


def as_appointment(visit: Appointment) -> dict[str, object]:
    """A visit as staff see it."""
    zone = visit.center.zone
    return {
        "id": visit.pk,
        "status": visit.status,
        "visit_type": visit.visit_type.code,
        "center": visit.center.code,
        "patient": visit.patient_id,
        "episode": visit.episode_id,
        "step": visit.step_id,
        "starts_at": local(visit.starts_at, zone),
        "ends_at": local(visit.ends_at, zone),
        "sequence": visit.sequence,
        "willing_to_move": visit.willing_to_move,
        "booked_at": visit.booked_at,
        "confirmed_at": visit.confirmed_at,
        "arrived_at": visit.arrived_at,
        "started_at": visit.started_at,
        "completed_at": visit.completed_at,
        "ended_at": visit.ended_at,
        "end_reason": visit.end_reason,
        "needs": visit.needs.split(),
    }


def as_decision(decision: Decision) -> dict[str, object]:
    """One decision with its reasons."""
    return {
        "number": decision.number,
        "source": decision.source,
        "disposition": decision.disposition,
        "tier": decision.tier,
        "within_minutes": decision.within_minutes,
        "within_days": decision.within_days,
        "hold_slot": decision.hold_slot,
        "rule": decision.rule,
        **decision.scores,
        "reasons": decision.reasons,
        "site": decision.site,
        "version": decision.version,
        "by": decision.by_id,
        "override_reason": decision.override_reason,
        "interim_anticoagulant": decision.interim_anticoagulant,
        "at": decision.at,
    }


def as_intake(result: IntakeResult) -> dict[str, object]:
    """What an intake led to; ``decision`` is the one in force, ``decisions`` all of them in order."""
    episode, step = result.episode, result.step
    return {
        "id": result.assessment.pk,
        "decision": as_decision(result.decision),
        "decisions": [as_decision(decision) for decision in result.decisions],
        "patient": result.patient.pk if result.patient else None,
        "episode": episode.pk if episode else None,
        "clock_started_at": result.assessment.first_answer_at,
        "scan_by": episode.scan_by if episode else None,
        "result_by": episode.result_by if episode else None,
        "next_step": as_next_step(step),
        "hold": as_hold(result.hold) if result.hold else None,
        "questions": [question.as_dict() for question in result.questions],
    }


def as_asked(asked: Asked) -> dict[str, object]:
    """What the danger signs of a later contact led to; ``decision`` is null where no sign was there."""
    return {
        "id": asked.assessment.pk,
        "occasion": asked.assessment.occasion,
        "episode": asked.assessment.episode_id,
        "decision": as_decision(asked.decision) if asked.decision else None,
        "next_step": as_next_step(asked.step),
    }


def as_next_step(step: Step | None) -> dict[str, object] | None:
    """What must happen next."""
    return {"id": step.pk, "kind": step.kind, "due_at": step.due_at} if step else None
