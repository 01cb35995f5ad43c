"""Paging who is on call about a callback: rows due at their instants, written with the step that asks for the call."""

import logging
from datetime import datetime

from clinic import clock
from clinic.models import Event, Language, ResultAlert, Role, Staff, Step
from notifications.models import Channel, Message, Purpose
from notifications.selectors.pages import callbacks_in_hand, pages_of
from notifications.services.owing import dedupe_key, no_longer_owe
from scheduling.models import ResourceKind
from scheduling.paging import CALL_AFTER, ONE_TEXT_WITHIN, Page, pages
from scheduling.paging import Channel as Rings
from scheduling.selectors.roster import on_call

logger = logging.getLogger(__name__)
#: Who is paged for the role that owes the callback. A supervisor is an interpreting physician; where none is on duty
#: before the call is due, the clinicians on call are paged again.
ON_CALL: dict[str, tuple[ResourceKind, ...]] = {
    Role.CLINICIAN: (ResourceKind.CLINICIAN,),
    Role.PHYSICIAN: (ResourceKind.PHYSICIAN, ResourceKind.CLINICIAN),
}


def page_on_call(*, event: Event, step: Step, purpose: Purpose = Purpose.URGENT_CALLBACK) -> int:
    """Owe the pages about a step that nobody has taken; return how many. Call it in the event's transaction.

    Each is asked again when it is sent: nobody is paged about a callback that somebody took meanwhile.
    """
    if step.due_at is None or step.due_at - event.at > ONE_TEXT_WITHIN or step.owner_role not in ON_CALL:
        return 0
    rungs = _rungs(step, at=event.at, due_at=step.due_at)
    if not rungs:
        logger.warning("Nobody on call can be paged about step %s.", step.pk)
        return 0
    staff = Staff.objects.in_bulk({rung.staff for rung in rungs})
    Message.objects.bulk_create(
        _owed(purpose, event, step, step.due_at, number, rung, staff[rung.staff])
        for number, rung in enumerate(rungs, start=1)
    )
    return len(rungs)


def page_alerted(*, event: Event, alert: ResultAlert) -> int:
    """Owe whoever was alerted to a finding, or given a decision, a text at once and a call two minutes later."""
    step, staff = alert.step, alert.staff
    if staff is None or step.due_at is None:
        logger.warning("Nobody on duty can be alerted about step %s.", step.pk)
        return 0
    if not staff.phone:
        return 0
    rungs = (Page(staff.pk, Rings.TEXT, event.at), Page(staff.pk, Rings.CALL, event.at + CALL_AFTER))
    Message.objects.bulk_create(
        _owed(Purpose.URGENT_STEP, event, step, step.due_at, number, rung, staff)
        for number, rung in enumerate(rungs, start=1)
    )
    return len(rungs)


def stop_paging(*, step_id: int, reason: str) -> int:
    """Owe no more pages about a step; return how many were still due."""
    return no_longer_owe(pages_of(step_id), reason)


def _rungs(step: Step, *, at: datetime, due_at: datetime) -> tuple[Page, ...]:
    """The pages for the first kind of people of whom somebody is on duty before the call is due."""
    center, state = step.center or step.episode.center, step.episode.center.state
    in_hand = callbacks_in_hand(due_by=at + ONE_TEXT_WITHIN)
    for kind in ON_CALL[step.owner_role]:
        people = on_call(kind, center=center, state=state, at=at, in_hand=in_hand)
        if rungs := pages(people, at=at, due_at=due_at):
            return rungs
    return ()


def _owed(
    purpose: Purpose, event: Event, step: Step, due_at: datetime, number: int, rung: Page, staff: Staff
) -> Message:
    return Message(
        purpose=purpose,
        channel=Channel(rung.channel.value),
        staff=staff,
        episode=step.episode,
        step=step,
        about_kind="step",
        about_id=step.pk,
        dedupe_key=f"{dedupe_key(purpose, 'step', step.pk, event.pk)}:{number}",
        phone=staff.phone,
        language=Language.ENGLISH,
        urgent=True,
        due_at=rung.at,
        # Once the call is overdue, others are paged.
        expires_at=due_at,
        created_at=clock.now(),
    )
