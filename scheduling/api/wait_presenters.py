"""What the API says of the waitlist, its offers, and the ways forward."""

from scheduling.api.presenters import as_appointment, as_slot, local
from scheduling.models import Offer, OfferKind, WaitlistEntry
from scheduling.waitlist.ways import Ways


def as_entry(entry: WaitlistEntry) -> dict[str, object]:
    """An entry, with the offers that wait for an answer."""
    return {
        "id": entry.pk,
        "status": entry.status,
        "end_reason": entry.end_reason,
        "patient": entry.patient_id,
        "episode": entry.episode_id,
        "visit_type": entry.visit_type.code,
        "instead_of": entry.visit_id,
        "zip": entry.zip,
        "within_miles": entry.within_miles,
        "centers": entry.centers,
        "earliest": entry.earliest,
        "latest": entry.latest,
        "needs": entry.needs.split(),
        "short_notice": entry.short_notice,
        "tier": entry.tier,
        "unanswered": entry.unanswered,
        "created_at": entry.created_at,
        "offers": [as_offer(each) for each in getattr(entry, "open_offers", ())],
    }


def as_offer(offer: Offer) -> dict[str, object]:
    """An offer: what is held for whom, until when; of kind ``move`` also the visit that would make room."""
    zone = offer.center.zone
    return {
        "id": offer.pk,
        "kind": offer.kind,
        "status": offer.status,
        "entry": offer.entry_id,
        "patient": offer.patient_id,
        "center": offer.center.code,
        "starts_at": local(offer.starts_at, zone),
        "hold": offer.hold_id,
        "appointment": offer.visit_id,
        "frees_at": local(offer.frees_at, zone) if offer.frees_at else None,
        "made_at": offer.made_at,
        "expires_at": offer.expires_at,
        "ended_at": offer.ended_at,
    }


def as_ways(ways: Ways) -> dict[str, object]:
    """The ways forward, each with what it takes to go it; those that do not exist now are left out."""
    episode, deadline = ways.episode, ways.deadline
    return {
        "episode": episode.pk,
        "visit_type": ways.visit_type.code if ways.visit_type else None,
        "scan_by": deadline.scan_by(episode.center.zone) if deadline else episode.scan_by,
        "result_by": deadline.result_by if deadline else episode.result_by,
        "ways": _ladder(ways),
    }


def _ladder(ways: Ways) -> list[dict[str, object]]:
    code = ways.visit_type.code if ways.visit_type else ""
    found: list[dict[str, object]] = []
    if ways.booked is not None:
        found.append({"way": "booked", "appointment": as_appointment(ways.booked)})
    if ways.near:
        found.append({"way": "slot", "slots": [as_slot(slot, code) for slot in ways.near]})
    if ways.further:
        found.append({"way": "further_away", "slots": [as_slot(slot, code) for slot in ways.further]})
    if ways.entry is not None:
        found.append({"way": "waiting", "entry": as_entry(ways.entry)})
    elif ways.may_wait:
        found.append({"way": "waitlist", "visit_type": code, "zip": ways.zip})
    if ways.movable:
        visits = [{"appointment": visit.pk, "center": visit.center.code} for visit in ways.movable]
        found.append({"way": OfferKind.MOVE, "visits": visits})
    if ways.add_ons:
        found.append({"way": "overbook", "slots": [as_slot(slot, code) for slot in ways.add_ons]})
    found.append(_last_resort(ways))
    return found


def _last_resort(ways: Ways) -> dict[str, object]:
    """What always remains: the care that was advised, the rule's fallback, or a person who calls."""
    if ways.to_care:
        return {"way": "emergency_care"}
    if ways.fallback is not None:
        return {
            "way": "fallback",
            "disposition": ways.fallback.disposition,
            "within_minutes": ways.fallback.within_minutes,
        }
    return {"way": "call"}
