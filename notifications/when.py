"""When a message is due after its event, or None where none is owed: what the table of reactions refers to."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.models import LIVE_STEP, Event, Report, Step, StepKind
from clinic.workdays import at_local
from notifications.models import Message, Purpose
from notifications.quiet_hours import next_allowed
from notifications.selectors.results import readable
from notifications.selectors.zones import zones_of_phone
from scheduling.models import Appointment, OfferKind
from scheduling.selectors.step_times import waits_for_a_time
from triage.models import DecisionSource

#: A visit that is at least this far ahead is reminded of a day before; a nearer one shortly before.
DAY_BEFORE = timedelta(hours=24)
SHORTLY_BEFORE = timedelta(minutes=45)
#: Delivered is not read: a result that is not opened within so long is told of once more, then by a call, then by a
#: person, each so long after the one before. Only results that may be read alone are sent at all.
UNOPENED = timedelta(days=1)
#: A visit nearer than this needs no reminder: its confirmation has just been read.
TOO_NEAR = timedelta(minutes=75)
#: That a visit within so long is given up, or moved, must not wait for the caps, nor for a morning by which the patient
#: may have set out.
SOON, SET_OUT_BEFORE = timedelta(hours=24), timedelta(hours=3)
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


def at_once(event: Event) -> datetime:
    """Now."""
    return event.at


def a_day_later(event: Event) -> datetime:
    """A day later, where the result is not opened by then."""
    return event.at + UNOPENED


def two_days_later(event: Event) -> datetime:
    """Two days later, where the result is not opened by then."""
    return event.at + 2 * UNOPENED


def three_days_later(event: Event) -> datetime:
    """Three days later, where the result is not opened by then."""
    return event.at + 3 * UNOPENED


def before_visit(event: Event) -> datetime | None:
    """A day before the visit, or shortly before it, or not at all where it is too near."""
    starts_at = visit_of(event).starts_at
    if starts_at - event.at >= DAY_BEFORE + SHORTLY_BEFORE:
        return starts_at - DAY_BEFORE
    return starts_at - SHORTLY_BEFORE if starts_at - event.at >= TOO_NEAR else None


def if_given_up_soon(event: Event) -> datetime | None:
    """Now, where the visit was to begin within a day; by night in the morning, where that is early enough."""
    starts_at = visit_of(event).starts_at
    return _before_they_set_out(event, starts_at) if starts_at > event.at else None


def if_given_up_ahead(event: Event) -> datetime | None:
    """Now, where the visit lay further ahead."""
    return event.at if if_given_up_soon(event) is None else None


def if_moved_soon(event: Event) -> datetime | None:
    """Now, where the visit was or now is to begin within a day; by night in the morning, where that is early enough."""
    former = datetime.fromisoformat(str(event.codes["was"]))
    near = _before_they_set_out(event, min(former, visit_of(event).starts_at))
    return min(filter(None, (near, _still_to_be_told(event))), default=None)


def if_moved_ahead(event: Event) -> datetime | None:
    """Now, where both times lie further ahead."""
    return event.at if if_moved_soon(event) is None else None


def if_not_reached(event: Event) -> datetime | None:
    """Now, where a call about a result did not reach the patient. A wrong number is not texted either."""
    missed = event.codes["audience"] == "patient" and event.codes["outcome"] not in ("reached", "wrong_number")
    return event.at if missed else None


def if_to_be_read(event: Event) -> datetime | None:
    """Now, where the patient has been told by voice what a physician has signed, and no text of it was sent."""
    if event.codes.get("audience", "patient") != "patient":
        return None
    report = report_of(event)
    return event.at if readable(report) and report.result_sent_at is None else None


def by_day_if_to_be_read(event: Event) -> datetime | None:
    """As soon as it is day where the patient is, where they were told by voice what is signed only now, and no text of
    it was sent."""
    at = if_to_be_read(event)
    patient = event.patient
    if at is None or patient is None:
        return at
    return next_allowed(at, zones_of_phone(patient.phone or "", patient))


def before_step(event: Event) -> datetime | None:
    """On the morning of a step of the follow-up, where that is at least a day away."""
    if event.codes["step"] not in REMINDED_STEPS:
        return None
    step = step_of(event)
    if step.due_at is None or step.center is None:
        return None
    zone = step.center.zone
    on = step.due_at.astimezone(ZoneInfo(zone)).date() - ANNOUNCED_BEFORE.get(StepKind(step.kind), timedelta(0))
    at = at_local(on, FOLLOW_UP_HOUR, zone)
    return at if step.due_at - event.at >= DAY_BEFORE and at > event.at else None


def when_window_nears(event: Event) -> datetime | None:
    """A week before a step of a plan may be booked, or tomorrow morning; None for one that needs no visit."""
    step = step_of(event)
    if step.plan_id is None or step.center is None or not waits_for_a_time(step):
        return None
    zone = step.center.zone
    tomorrow = event.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    opens = step.window_start.astimezone(ZoneInfo(zone)).date() - OFFERED_BEFORE if step.window_start else tomorrow
    return at_local(max(opens, tomorrow), OFFER_HOUR, zone)


def after_step(event: Event) -> datetime | None:
    """Now, where a step of a plan in which the patient took part was done, and another one is still to come."""
    step = step_of(event)
    if step.plan_id is None or step.kind not in FOLLOWED_STEPS:
        return None
    to_come = Step.objects.filter(plan_id=step.plan_id, kind__in=FOLLOWED_STEPS, status__in=LIVE_STEP)
    return event.at if to_come.exclude(pk=step.pk).exists() else None


def if_untaken_callback(event: Event) -> datetime | None:
    """Now, where a clinician is to call a patient and nobody has said that they will."""
    if event.codes["step"] != StepKind.CALLBACK:
        return None
    return event.at if step_of(event).owner_id is None else None


def if_untaken_word(event: Event) -> datetime | None:
    """Now, where a clinician is to speak with somebody about a result, and nobody has said that they will."""
    if event.codes["step"] not in (StepKind.DISCREPANCY, StepKind.EMERGENCY_CONTACT):
        return None
    return event.at if step_of(event).owner_id is None else None


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


def _before_they_set_out(event: Event, starts_at: datetime) -> datetime | None:
    """Now, or in the morning where that leaves time enough, for what begins within a day or has begun; else None."""
    if starts_at - event.at > SOON or event.patient is None:
        return None
    morning = next_allowed(event.at, zones_of_phone(event.patient.phone or "", event.patient))
    return morning if starts_at - morning >= SET_OUT_BEFORE else event.at


def _still_to_be_told(event: Event) -> datetime | None:
    """When a text of an earlier move was due that could not wait, and had not left yet: this one tells it as well."""
    changed = Message.objects.filter(purpose=Purpose.BOOKING_CHANGED, about_kind="appointment")
    last = changed.filter(about_id=event.subject_id or 0, created_at__gt=event.at - SOON).order_by("-id").first()
    return max(last.due_at, event.at) if last and last.urgent and last.sent_at is None else None


def visit_of(event: Event) -> Appointment:
    """The visit that an event is about."""
    visit = event.subject
    return visit if isinstance(visit, Appointment) else Appointment.objects.get(pk=event.subject_id or 0)


def step_of(event: Event) -> Step:
    """The step that an event is about."""
    step = event.subject
    return step if isinstance(step, Step) else Step.objects.get(pk=event.subject_id or 0)


def report_of(event: Event) -> Report:
    """The report that an event is about."""
    report = event.subject
    return report if isinstance(report, Report) else Report.objects.get(pk=event.subject_id or 0)
