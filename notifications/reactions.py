"""Which event leads to which text, to whom and when: the one table of it.

A reaction runs in the transaction of its event and writes rows only; what a text says is rendered when it is sent, and
whether it is still true is asked again then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from clinic import events
from clinic.models import LIVE_STEP, Event, ResultAlert, Step, StepKind
from clinic.workdays import at_local
from notifications.models import Message, Purpose
from notifications.services.owing import no_longer_owe, owe
from notifications.services.paging import page_alerted, page_on_call, stop_paging
from scheduling.models import Appointment, Offer, OfferKind
from scheduling.selectors.step_times import waits_for_a_time
from triage.models import DecisionSource

#: A visit that is at least this far ahead is reminded of a day before; a nearer one shortly before.
DAY_BEFORE = timedelta(hours=24)
SHORTLY_BEFORE = timedelta(minutes=45)
#: A visit nearer than this needs no reminder: its confirmation has just been read.
TOO_NEAR = timedelta(minutes=75)
#: A follow-up step is reminded of on the day it is due, at this local hour, where it lies at least a day ahead.
FOLLOW_UP_HOUR = time(9)
REMINDED_STEPS = ("follow_up_call", "dose_change", "follow_up_scan", "follow_up_visit", "consult", "self_care_check")
#: A call about the dose is announced a day ahead: the pack should be at hand.
ANNOUNCED_BEFORE = {StepKind.DOSE_CHANGE: timedelta(days=1)}
#: Times of a visit are offered so long before its window opens, at this local hour, and never on the day on which the
#: plan is made: a result is told before anything else is asked.
OFFERED_BEFORE, OFFER_HOUR = timedelta(days=7), time(10)
#: After these, where they belong to a plan, the patient hears what comes next.
FOLLOWED_STEPS = ("follow_up_call", "dose_change", "follow_up_scan", "follow_up_visit", "consult")

When = Callable[[Event], datetime | None]


class To(Enum):
    """Whom a message is for: the patient of the event; whoever is on call, one after the other, by text and call; or
    the person whom the event itself names."""

    PATIENT = auto()
    ON_CALL = auto()
    ALERTED = auto()


@dataclass(frozen=True)
class Reaction:
    """One row of the table: ``when`` says at which instant the message is due, or None where none is owed.

    For who is on call that is the first of their pages: `scheduling.paging` says when the others are due.
    """

    event: str
    purpose: Purpose
    when: When
    about: str
    expires_after: timedelta = timedelta(hours=24)
    urgent: bool = False
    to: To = To.PATIENT


def at_once(event: Event) -> datetime:
    """Now."""
    return event.at


def before_visit(event: Event) -> datetime | None:
    """A day before the visit, or shortly before it, or not at all where it is too near."""
    starts_at = _visit(event).starts_at
    if starts_at - event.at >= DAY_BEFORE + SHORTLY_BEFORE:
        return starts_at - DAY_BEFORE
    return starts_at - SHORTLY_BEFORE if starts_at - event.at >= TOO_NEAR else None


def if_not_reached(event: Event) -> datetime | None:
    """Now, where a call about a result did not reach the patient. A wrong number is not texted either."""
    missed = event.codes["audience"] == "patient" and event.codes["outcome"] not in ("reached", "wrong_number")
    return event.at if missed else None


def before_step(event: Event) -> datetime | None:
    """On the morning of a step of the follow-up, where that is at least a day away."""
    if event.codes["step"] not in REMINDED_STEPS:
        return None
    step = _step(event)
    if step.due_at is None or step.center is None:
        return None
    zone = step.center.zone
    on = step.due_at.astimezone(ZoneInfo(zone)).date() - ANNOUNCED_BEFORE.get(StepKind(step.kind), timedelta(0))
    at = at_local(on, FOLLOW_UP_HOUR, zone)
    return at if step.due_at - event.at >= DAY_BEFORE and at > event.at else None


def when_window_nears(event: Event) -> datetime | None:
    """A week before a step of a plan may be booked, or tomorrow morning; None for one that needs no visit."""
    step = _step(event)
    if step.plan_id is None or step.center is None or not waits_for_a_time(step):
        return None
    zone = step.center.zone
    tomorrow = event.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    opens = step.window_start.astimezone(ZoneInfo(zone)).date() - OFFERED_BEFORE if step.window_start else tomorrow
    return at_local(max(opens, tomorrow), OFFER_HOUR, zone)


def after_step(event: Event) -> datetime | None:
    """Now, where a step of a plan in which the patient took part was done, and another one is still to come."""
    step = _step(event)
    if step.plan_id is None or step.kind not in FOLLOWED_STEPS:
        return None
    to_come = Step.objects.filter(plan_id=step.plan_id, kind__in=FOLLOWED_STEPS, status__in=LIVE_STEP)
    return event.at if to_come.exclude(pk=step.pk).exists() else None


def if_untaken_callback(event: Event) -> datetime | None:
    """Now, where a clinician is to call a patient and nobody has said that they will."""
    if event.codes["step"] != StepKind.CALLBACK:
        return None
    return event.at if _step(event).owner_id is None else None


def if_untaken_word(event: Event) -> datetime | None:
    """Now, where a clinician is to speak with somebody about a result, and nobody has said that they will."""
    if event.codes["step"] not in (StepKind.DISCREPANCY, StepKind.EMERGENCY_CONTACT):
        return None
    return event.at if _step(event).owner_id is None else None


def if_not_told(event: Event) -> datetime | None:
    """Now, where transfer was advised and no call has reached the patient."""
    return event.at if event.codes["unreached"] else None


def if_slot_for_urgent(event: Event) -> datetime | None:
    """Now, where a time is offered to a rule-out."""
    return event.at if event.codes["kind"] == OfferKind.SLOT and event.codes["urgent"] else None


def if_slot_for_routine(event: Event) -> datetime | None:
    """Now, where a time is offered to somebody whose visit is not urgent."""
    return event.at if event.codes["kind"] == OfferKind.SLOT and not event.codes["urgent"] else None


def if_move_asked(event: Event) -> datetime | None:
    """Now, where somebody is asked to make room. They were asked in the day: it is no text for the night."""
    return event.at if event.codes["kind"] == OfferKind.MOVE else None


def if_unreached(event: Event) -> datetime | None:
    """Now, where emergency care is advised since no call reached the patient in time."""
    return event.at if event.codes["source"] == DecisionSource.UNREACHED else None


REACTIONS: tuple[Reaction, ...] = (
    # event, text, when, about what; urgent ones may pass the quiet hours: the patient is waiting for them
    Reaction("appointment.booked", Purpose.BOOKING_CONFIRMATION, at_once, "appointment", urgent=True),
    Reaction("appointment.booked", Purpose.VISIT_REMINDER, before_visit, "appointment"),
    Reaction("appointment.rescheduled", Purpose.BOOKING_CHANGED, at_once, "appointment", urgent=True),
    Reaction("appointment.rescheduled", Purpose.VISIT_REMINDER, before_visit, "appointment"),
    Reaction("appointment.cancelled", Purpose.BOOKING_CANCELLED, at_once, "appointment"),
    Reaction("result.released", Purpose.RESULT_READY, at_once, "report", timedelta(days=7), urgent=True),
    Reaction("result.called", Purpose.PLEASE_CALL, if_not_reached, "report", urgent=True),
    Reaction("step.opened", Purpose.FOLLOW_UP_REMINDER, before_step, "step", timedelta(hours=11)),
    Reaction("step.opened", Purpose.FOLLOW_UP_OFFER, when_window_nears, "step", timedelta(days=7)),
    Reaction("step.offered", Purpose.FOLLOW_UP_OFFER, at_once, "step"),
    Reaction("step.done", Purpose.FOLLOW_UP_NEXT, after_step, "step"),
    Reaction("decision.made", Purpose.SEEK_EMERGENCY_CARE, if_unreached, "decision", timedelta(hours=4), urgent=True),
    Reaction("result.transfer_advised", Purpose.SEEK_EMERGENCY_CARE, if_not_told, "report", timedelta(hours=4), True),
    # a finding that waits for a clinician, and a decision that is theirs: to the person whom the ladder names
    Reaction("result.alerted", Purpose.URGENT_STEP, at_once, "alert", urgent=True, to=To.ALERTED),
    Reaction("step.opened", Purpose.URGENT_STEP, if_untaken_word, "step", urgent=True, to=To.ON_CALL),
    Reaction("step.escalated", Purpose.URGENT_STEP, if_untaken_word, "step", urgent=True, to=To.ON_CALL),
    Reaction("offer.made", Purpose.SLOT_OFFERED, if_slot_for_urgent, "offer", urgent=True),
    Reaction("offer.made", Purpose.SLOT_OFFERED, if_slot_for_routine, "offer"),
    Reaction("offer.made", Purpose.MOVE_ASKED, if_move_asked, "offer"),
    # pages: of no use once the callback is overdue; then it is the supervisor's, and they are paged
    Reaction("step.opened", Purpose.URGENT_CALLBACK, if_untaken_callback, "step", urgent=True, to=To.ON_CALL),
    Reaction("step.escalated", Purpose.URGENT_CALLBACK, if_untaken_callback, "step", urgent=True, to=To.ON_CALL),
    Reaction("step.reassigned", Purpose.URGENT_CALLBACK, if_untaken_callback, "step", urgent=True, to=To.ON_CALL),
)

#: Events after which what is still due about a visit, a step or an offer is owed no longer.
WITHDRAWS: dict[str, str] = {
    "appointment.rescheduled": "rescheduled",
    "appointment.cancelled": "cancelled",
    "appointment.no_show": "no_show",
    "appointment.arrived": "arrived",
    "step.done": "done",
    "step.cancelled": "cancelled",
    "step.missed": "missed",
    "offer.accepted": "accepted",
    "offer.declined": "declined",
    "offer.expired": "expired",
    "offer.withdrawn": "withdrawn",
}
#: Events after which nobody is paged any more as they were: another owes the callback, or somebody has taken it.
ENDS_PAGING: dict[str, str] = {"step.escalated": "escalated", "step.reassigned": "reassigned"}


def register() -> None:
    """Subscribe to every event of the tables, once."""
    for kind in WITHDRAWS:
        events.subscribe(kind, withdraw)
    for kind in ENDS_PAGING:
        events.subscribe(kind, end_paging)
    events.subscribe("episode.closed", withdraw_all)
    for kind in dict.fromkeys(row.event for row in REACTIONS):
        events.subscribe(kind, react)


def react(event: Event) -> None:
    """Owe what the table says that this event owes."""
    if event.patient_id is None or event.subject_id is None:
        return
    for row in (row for row in REACTIONS if row.event == event.kind):
        due_at = row.when(event)
        if due_at is None or event.patient is None:
            continue
        if row.to is To.ON_CALL:
            page_on_call(event=event, step=_step(event), purpose=row.purpose)
            continue
        if row.to is To.ALERTED:
            page_alerted(event=event, alert=_alert(event))
            continue
        visit = _visit(event) if row.about == "appointment" else None
        owe(
            purpose=row.purpose,
            patient=event.patient,
            about_kind=row.about,
            about_id=event.subject_id,
            due_at=due_at,
            expires_at=_expiry(event, row, due_at),
            urgent=row.urgent,
            sequence=_sequence(event, row, visit),
            episode=event.episode,
            step=_step(event) if row.about == "step" else None,
        )


def withdraw(event: Event) -> None:
    """Owe nothing more about a visit that was moved or is over, or about a step or an offer that has ended."""
    kind = event.kind.partition(".")[0]
    about = Message.objects.filter(about_kind=kind, about_id=event.subject_id or 0)
    no_longer_owe(about, WITHDRAWS[event.kind])


def end_paging(event: Event) -> None:
    """Page nobody any more as it was begun; the table says who is paged instead."""
    reason = "taken" if _step(event).owner_id is not None else ENDS_PAGING[event.kind]
    stop_paging(step_id=event.subject_id or 0, reason=reason)


def withdraw_all(event: Event) -> None:
    """Owe nothing more about an episode that is closed; what its end itself owes was written before."""
    # A result is theirs all the same, and what a colleague typed was meant to be read.
    others = Message.objects.filter(episode=event.episode).exclude(
        purpose__in=(Purpose.RESULT_READY, Purpose.STAFF_REPLY)
    )
    no_longer_owe(others, "episode_closed")


def _expiry(event: Event, row: Reaction, due_at: datetime) -> datetime:
    """A confirmation or a reminder is of no use once the visit has begun, nor an offer that is over."""
    if row.about == "offer":
        return _offer(event).expires_at
    if row.about == "appointment" and (starts_at := _visit(event).starts_at) > due_at:
        return starts_at
    return due_at + row.expires_after


def _offer(event: Event) -> Offer:
    offer = event.subject
    return offer if isinstance(offer, Offer) else Offer.objects.get(pk=event.subject_id or 0)


def _sequence(event: Event, row: Reaction, visit: Appointment | None) -> int:
    if visit is not None:
        return visit.sequence
    # Every missed call, every release after an amendment, and every offer of staff owes its own text.
    return event.pk if row.about == "report" or event.kind == "step.offered" else 0


def _visit(event: Event) -> Appointment:
    visit = event.subject
    return visit if isinstance(visit, Appointment) else Appointment.objects.get(pk=event.subject_id or 0)


def _step(event: Event) -> Step:
    step = event.subject
    return step if isinstance(step, Step) else Step.objects.get(pk=event.subject_id or 0)


def _alert(event: Event) -> ResultAlert:
    alert = event.subject
    return alert if isinstance(alert, ResultAlert) else ResultAlert.objects.get(pk=event.subject_id or 0)
