"""Turning a hold into a booking."""

from dataclasses import replace

from clinic import clock, rows
from clinic.access import Actor, Permission
from clinic.db import refusing
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import AccessNeeds, ActorKind, Episode, EpisodeKind, EpisodeStatus, Patient, Step
from clinic.services.episodes import open_episode
from clinic.services.identifying import representative_of
from scheduling.errors import (
    CapabilityMissing,
    EpisodeMismatch,
    EpisodeNeeded,
    HoldExpired,
    HoldNotYours,
    PatientBusy,
    RoomDoesNotFit,
    SlotTaken,
)
from scheduling.models import TAKES_TIME, Appointment, AppointmentStatus, HoldPurpose, VisitKind
from scheduling.needs import Needs
from scheduling.selectors.fitting import needs_at_hand, room_fits
from scheduling.services.callers import is_clinician, require_or_own
from scheduling.services.holding import CHOOSING_TIME, give_back_kept, own_hold
from scheduling.services.news import record
from scheduling.services.refusals import Asked, refusable
from scheduling.services.scan_orders import owe_scan_order
from scheduling.services.taking import insert_hold
from scheduling.services.visit_steps import new_step, on_booking
from scheduling.services.wanted import SlotChoice, want

_LOCK_PAIR = f"""
WITH patient AS MATERIALIZED (
    SELECT p.* FROM clinic_patient p WHERE p.id = %(patient)s AND p.merged_into_id IS NULL FOR NO KEY UPDATE
), episode AS MATERIALIZED (
    SELECT e.* FROM clinic_episode e JOIN patient p ON p.id = e.patient_id
    WHERE e.id = %(episode)s AND e.status = 'open' FOR NO KEY UPDATE OF e
)
SELECT {rows.columns(Patient, "p")}, {rows.columns(Episode, "e")}, {rows.columns(AccessNeeds, "n")}
FROM patient p CROSS JOIN episode e LEFT JOIN clinic_accessneeds n ON n.patient_id = p.id
"""  # noqa: S608 - built of constants
_STILL_HELD = "t.status = 'held' AND t.holder = %(holder)s AND t.hold_expires_at > %(now)s"


def book(
    actor: Actor,
    *,
    patient: Patient,
    hold_id: int | None = None,
    slot: SlotChoice | None = None,
    episode: Episode | None = None,
    willing_to_move: bool = False,
    representative_id: int | None = None,
) -> Appointment:
    """Book a hold, or a slot at once, for a patient, in an episode of theirs.

    A consultation without an episode opens one. The patient's row is locked first, so that the same patient can't be
    booked twice at the same time; `PatientBusy` says so, apart from `SlotTaken`. A hold that ran out, is somebody
    else's, or was used raises `HoldExpired`, `HoldNotYours` or `HoldAlreadyUsed`. All or nothing is booked.
    ``willing_to_move``: a routine patient may be asked to make room for somebody who must come sooner.
    Of ``patient`` and ``episode`` only the keys count: what they are is read when they are locked.
    ``representative_id``: who speaks for the patient and asked for it, a helper as well; the event keeps it.
    """
    require_or_own(actor, Permission.BOOK)
    if actor.kind == ActorKind.PATIENT and actor.id != patient.pk:
        raise Forbidden("A patient books for themselves.")
    if (hold_id is None) == (slot is None):
        raise Invalid(fields={"hold": "Give either a hold or a slot."})

    def work() -> Appointment:
        kept, its_episode = locked_pair(patient, episode) if episode else (locked_patient(patient), None)
        hold = own_hold(actor, hold_id) if hold_id is not None else _take(actor, slot, kept)
        codes = {"representative": _speaking(kept, representative_id)} if representative_id is not None else {}
        return book_hold(actor, hold=hold, patient=kept, episode=its_episode, willing_to_move=willing_to_move, **codes)

    def asked() -> Asked:
        whose = Patient.objects.filter(pk=patient.pk).first()
        wherein = Episode.objects.filter(pk=episode.pk).first() if episode else None
        return Asked(act="book", slot=slot, hold_id=hold_id, patient=whose, episode=wherein)

    return refusable(actor, asked, work)


def book_hold(
    actor: Actor,
    *,
    hold: Appointment,
    patient: Patient,
    episode: Episode | None,
    willing_to_move: bool = False,
    **codes: int,
) -> Appointment:
    """Make a hold the visit of a patient. Patient, episode and hold are locked by the caller, in this order."""
    if hold.episode_id is not None and (episode is None or hold.episode_id != episode.pk):
        # Kept for somebody else's call: any clinician may book it, but for that patient.
        raise HoldNotYours
    step = step_for(actor, hold, patient, episode)
    # Whoever must come soon is asked to make room for nobody.
    willing = willing_to_move and hold.visit_type.kind != VisitKind.DVT_SCAN
    refuse_misfit(hold, patient)
    if hold.visit_type.kind == VisitKind.DVT_SCAN and is_clinician(actor):
        # What was kept for their call is the patient's own: it must not say that they are booked then.
        give_back_kept(actor, step.episode, but=hold)
    booked = _booked(actor, hold, patient, step, willing_to_move=willing)
    record(actor, "appointment.booked", booked, **codes)
    owe_scan_order(actor, booked)
    return booked


