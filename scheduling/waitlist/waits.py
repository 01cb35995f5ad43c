"""Who waits, for what, in which order, and which times could be offered to them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from clinic import clock
from clinic.errors import NotFound
from clinic.geography import haversine_miles, travel_minutes
from clinic.models import Center, Episode, ZipCode
from scheduling.intake.deciding import TO_EMERGENCY_CARE
from scheduling.intake.reading import needs_of
from scheduling.models import (
    TAKES_TIME,
    Appointment,
    AppointmentStatus,
    EntryStatus,
    Offer,
    OfferKind,
    OfferStatus,
    WaitlistEntry,
)
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.covered import is_covered
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.search import MOST_DAYS, Slot, search
from scheduling.slots import Deadline
from scheduling.states import MOVABLE
from scheduling.visit_types import shape_of
from scheduling.waiting import NOTICE, Waiter, answer_by, rank
from triage.models import Assessment
from triage.selectors import answers_of, decision_in_force, decisions_of, intake_of

#: How many slots are looked at for one entry.
LOOKED_AT = 40
#: Where nobody's clock can be read: the zone of most centers.
NO_ZONE = "America/New_York"


def deadline_of(episode: Episode) -> Deadline | None:
    """Return the clinical clock of an episode's rule-out; None where it has none.

    A fallback to a call takes the tier off the episode, but not the need for a scan: then the tier that the answers
    asked for counts, and the clock of the first answer, which nothing restarts. Whoever was sent to emergency care, or
    whom a clinician took the suspicion from, has none.
    """
    if episode.tier:
        return Deadline(episode.tier, episode.clock_started_at)
    assessment = intake_of(episode)
    last = decision_in_force(assessment) if assessment else None
    if assessment is None or last is None or last.disposition != "CLINICIAN_CALLBACK":
        return None
    tiers = assessment.decisions.exclude(tier=None).order_by("-number").values_list("tier", flat=True)
    tier = tiers.first()
    return Deadline(tier, episode.clock_started_at) if tier else None


def sent_to_emergency_care(episode: Episode) -> bool:
    """Whether the last decision of an episode is emergency care."""
    decisions = decisions_of(episode)
    return bool(decisions) and decisions[0].disposition in TO_EMERGENCY_CARE


def needs_for(episode: Episode) -> Needs:
    """Return what the rule-out of an episode needs of a center, and its patient."""
    assessment: Assessment | None = intake_of(episode)
    study = needs_of(answers_of(assessment)) if assessment else NO_NEEDS
    return study | needs_of_patient(episode.patient_id)


def needs_of_wait(waiting: WaitlistEntry) -> Needs:
    """Return what a center must have: what was asked for, and what was recorded of the patient since."""
    return Needs.named(waiting.needs) | needs_of_patient(waiting.patient_id)


def zone_of(zip: str) -> str:
    """Return the zone of a ZIP code."""
    place = ZipCode.objects.filter(pk=zip).first()
    return place.zone if place else NO_ZONE


def way_to(center: Center, zip: str) -> timedelta:
    """Return how long somebody in a ZIP code takes to a center."""
    place = ZipCode.objects.filter(pk=zip).first()
    if place is None:
        return timedelta(0)
    miles = haversine_miles((place.latitude, place.longitude), (center.latitude, center.longitude))
    return timedelta(minutes=travel_minutes(miles))


def shown_entries() -> QuerySet[WaitlistEntry]:
    """Entries with all that a line or a document shows of them."""
    open_offers = Offer.objects.filter(status=OfferStatus.OPEN).select_related("center", "hold", "patient", "visit")
    return WaitlistEntry.objects.select_related(
        "patient", "episode__center", "episode__patient", "visit_type", "visit__center"
    ).prefetch_related(Prefetch("offers", queryset=open_offers, to_attr="open_offers"))


def entry(entry_id: int) -> WaitlistEntry:
    """Return an entry, or raise `NotFound`."""
    found = shown_entries().filter(pk=entry_id).first()
    if found is None:
        raise NotFound("There is no such entry on the waitlist.")
    return found


def offer(offer_id: int) -> Offer:
    """Return an offer, or raise `NotFound`."""
    rows = Offer.objects.select_related(
        "center", "hold", "patient", "visit__visit_type", "visit__center", "entry__episode", "entry__visit_type", "step"
    )
    found = rows.filter(pk=offer_id).first()
    if found is None:
        raise NotFound("There is no such offer.")
    return found


def as_waiter(waiting: WaitlistEntry) -> Waiter:
    """Return an entry as the pure rules rank it."""
    due_at = (waiting.deadline.result_by if waiting.deadline else waiting.latest) if waiting.urgent else None
    return Waiter(waiting.pk, due_at, waiting.unanswered, waiting.created_at)


def in_line(entries: QuerySet[WaitlistEntry]) -> list[WaitlistEntry]:
    """Return entries in the order in which they are served."""
    return sorted(entries, key=lambda each: rank(as_waiter(each)))


def who_waits() -> QuerySet[WaitlistEntry]:
    """Everybody who waits."""
    return shown_entries().filter(status=EntryStatus.WAITING)


def offerable(waiting: WaitlistEntry) -> Iterator[tuple[Slot, datetime]]:
    """Yield the times that can be offered to an entry now, best first, each with until when the offer would stand.

    A rule-out's are in time. Nothing is offered twice, nor at the hour of another visit of theirs, nor later than the
    visit that they would give up.
    """
    now = clock.now()
    asked_before = set(waiting.offers.values_list("center_id", "starts_at"))
    taken = _own_times(waiting)
    for slot in _found(waiting, now):
        if (slot.center.id, slot.starts_at) in asked_before or slot.meets_deadline is False:
            continue
        if waiting.visit is not None and slot.starts_at >= waiting.visit.starts_at:
            continue
        if any(starts_at < slot.ends_at and slot.starts_at < ends_at for starts_at, ends_at in taken):
            continue
        until = answer_by(
            now,
            starts_at=slot.starts_at,
            way=timedelta(minutes=slot.center.travel_minutes or 0),
            urgent=waiting.urgent,
            short_notice=waiting.short_notice,
        )
        if until is not None:
            yield slot, until


def willing_visits(waiting: WaitlistEntry) -> list[Appointment]:
    """Return the routine visits that could make room for a rule-out, the soonest first.

    Their patients said that they are willing; they take what a rule-out takes, for at least as long, in time and in
    reach; and nobody asks the same patient twice for the same person.
    """
    now = clock.now()
    kind, deadline = waiting.visit_type, waiting.deadline
    if not waiting.urgent:
        return []
    scan_by = deadline.scan_by(zone_of(waiting.zip)) if deadline else waiting.latest
    if waiting.visit is not None:
        # Only what is sooner than what they have.
        scan_by = min(scan_by, waiting.visit.starts_at - timedelta(minutes=1))
    # By this person before, or by anybody now.
    theirs = Q(entry_id=waiting.pk or 0) | Q(status=OfferStatus.OPEN)
    asked = Offer.objects.filter(theirs, kind=OfferKind.MOVE, visit__isnull=False)
    rows = (
        Appointment.objects.filter(
            status__in=MOVABLE, willing_to_move=True, starts_at__gt=now, starts_at__lte=scan_by, center__active=True
        )
        .exclude(visit_type=kind)
        .exclude(patient=waiting.patient)
        .exclude(pk__in=asked.values("visit_id"))
        .filter(visit_type__takes__contains=list(kind.takes), visit_type__minutes__gte=kind.minutes)
        .select_related("center", "visit_type", "patient", "episode", "step")
        .order_by("starts_at", "id")
    )
    needs = needs_of_wait(waiting)
    return [visit for visit in rows if _in_reach(waiting, visit.center, needs) and _in_time(waiting, visit)]


def _in_reach(waiting: WaitlistEntry, center: Center, needs: Needs) -> bool:
    if not needs.met_by(center):
        return False
    if waiting.centers:
        return center.code in waiting.centers
    place = ZipCode.objects.filter(pk=waiting.zip).first()
    if place is None:
        return False
    here, there = (place.latitude, place.longitude), (center.latitude, center.longitude)
    return haversine_miles(here, there) <= waiting.within_miles


def _in_time(waiting: WaitlistEntry, visit: Appointment) -> bool:
    """Whether a rule-out in a visit's place would be in time, and leaves the patient time to be asked and to come.

    Under a tier-1 clock that takes a reader and a prescriber after it, as it does in a search.
    """
    kind, deadline = waiting.visit_type, waiting.deadline
    result_at = visit.starts_at + timedelta(minutes=kind.minutes + kind.reading_minutes)
    if deadline is not None and not deadline.met_by(visit.starts_at, result_at, visit.center.zone):
        return False
    way = way_to(visit.center, waiting.zip)
    if answer_by(clock.now(), starts_at=visit.starts_at, way=way, urgent=True, short_notice=True) is None:
        return False
    return waiting.tier != 1 or is_covered(shape_of(kind), visit.center, visit.starts_at)


def _found(waiting: WaitlistEntry, now: datetime) -> Iterator[Slot]:
    """Yield the first times of use. What can't be offered is not asked for: it would crowd out what can."""
    from_, until = _span(waiting, now)
    if until <= from_:
        return
    needs = needs_of_wait(waiting)
    for code in waiting.centers or [""]:
        yield from search(
            waiting.visit_type,
            near_zip=waiting.zip,
            within_miles=None if code else waiting.within_miles,
            from_=from_,
            until=until,
            deadline=waiting.deadline,
            limit=LOOKED_AT,
            needs=needs,
            center_code=code,
        ).slots


def _span(waiting: WaitlistEntry, now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when a time could be offered: with the notice that they need, before the visit that they
    would give up, before their clock runs out, and no further than the calendar is open."""
    from_ = max(now, waiting.earliest)
    if not waiting.urgent and not waiting.short_notice:
        from_ = max(from_, now + NOTICE)
    limits = [waiting.latest, now + timedelta(days=MOST_DAYS)]
    if waiting.deadline is not None:
        limits.append(waiting.deadline.result_by)
    if waiting.visit is not None:
        limits.append(waiting.visit.starts_at)
    return from_, min(limits)


def _own_times(waiting: WaitlistEntry) -> list[tuple[datetime, datetime]]:
    """Return when the patient has visits, but for the one that they would give up."""
    theirs = Appointment.objects.filter(patient=waiting.patient, status__in=TAKES_TIME).exclude(
        pk=waiting.visit_id or 0
    )
    ran_out = Q(status=AppointmentStatus.HELD, hold_expires_at__lte=clock.now())
    others = theirs.exclude(ran_out).exclude(pk=waiting.visit_id or 0)
    return list(others.values_list("starts_at", "ends_at"))
