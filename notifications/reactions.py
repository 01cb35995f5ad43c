"""Which event leads to which text, to whom and when: the one table of it.

A reaction runs in the transaction of its event and writes rows only; what a text says is rendered when it is sent, and
whether it is still true is asked again then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from clinic import events
from clinic.models import ClosingReason, Event, Patient, ResultAlert, ResultShare
from notifications.models import Channel, Message, Purpose
from notifications.services.owing import no_longer_owe, owe, owed, withdraw_all_about
from notifications.services.paging import page_alerted, page_on_call, stop_paging
from notifications.when import (
    UNOPENED,
    a_day_later,
    after_step,
    at_once,
    before_step,
    before_visit,
    by_day_if_to_be_read,
    if_given_up_ahead,
    if_given_up_soon,
    if_move_asked,
    if_moved_ahead,
    if_moved_soon,
    if_not_reached,
    if_not_told,
    if_slot_for_routine,
    if_slot_for_urgent,
    if_to_be_read,
    if_unreached,
    if_untaken_callback,
    if_untaken_word,
    report_of,
    step_of,
    three_days_later,
    two_days_later,
    visit_of,
    when_window_nears,
)
from scheduling.models import Appointment, Offer

When = Callable[[Event], datetime | None]


class To(Enum):
    """Whom a message is for: the patient of the event; whoever is on call, one after the other, by text and call; or
    the person whom the event itself names."""

    PATIENT = auto()
    ON_CALL = auto()
    ALERTED = auto()
    REPRESENTATIVE = auto()


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
    channel: Channel = Channel.SMS


REACTIONS: tuple[Reaction, ...] = (
    # event, text, when, about what; urgent ones may pass the quiet hours: the patient is waiting for them
    Reaction("appointment.booked", Purpose.BOOKING_CONFIRMATION, at_once, "appointment", urgent=True),
    Reaction("appointment.booked", Purpose.VISIT_REMINDER, before_visit, "appointment"),
    Reaction("appointment.rescheduled", Purpose.BOOKING_CHANGED, if_moved_soon, "appointment", urgent=True),
    Reaction("appointment.rescheduled", Purpose.BOOKING_CHANGED, if_moved_ahead, "appointment"),
    Reaction("appointment.rescheduled", Purpose.VISIT_REMINDER, before_visit, "appointment"),
    Reaction("appointment.cancelled", Purpose.BOOKING_CANCELLED, if_given_up_soon, "appointment", urgent=True),
    Reaction("appointment.cancelled", Purpose.BOOKING_CANCELLED, if_given_up_ahead, "appointment"),
    Reaction("result.released", Purpose.RESULT_READY, at_once, "report", timedelta(days=7), urgent=True),
    Reaction("result.shared", Purpose.RESULT_SHARED, at_once, "share", timedelta(days=7), True, To.REPRESENTATIVE),
    Reaction("result.released", Purpose.RESULT_WAITING, a_day_later, "report", UNOPENED),
    Reaction("result.released", Purpose.RESULT_WAITING, two_days_later, "report", UNOPENED, channel=Channel.VOICE),
    Reaction(
        "result.released", Purpose.RESULT_WAITING, three_days_later, "report", timedelta(days=7), channel=Channel.PERSON
    ),
    Reaction("result.told", Purpose.RESULT_TO_READ, if_to_be_read, "report", timedelta(days=7), urgent=True),
    Reaction("report.final", Purpose.RESULT_TO_READ, by_day_if_to_be_read, "report", timedelta(days=7), urgent=True),
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

_ROWS = {
    kind: tuple(row for row in REACTIONS if row.event == kind) for kind in dict.fromkeys(row.event for row in REACTIONS)
}

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

#: What the patient may read still holds when nothing more is due; and that a visit was given up with the episode.
TOLD_AFTERWARDS = (
    Purpose.RESULT_READY,
    Purpose.RESULT_WAITING,
    Purpose.RESULT_TO_READ,
    Purpose.RESULT_SHARED,
    Purpose.STAFF_REPLY,
    Purpose.BOOKING_CANCELLED,
)
#: Ends after which no result is told: nobody is there to read it, or it was none. What a colleague typed still leaves.
NO_RESULT_AFTERWARDS: dict[str, tuple[Purpose, ...]] = {
    ClosingReason.DIED: (Purpose.STAFF_REPLY,),
    ClosingReason.DUPLICATE: (Purpose.STAFF_REPLY, Purpose.BOOKING_CANCELLED),
}
#: Events after which nobody is asked to open a result: it is seen, or told, or no longer what it was.
RESULT_SEEN: dict[str, str] = {"result.opened": "opened", "result.told": "told", "report.amended": "amended"}


def register() -> None:
    """Subscribe to every event of the tables, once."""
    for kind in WITHDRAWS:
        events.subscribe(kind, withdraw)
    for kind in ENDS_PAGING:
        events.subscribe(kind, end_paging)
    for kind in RESULT_SEEN:
        events.subscribe(kind, withdraw_waiting)
    events.subscribe("episode.closed", withdraw_all)
    for kind in _ROWS:
        events.subscribe(kind, react)


def react(event: Event) -> None:
    """Owe what the table says that this event owes."""
    if event.patient_id is None or event.subject_id is None:
        return
    messages = []
    for row in _ROWS[event.kind]:
        due_at = row.when(event)
        if due_at is None or event.patient is None:
            continue
        if row.to is To.ON_CALL:
            page_on_call(event=event, step=step_of(event), purpose=row.purpose)
        elif row.to is To.ALERTED:
            page_alerted(event=event, alert=_alert(event))
        else:
            messages.append(_owed(event, row, due_at, event.patient))
    owe(*messages)


def _owed(event: Event, row: Reaction, due_at: datetime, patient: Patient) -> Message:
    visit = visit_of(event) if row.about == "appointment" else None
    return owed(
        purpose=row.purpose,
        patient=patient,
        about_kind=row.about,
        about_id=event.subject_id or 0,
        due_at=due_at,
        expires_at=_expiry(event, row, due_at),
        urgent=row.urgent,
        sequence=_sequence(event, row, visit),
        episode=event.episode,
        step=step_of(event) if row.about == "step" else None,
        channel=row.channel,
        **_addressed(event, row),
    )


def _addressed(event: Event, row: Reaction) -> dict[str, str]:
    """The number and the language of who speaks for the patient, where it is for them; else the patient's own."""
    share = event.subject
    if row.to is not To.REPRESENTATIVE or not isinstance(share, ResultShare):
        return {}
    return {"phone": share.representative.phone, "language": share.representative.language}


