"""The ladder of a finding that waits for a clinician: steps with clocks of their own, climbed by who is on duty."""

from datetime import datetime
from functools import partial

from django.db.models import Min, QuerySet

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.errors import StaleState
from clinic.models import LIVE_STEP, Event, Report, ReportStatus, ResultAlert, Role, Rung, Step, StepKind
from clinic.result_rules import URGENT_IMPRESSIONS, voice_first
from clinic.services.steps import NewStep, escalate_step, open_step
from scheduling.result_ladder import AT_LAST, LADDER, RUNG, next_rung
from scheduling.selectors.result_callers import clinician_on_duty, medical_director
from scheduling.services.unreached_patients import advise_transfer, next_unreached, pursue_unreached, waiting_unreached


def ask_for_acknowledgement(event: Event) -> None:
    """A finding that a clinician must know of was written: owe its acknowledgement, and alert who is on duty."""
    report = event.subject
    if not isinstance(report, Report) or report.acknowledged_at is not None or not _pressing(report):
        return
    if _live().filter(episode=report.episode, alerts__report=report).exists():
        return
    step = open_step(
        SYSTEM,
        episode=report.episode,
        new=NewStep(
            kind=StepKind.ACKNOWLEDGE,
            owner_role=Role.CLINICIAN,
            center_id=report.center_id,
            due_at=clock.now() + RUNG,
        ),
    )
    _alert(report, step, LADDER[0][0])


def run_result_clocks() -> int:
    """Climb every ladder whose time has come, and pursue the patients whom no call reached; return how many."""
    count = 0
    for pk in list(_waiting().values_list("pk", flat=True)[:500]):
        try:
            count += in_transaction(partial(_climb, pk))
        except StaleState:
            continue
    return count + pursue_unreached()


def next_result_clock(after: datetime) -> datetime | None:
    """The first instant later than ``after`` at which a finding climbs, or an unreached patient is pursued."""
    due = _live().filter(due_at__gt=after).aggregate(at=Min("due_at"))["at"]
    return min((at for at in (due, next_unreached(after)) if at is not None), default=None)


def waiting_result_clocks() -> int:
    """How much of it is due and not done."""
    return _waiting().count() + waiting_unreached()


def _live() -> QuerySet[Step]:
    return Step.objects.filter(kind=StepKind.ACKNOWLEDGE, status__in=LIVE_STEP)


def _waiting() -> QuerySet[Step]:
    return _live().filter(due_at__lte=clock.now()).order_by("due_at", "id")


def _climb(pk: int) -> int:
    """One rung further, unless somebody has just acknowledged it."""
    step = Step.objects.select_related("episode__center", "center").select_for_update(of=("self",)).get(pk=pk)
    if step.status not in LIVE_STEP or step.due_at is None or step.due_at > clock.now():
        return 0
    above = next_rung(list(step.alerts.values_list("rung", flat=True)))
    if above is None:
        escalate_step(SYSTEM, step=step, owner_role=Role.MANAGER, due_at=clock.now() + AT_LAST)
        return 1
    rung, role = above
    report = _report(step)
    escalate_step(SYSTEM, step=step, owner_role=role, due_at=clock.now() + RUNG)
    _alert(report, step, rung)
    if rung == Rung.EMERGENCY_TRANSFER:
        advise_transfer(report)
    return 1


def _alert(report: Report, step: Step, rung: str) -> None:
    now, center = clock.now(), report.center
    asked = set(step.alerts.exclude(staff=None).values_list("staff_id", flat=True))
    if rung in (Rung.CLINICIAN, Rung.SECOND_CLINICIAN):
        staff = clinician_on_duty(center, at=now, but=asked)
    else:
        staff = medical_director(center, at=now)
    alert = ResultAlert.objects.create(report=report, step=step, rung=rung, staff_id=staff, at=now)
    events.record(
        "result.alerted",
        actor=SYSTEM,
        episode=report.episode,
        subject=alert,
        codes={"step": step.kind, "rung": rung, "staff": staff},
    )


def _report(step: Step) -> Report:
    """The report of the first alert: a step for an acknowledgement is opened with one."""
    return step.alerts.select_related("report__center", "report__episode__center").order_by("id")[0].report


def _pressing(report: Report) -> bool:
    if report.status == ReportStatus.PRELIMINARY:
        return report.impression in URGENT_IMPRESSIONS
    return voice_first(report.category)
