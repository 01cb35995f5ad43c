"""Waiting for the first time that fits: who, for what, how far away, until when."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clinic import clock, events
from clinic.access import Actor, Permission
from clinic.db import in_transaction, refusing
from clinic.errors import Forbidden, Invalid, NotFound
from clinic.models import ActorKind, Center, Episode, EpisodeKind, Patient, Role, StepKind, StepStatus
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep
from scheduling.errors import (
    AlreadyWaiting,
    EpisodeMismatch,
    EpisodeNeeded,
    NoSuchCenter,
    SentToEmergencyCare,
    VisitBookedAlready,
    WaitOver,
)
from scheduling.models import Appointment, EntryStatus, VisitKind, VisitType, WaitlistEntry
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.centers import FURTHEST_MILES, nearest_centers, point_of
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.site import WITHIN_MILES
from scheduling.services.booking import locked_episode, locked_patient
from scheduling.services.callers import require_or_own
from scheduling.services.refusals import Asked, refusable
from scheduling.services.visit_steps import SERVES
from scheduling.slots import Deadline
from scheduling.states import MOVABLE
from scheduling.waitlist.ending import end_entry
from scheduling.waitlist.waits import deadline_of, needs_for, sent_to_emergency_care
from scheduling.waitlist.waits import entry as find_entry

#: How long a routine patient waits where nobody said until when: a consultation is due within fourteen days.
ROUTINE_WAIT = timedelta(days=14)
LONGEST_WAIT = timedelta(days=120)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What somebody waits for. ``visit_id``: their visit that an earlier time would replace."""

    visit_type: VisitType
    zip: str
    within_miles: int = WITHIN_MILES
    centers: tuple[str, ...] = ()
    earliest: datetime | None = None
    latest: datetime | None = None
    short_notice: bool = False
    wheelchair: bool = False
    visit_id: int | None = None


def join(actor: Actor, *, patient: Patient, terms: Terms, episode: Episode | None = None) -> WaitlistEntry:
    """Put a patient on the waitlist. A wish for a consultation without an episode opens one, with its step.

    Raises `Invalid` by field, `EpisodeNeeded`, `EpisodeMismatch`, `AlreadyWaiting`, `VisitBookedAlready` where such a
    visit is ahead that they would not give up, and `SentToEmergencyCare`.
    """
    require_or_own(actor, Permission.WAIT)
    if actor.kind == ActorKind.PATIENT and actor.id != patient.pk:
        raise Forbidden("A patient waits for themselves.")

    def work() -> WaitlistEntry:
        _check(terms)
        wished = terms if episode else replace(terms, latest=_last_instant(terms))
        kept = locked_patient(patient)
        its_episode = locked_episode(episode, kept) if episode else _opened(actor, kept, wished)
        deadline = _deadline(its_episode, wished)
        visit = _replaced(its_episode, wished)
        needs = _needs(its_episode, wished, visit)
        earliest, latest = _span(its_episode, wished, deadline)
        with refusing(waits_once_for_a_visit=AlreadyWaiting):
            entry = WaitlistEntry.objects.create(
                patient=kept,
                episode=its_episode,
                visit_type=wished.visit_type,
                visit=visit,
                zip=wished.zip,
                within_miles=wished.within_miles,
                centers=list(wished.centers),
                earliest=earliest,
                latest=latest,
                needs=needs.codes,
                short_notice=wished.short_notice,
                tier=deadline.tier if deadline else None,
                look_at=clock.now(),
                created_at=clock.now(),
            )
        events.record("waitlist.joined", actor=actor, episode=its_episode, patient=kept, subject=entry)
        return entry

    return refusable(actor, Asked(act="wait", patient=patient, episode=episode), work)


def withdraw(actor: Actor, *, entry_id: int) -> WaitlistEntry:
    """The patient waits no longer; their open offer is given back by the next sweep. Raises `WaitOver`."""
    require_or_own(actor, Permission.WAIT)
    found = find_entry(entry_id)
    if actor.kind == ActorKind.PATIENT and actor.id != found.patient_id:
        raise NotFound("There is no such entry on the waitlist.")

    def work() -> WaitlistEntry:
        locked_patient(found.patient)
        Episode.objects.select_for_update(no_key=True).get(pk=found.episode_id)
        if not end_entry(actor, entry=found, status=EntryStatus.WITHDRAWN, reason="by_request"):
            raise WaitOver
        return find_entry(entry_id)

    return in_transaction(work)