def withdraw(event: Event) -> None:
    """Owe nothing more about a visit that was moved or is over, or about a step or an offer that has ended."""
    withdraw_all_about(event.kind.partition(".")[0], event.subject_id or 0, WITHDRAWS[event.kind])


def withdraw_waiting(event: Event) -> None:
    """Ask nobody any more to open a result that the patient knows, or that was amended."""
    if event.codes.get("audience", "patient") != "patient":
        return
    about = Message.objects.filter(about_kind="report", about_id=event.subject_id or 0)
    no_longer_owe(about.filter(purpose=Purpose.RESULT_WAITING), RESULT_SEEN[event.kind])


def end_paging(event: Event) -> None:
    """Page nobody any more as it was begun; the table says who is paged instead."""
    reason = "taken" if step_of(event).owner_id is not None else ENDS_PAGING[event.kind]
    stop_paging(step_id=event.subject_id or 0, reason=reason)


def withdraw_all(event: Event) -> None:
    """Owe nothing more about an episode that is closed, but for what is told afterwards."""
    told = NO_RESULT_AFTERWARDS.get(str(event.codes.get("reason")), TOLD_AFTERWARDS)
    no_longer_owe(Message.objects.filter(episode=event.episode).exclude(purpose__in=told), "episode_closed")


def _expiry(event: Event, row: Reaction, due_at: datetime) -> datetime:
    """A confirmation or a reminder is of no use once the visit has begun, nor an offer that is over."""
    if row.about == "offer":
        return _offer(event).expires_at
    if row.about == "appointment" and (starts_at := visit_of(event).starts_at) > due_at:
        return starts_at
    return due_at + row.expires_after


def _offer(event: Event) -> Offer:
    offer = event.subject
    return offer if isinstance(offer, Offer) else Offer.objects.get(pk=event.subject_id or 0)


def _sequence(event: Event, row: Reaction, visit: Appointment | None) -> int:
    if visit is not None:
        return visit.sequence
    if row.purpose == Purpose.RESULT_TO_READ:
        # Told twice of the same version, they have it to read already.
        return report_of(event).versions.count()
    # Every missed call, every release after an amendment, and every offer of staff owes its own text.
    return event.pk if row.about == "report" or event.kind == "step.offered" else 0


def _alert(event: Event) -> ResultAlert:
    alert = event.subject
    return alert if isinstance(alert, ResultAlert) else ResultAlert.objects.get(pk=event.subject_id or 0)
