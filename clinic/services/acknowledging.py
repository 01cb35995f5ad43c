"""A clinician takes a finding in hand: from then on nobody else is alerted to it."""

from datetime import datetime

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden
from clinic.models import LIVE_STEP, Report, ResultAlert, Step, StepKind
from clinic.services.locked_reports import locked
from clinic.services.plans import decision_where_last
from clinic.services.refusals import noted
from clinic.services.steps import complete_step


def acknowledge(actor: Actor, *, report_id: int) -> Report:
    """Record that a clinician has read the finding and acts on it. Raises `Conflict` where somebody did already."""

    def work() -> Report:
        report = locked(report_id)
        if actor.staff_id is None:
            raise Forbidden("A finding is acknowledged by a person.")
        if report.acknowledged_at is not None:
            raise Conflict("Somebody has this finding in hand already.", code="acknowledged_already")
        acknowledged(actor, report, outcome="acknowledged", by=actor.staff_id)
        settle()
        return report

    with noted(actor, "acknowledge", report_id=report_id):
        require(actor, Permission.TELL_RESULTS)
        return in_transaction(work)


def acknowledged(
    actor: Actor, report: Report, *, outcome: str, by: int | None = None, at: datetime | None = None
) -> None:
    """Note that a clinician has the finding in hand, once, and end the step that asked for it.

    ``by`` is that clinician, where it is who acts: whoever was told by voice stands in the log of calls and wet reads.
    ``at`` is when, where that was earlier, on paper.
    """
    if report.acknowledged_at is None:
        Report.objects.filter(pk=report.pk).update(acknowledged_at=at or clock.now(), acknowledged_by_id=by)
        report.refresh_from_db()
        events.record("result.acknowledged", actor=actor, episode=report.episode, subject=report)
    steps = Step.objects.filter(episode=report.episode, kind=StepKind.ACKNOWLEDGE, status__in=LIVE_STEP)
    # Another finding of the episode has a step, and a ladder, of its own.
    for step in steps.exclude(pk__in=ResultAlert.objects.exclude(report=report).values("step")):
        complete_step(actor, step=step, outcome=outcome, then=decision_where_last(step))