def refuse_misfit(hold: Appointment, patient: Patient) -> None:
    """Raise `CapabilityMissing` or `RoomDoesNotFit` where the held time does not fit the patient. What they need stays
    with the visit: a later move must not forget it."""
    before, theirs = Needs.named(hold.needs), needs_at_hand(patient)
    needs = before | theirs
    if needs == before:
        return
    if not needs.met_by(hold.center):
        raise CapabilityMissing
    if not room_fits(hold.pk, needs):
        raise RoomDoesNotFit
    hold.needs = needs.codes


def _booked(actor: Actor, hold: Appointment, patient: Patient, step: Step, *, willing_to_move: bool) -> Appointment:
    """Turn the hold into the booking by one UPDATE that must change one row."""
    now = clock.now()
    booking = {
        "status": AppointmentStatus.BOOKED,
        "patient": patient,
        "episode": step.episode,
        "step": step,
        "booked_at": now,
        "booked_by_id": actor.staff_id,
        "hold_expires_at": None,
        "willing_to_move": willing_to_move,
        "needs": hold.needs,
    }
    with refusing(patient_in_one_place=PatientBusy):
        if not rows.change(hold, booking, where=_STILL_HELD, holder=hold.holder, now=now):
            # It was live when it was locked, a moment ago: it has run out since.
            raise HoldExpired
    return hold


def _speaking(patient: Patient, representative_id: int) -> int:
    """Return who asked for the booking. Raises `Invalid` for a stranger, `Conflict` where they speak no longer."""
    speaker = representative_of(patient, representative_id)
    if speaker.ended_at is not None:
        raise Conflict("They speak for the patient no longer.", code="representative_ended")
    return speaker.pk


def locked_pair(patient: Patient, episode: Episode) -> tuple[Patient, Episode]:
    """Lock and return a patient and an open episode of theirs, in this order, by one statement.

    Raises what `locked_patient` and `locked_episode` raise.
    """
    found = rows.side_by_side(_LOCK_PAIR, {"patient": patient.pk, "episode": episode.pk}, Patient, Episode, AccessNeeds)
    if not found:
        # One of the two is not as it must be: each says so for itself.
        kept = locked_patient(patient)
        return kept, locked_episode(episode, kept)
    kept, its_episode, needs = found[0]
    rows.relate(kept, "access_needs", needs)
    rows.relate(its_episode, "patient", kept)
    return kept, its_episode


def locked_patient(patient: Patient) -> Patient:
    """Lock and return a patient. Raises `NotFound`, and `EpisodeMismatch` where the record was merged."""
    found = Patient.objects.select_related("access_needs").select_for_update(no_key=True, of=("self",))
    kept = found.filter(pk=patient.pk).first()
    if kept is None:
        raise NotFound("There is no such patient.")
    if kept.merged_into_id is not None:
        raise EpisodeMismatch("This record was merged into another one. Book for that one.", code="patient_merged")
    return kept


def locked_episode(episode: Episode, patient: Patient) -> Episode:
    """Lock and return a patient's open episode, or raise `NotFound` or `EpisodeMismatch`."""
    kept = Episode.objects.select_for_update(no_key=True).filter(pk=episode.pk).first()
    if kept is None:
        raise NotFound("There is no such episode.")
    if kept.patient_id != patient.pk or kept.status != EpisodeStatus.OPEN:
        raise EpisodeMismatch
    return kept


def _take(actor: Actor, slot: SlotChoice | None, patient: Patient) -> Appointment:
    if slot is None:
        raise Invalid(fields={"slot": "Name a slot."})
    # Who it is for is known already: of several rooms one is taken that fits.
    fitting = replace(slot, needs=slot.needs | needs_at_hand(patient))
    wanted, until = want(fitting), clock.now() + CHOOSING_TIME
    try:
        return insert_hold(wanted, holder=actor.key, purpose=HoldPurpose.CHOOSING, expires_at=until)
    except SlotTaken:
        # Who asks twice for the same time must not hear that somebody else was first.
        mine = Appointment.objects.filter(patient=patient, status__in=TAKES_TIME)
        if mine.filter(starts_at__lt=wanted.ends_at, ends_at__gt=wanted.starts_at).exists():
            raise PatientBusy from None
        raise


def step_for(actor: Actor, hold: Appointment, patient: Patient, episode: Episode | None) -> Step:
    """Return the step that a visit serves; a consultation without an episode opens one."""
    kind, center, starts_at = hold.visit_type.kind, hold.center, hold.starts_at
    if episode is not None:
        return on_booking(actor, episode=episode, kind=kind, center=center, starts_at=starts_at)
    if kind != VisitKind.CONSULT:
        raise EpisodeNeeded
    opened = open_episode(
        actor,
        patient=patient,
        kind=EpisodeKind.CONSULT,
        center=center,
        clock_started_at=clock.now(),
        first_steps=[new_step(kind, center=center, starts_at=starts_at)],
    )
    return opened.steps.get()
