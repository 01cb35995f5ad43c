"""Owing the patient their result: opened by an urgent preliminary, a wet read, a signature or an amendment."""

from datetime import datetime, timedelta

from django.db.models import Q

from clinic import clock
from clinic.access import Actor
from clinic.models import Report, ReportStatus, Role, Step, StepKind
from clinic.result_rules import TELL_WITHIN_MINUTES, URGENT_IMPRESSIONS, voice_first
from clinic.services.steps import NewStep, open_step


def open_telling(actor: Actor, report: Report, *, since: datetime | None = None) -> Step:
    """Owe the patient their result: a clinician's voice where it must come first, else by whoever sends it.

    ``since`` is when the finding was written, where that was earlier, on paper: the clock runs from then.
    """
    spoken = report.status == ReportStatus.PRELIMINARY or voice_first(report.category)
    due_at = max(
        report.scan_ended_at + timedelta(minutes=TELL_WITHIN_MINUTES), (since or clock.now()) + timedelta(minutes=15)
    )
    new = NewStep(
        kind=StepKind.TELLING,
        owner_role=Role.CLINICIAN if spoken else Role.REPRESENTATIVE,
        center_id=report.center_id,
        due_at=due_at,
    )
    return open_step(actor, episode=report.episode, new=new)


def owe_next_telling(actor: Actor, told: Report) -> Step | None:
    """Owe the telling of another result of the episode that nobody has told; an episode has one telling at a time."""
    untold = Report.objects.filter(episode=told.episode, patient_told_at=None, result_sent_at=None).exclude(pk=told.pk)
    owed = untold.filter(~Q(status=ReportStatus.PRELIMINARY) | Q(impression__in=URGENT_IMPRESSIONS))
    following = owed.select_related("episode__center", "center").order_by("id").first()
    return open_telling(actor, following) if following is not None else None