def _check(terms: Terms) -> None:
    wrong: dict[str, str] = {}
    try:
        point_of(terms.zip)
    except Invalid as fault:
        wrong["zip"] = fault.fields["near"]
    if not 0 < terms.within_miles <= FURTHEST_MILES:
        wrong["within_miles"] = f"Give miles above 0 and at most {FURTHEST_MILES}."
    now = clock.now()
    earliest = terms.earliest or now
    if terms.latest is not None and terms.latest <= max(earliest, now):
        wrong["latest"] = "Give an instant after the earliest, and after now."
    if max(earliest, terms.latest or earliest) - now > LONGEST_WAIT:
        wrong["latest" if terms.latest else "earliest"] = f"The calendar is open {LONGEST_WAIT.days} days ahead."
    if wrong:
        raise Invalid(fields=wrong)
    if terms.centers and Center.objects.filter(code__in=terms.centers, active=True).count() != len(set(terms.centers)):
        raise NoSuchCenter


def _last_instant(terms: Terms) -> datetime:
    """Return until when a wish without an episode stands."""
    return terms.latest or max(terms.earliest or clock.now(), clock.now()) + ROUTINE_WAIT


def _opened(actor: Actor, patient: Patient, terms: Terms) -> Episode:
    """Open the episode of a wished consultation: somebody books it by hand where the wait brings nothing."""
    if terms.visit_type.kind != VisitKind.CONSULT:
        raise EpisodeNeeded
    cards = nearest_centers(near_zip=terms.zip)
    if not cards:
        raise NoSuchCenter
    return open_episode(
        actor,
        patient=patient,
        kind=EpisodeKind.CONSULT,
        center=Center.objects.get(pk=cards[0].id),
        clock_started_at=clock.now(),
        first_steps=[NewStep(kind=StepKind.BOOKING, due_at=_last_instant(terms), owner_role=Role.REPRESENTATIVE)],
    )


def _deadline(episode: Episode, terms: Terms) -> Deadline | None:
    """Return the clock that an offer must keep. A rule-out has one, or a limit of its own on the next day."""
    if terms.visit_type.kind != VisitKind.DVT_SCAN:
        return None
    if sent_to_emergency_care(episode):
        raise SentToEmergencyCare
    deadline = deadline_of(episode)
    if deadline is None and episode.scan_by is None:
        raise EpisodeMismatch("This episode has no rule-out to wait for.", code="no_rule_out")
    return deadline


def _replaced(episode: Episode, terms: Terms) -> Appointment | None:
    """Return the visit that they would give up. One that is ahead anyway must be named."""
    ahead = Appointment.objects.filter(episode=episode, visit_type=terms.visit_type, status__in=MOVABLE)
    if terms.visit_id is not None:
        visit = ahead.filter(pk=terms.visit_id).first()
        if visit is None:
            raise Invalid(fields={"instead_of": "This is no visit of that kind that lies ahead in the episode."})
        return visit
    kind = SERVES[VisitKind(terms.visit_type.kind)].kind
    waits = episode.steps.filter(kind=kind, status__in=(StepStatus.OPEN, StepStatus.ESCALATED)).exists()
    if ahead.exists() and not waits:
        raise VisitBookedAlready
    return None


def _needs(episode: Episode, terms: Terms, visit: Appointment | None) -> Needs:
    """Return what the center must have: for the study, for the patient, and what their visit was booked with."""
    rule_out = terms.visit_type.kind == VisitKind.DVT_SCAN
    study = needs_for(episode) if rule_out else needs_of_patient(episode.patient_id)
    before = Needs.named(visit.needs) if visit else NO_NEEDS
    if rule_out:
        # An earlier scan waits for no language: an interpreter is arranged.
        before = replace(before, language="")
    return study | before | Needs(wheelchair=terms.wheelchair)


def _span(episode: Episode, terms: Terms, deadline: Deadline | None) -> tuple[datetime, datetime]:
    """Return from when until when a time is of use. Raises `Invalid` where that is over already."""
    now = clock.now()
    kind = SERVES[VisitKind(terms.visit_type.kind)].kind
    open_ = (StepStatus.OPEN, StepStatus.ESCALATED)
    step = episode.steps.filter(kind=kind, status__in=open_, window_end__gt=now).order_by("due_at").first()
    earliest = max(terms.earliest or now, now, step.window_start if step and step.window_start else now)
    latest = terms.latest or (step.window_end if step and step.window_end else earliest + ROUTINE_WAIT)
    if deadline is not None:
        latest = min(terms.latest or deadline.result_by, deadline.result_by)
    elif terms.visit_type.kind == VisitKind.DVT_SCAN and episode.scan_by is not None:
        latest = min(terms.latest or episode.scan_by, episode.scan_by)
    if latest <= earliest:
        raise Invalid("The time within which this visit is of use has passed.", fields={"latest": "It has passed."})
    return earliest, latest
