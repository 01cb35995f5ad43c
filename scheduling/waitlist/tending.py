"""What time itself does to the waitlist: offers that ran out, waits that are over, and the next offers.

Time that comes free is noted in the transaction that frees it, and looked at by the next sweep; besides, everybody who
waits is looked at now and then. Each offer and entry is a transaction of its own.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db.models import F, Min, Q, QuerySet

from clinic import clock
from clinic.access import SYSTEM
from clinic.db import REFUSALS, in_transaction
from clinic.errors import DomainError
from clinic.models import EpisodeStatus, Event
from clinic.rows import fetch
from scheduling.errors import NobodyToMove, OfferOpen, WaitOver
from scheduling.models import (
    AppointmentStatus,
    EntryStatus,
    FreedTime,
    Offer,
    OfferKind,
    OfferStatus,
    WaitlistEntry,
)
from scheduling.services.handing_over import lock_people
from scheduling.states import MOVABLE
from scheduling.waiting import MOST_UNANSWERED, ROUTINE_PAUSE, URGENT_PAUSE
from scheduling.waitlist.ending import call_instead, close_offer, end_entry, lock_parties
from scheduling.waitlist.offering import ask_to_move, offer_slot
from scheduling.waitlist.waits import entry as find_entry
from scheduling.waitlist.waits import in_line, sent_to_emergency_care, who_waits
from scheduling.waitlist.waits import offer as find_offer
from triage.urgency import Disposition

T = TypeVar("T")
logger = logging.getLogger(__name__)
#: How many who wait are looked at in one sweep, and of those behind them whose turn has come.
MOST_LOOKED_AT = 200
#: Events with which time comes free, or the calendar grows.
FREES_TIME = (
    "appointment.cancelled",
    "appointment.rescheduled",
    "appointment.released",
    "appointment.hold_expired",
    "appointment.no_show",
    "shift.changed",
    "reserve.changed",
)

#: Decisions after which no rule-out is looked for.
NOT_SUSPECTED = (Disposition.VASCULAR_CONSULT, Disposition.SELF_CARE)

_WAITS_FOR_VISIT = """
SELECT id FROM scheduling_waitlistentry
WHERE episode_id = %(episode)s AND visit_type_id = %(visit_type)s AND status = 'waiting' AND visit_id IS NULL
"""


def tend_waitlist() -> int:
    """Close what ran out or is pointless, end what is over, and make the offers that can be made; return how many."""
    for pk in list(_lapsed().order_by("expires_at", "id").values_list("id", flat=True)):
        _whatever_happens(f"Offer {pk}", partial(in_transaction, partial(_close, pk)))
    for pk in list(_over().order_by("latest", "id").values_list("id", flat=True)):
        _whatever_happens(f"Wait {pk}", partial(in_transaction, partial(_end, pk)))
    freed = list(FreedTime.objects.values_list("id", flat=True))
    made = sum(
        _whatever_happens(f"Wait {entry.pk}", partial(_look, entry)) or 0 for entry in _next_in_line(freed=bool(freed))
    )
    FreedTime.objects.filter(pk__in=freed).delete()
    return made


def _whatever_happens(which: str, work: Callable[[], T]) -> T | None:
    """Do what one offer or wait asks for. Where it is refused, the others in line must not wait for it."""
    try:
        return work()
    except (DomainError, *REFUSALS) as refused:
        # Its name only: what it says may hold what is said of a patient.
        logger.error("%s can't be tended: %s", which, type(refused).__name__)  # noqa: TRY400
        return None


def _next_in_line(*, freed: bool) -> list[WaitlistEntry]:
    """Return who is looked at now: where time came free, the first in line; and, in line, those whose turn to be looked
    at has come, so that in a network in which time always comes free nobody is passed over for ever."""
    now = clock.now()
    if not freed:
        return in_line(who_waits().filter(look_at__lte=now))[:MOST_LOOKED_AT]
    line = in_line(who_waits())
    due = [entry for entry in line[MOST_LOOKED_AT:] if entry.look_at <= now]
    return [*line[:MOST_LOOKED_AT], *due[:MOST_LOOKED_AT]]


def note_freed_time(event: Event) -> None:
    """Time came free: have the next sweep look at it, where anybody waits at all."""
    if event.center_id is not None and WaitlistEntry.objects.filter(status=EntryStatus.WAITING).exists():
        FreedTime.objects.create(center_id=event.center_id, at=event.at)


def end_wait_of_booked(event: Event) -> None:
    """A visit was booked by another way: whoever waited for it waits no longer."""
    wanted = {"episode": event.episode_id, "visit_type": getattr(event.subject, "visit_type_id", None)}
    # Raw, since every booking asks, and hardly anybody waits.
    waits = [key for (key,) in fetch(_WAITS_FOR_VISIT, wanted)]
    if waits:
        for entry in WaitlistEntry.objects.filter(pk__in=waits).select_related("episode", "patient", "visit_type"):
            end_entry(SYSTEM, entry=entry, status=EntryStatus.BOOKED, reason="booked_otherwise")


def end_wait_of_closed(event: Event) -> None:
    """The episode is closed: nobody waits in it."""
    _end_all(event, "episode_closed")


def end_wait_of_decided(event: Event) -> None:
    """Whoever was sent to emergency care, or from whom a clinician took the suspicion, is offered no rule-out."""
    if event.episode is None:
        return
    if sent_to_emergency_care(event.episode):
        _end_all(event, "emergency_care")
    elif event.codes["disposition"] in NOT_SUSPECTED:
        _end_all(event, "not_suspected")


def next_due(after: datetime) -> datetime | None:
    """Return when the next offer runs out or the next wait is over."""
    offers = Offer.objects.filter(status=OfferStatus.OPEN, expires_at__gt=after).aggregate(at=Min("expires_at"))["at"]
    waits = WaitlistEntry.objects.filter(status=EntryStatus.WAITING, latest__gt=after).aggregate(at=Min("latest"))
    return min((at for at in (offers, waits["at"]) if at is not None), default=None)


def waiting() -> int:
    """Return how much is due now: offers to close, waits to end, freed time that nobody has looked at."""
    return _lapsed().count() + _over().count() + FreedTime.objects.count()


def _lapsed() -> QuerySet[Offer]:
    """Open offers that ran out, or that nobody needs any more."""
    now = clock.now()
    ran_out = Q(expires_at__lte=now) | ~Q(hold__status=AppointmentStatus.HELD)
    pointless = ~Q(entry__status=EntryStatus.WAITING) | (Q(visit__isnull=False) & ~Q(visit__status__in=MOVABLE))
    # Who was asked to make room was moved meanwhile: another one can be asked.
    elsewhere = Q(kind=OfferKind.MOVE) & ~Q(visit__starts_at=F("frees_at"))
    # They have a sooner time by now than the one that is offered, or would come free.
    sooner = Q(kind=OfferKind.SLOT, visit__starts_at__lte=F("starts_at"))
    sooner |= Q(kind=OfferKind.MOVE, entry__visit__starts_at__lte=F("frees_at"))
    return Offer.objects.filter(ran_out | pointless | elsewhere | sooner, status=OfferStatus.OPEN)


def _over() -> QuerySet[WaitlistEntry]:
    """Waits whose time is over, or that lost what they were for."""
    lost = Q(visit__isnull=False) & ~Q(visit__status__in=MOVABLE)
    tired = Q(tier=None, unanswered__gte=MOST_UNANSWERED) & ~Q(visit_type__kind="dvt_scan")
    closed = ~Q(episode__status=EpisodeStatus.OPEN)
    return WaitlistEntry.objects.filter(Q(latest__lte=clock.now()) | lost | tired | closed, status=EntryStatus.WAITING)


def _close(offer_id: int) -> None:
    found = find_offer(offer_id)
    lock_parties(found)
    offer = find_offer(offer_id)
    status = OfferStatus.WITHDRAWN if _is_pointless(offer) else OfferStatus.EXPIRED
    closed = close_offer(SYSTEM, offer=offer, status=status)
    if closed and status == OfferStatus.EXPIRED and offer.kind == OfferKind.SLOT:
        entry = offer.entry
        WaitlistEntry.objects.filter(pk=entry.pk).update(unanswered=entry.unanswered + 1)


def _is_pointless(offer: Offer) -> bool:
    """Whether it ends for another reason than that nobody answered: nobody waits, the visit is over or elsewhere, or
    the time itself was taken back with its shift."""
    if offer.entry.status != EntryStatus.WAITING or offer.hold.status == AppointmentStatus.CANCELLED:
        return True
    visit, theirs = offer.visit, offer.entry.visit
    if visit is not None and (visit.status not in MOVABLE or offer.frees_at not in (None, visit.starts_at)):
        return True
    return theirs is not None and theirs.starts_at <= (offer.frees_at or offer.starts_at)


def _end(entry_id: int) -> None:
    found = find_entry(entry_id)
    lock_people(patient_ids=[found.patient_id], episode_ids=[found.episode_id])
    entry = find_entry(entry_id)
    if entry.episode.status != EpisodeStatus.OPEN:
        reason = "episode_closed"
    elif entry.visit is not None and entry.visit.status not in MOVABLE:
        reason = "visit_over"
    else:
        reason = "past_latest" if entry.latest <= clock.now() else "unanswered"
    ended = end_entry(SYSTEM, entry=entry, status=EntryStatus.OVER, reason=reason)
    # Who has a visit keeps it; everybody else hears from a person that nothing came of the wait.
    if ended and reason in ("past_latest", "unanswered") and entry.visit is None:
        call_instead(entry)


def _end_all(event: Event, reason: str) -> None:
    waits = WaitlistEntry.objects.filter(episode=event.episode, status=EntryStatus.WAITING)
    for entry in waits.select_related("episode", "patient", "visit_type").order_by("id"):
        if reason == "episode_closed" or entry.urgent:
            end_entry(SYSTEM, entry=entry, status=EntryStatus.OVER, reason=reason)


def _look(entry: WaitlistEntry) -> int:
    """Look for something to offer to one who waits; return how many offers were made."""
    pause = URGENT_PAUSE if entry.urgent else ROUTINE_PAUSE
    WaitlistEntry.objects.filter(pk=entry.pk).update(look_at=clock.now() + pause)
    open_kinds = {offer.kind for offer in getattr(entry, "open_offers", ())}
    if OfferKind.SLOT in open_kinds:
        return 0
    if offer_slot(entry) is not None:
        return 1
    if not entry.urgent or OfferKind.MOVE in open_kinds:
        return 0
    try:
        ask_to_move(SYSTEM, entry_id=entry.pk)
    except (NobodyToMove, OfferOpen, WaitOver):
        return 0
    return 1
