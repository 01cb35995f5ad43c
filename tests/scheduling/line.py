"""A center whose times are all taken, and people who wait for one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Episode, Patient
from scheduling.errors import SlotTaken
from scheduling.models import Appointment, Offer, OfferStatus, WaitlistEntry
from scheduling.services.holding import hold_slot, release_hold
from scheduling.services.wanted import SlotChoice
from scheduling.waitlist.joining import Terms, join
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import make_patient
from tests.scheduling.conftest import Place

A_DAY = timedelta(days=1)


def full(place: Place, *, kind: str = "dvt_scan", days: Iterable[int] = (0,)) -> dict[datetime, Appointment]:
    """Keep every time of these days, and return what is kept by its start."""
    kept = {}
    for day in days:
        for minute in range(8 * 60 if day else 12 * 60 + 20, 20 * 60, 20):
            choice = place.at(*divmod(minute, 60), kind=kind, days=day)
            try:
                kept[choice.starts_at] = hold_slot(SYSTEM, slot=choice, expires_at=clock.now() + 5 * A_DAY)
            except SlotTaken:
                continue
            except Exception as past_close:
                if getattr(past_close, "code", "") != "outside_shift":
                    raise
    return kept


def give_back(kept: Appointment) -> None:
    """A time comes free."""
    release_hold(SYSTEM, hold_id=kept.pk)


def waits(place: Place, episode: Episode | None = None, **terms: Any) -> WaitlistEntry:
    """A suspected patient who waits for a rule-out."""
    its_episode = episode or place.suspected()
    values: dict[str, Any] = {"visit_type": place.types["dvt_scan"], "zip": "20770"}
    return join(place.actor, patient=its_episode.patient, episode=its_episode, terms=Terms(**(values | terms)))


def waits_for_consult(place: Place, patient: Patient | None = None, **terms: Any) -> WaitlistEntry:
    """Somebody who waits for a consultation."""
    values: dict[str, Any] = {"visit_type": place.types["consult"], "zip": "20770", "short_notice": True}
    return join(place.actor, patient=patient or make_patient(), terms=Terms(**(values | terms)))


def open_offers() -> list[Offer]:
    """The offers that wait for an answer, oldest first."""
    return list(Offer.objects.filter(status=OfferStatus.OPEN).order_by("id"))


def offered() -> Offer:
    """Let the sweep run, and return the one offer that waits then."""
    tend_waitlist()
    [offer] = open_offers()
    return offer


def choice_of(kept: Appointment) -> SlotChoice:
    """The slot that somebody keeps."""
    return SlotChoice(kept.visit_type, kept.center, kept.starts_at)
