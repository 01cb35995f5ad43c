"""What stands between an episode and its end, read from its rows."""

from zoneinfo import ZoneInfo

from clinic import clock
from clinic.closing import UNKNOWN_RISK, Condition, Course, Done, open_conditions
from clinic.models import LIVE_STEP, Episode, Plan, Report, ReportStatus, Step, StepKind, StepStatus, TherapyDecision
from clinic.selectors.plans import live_plan, standing_of


def conditions_of(episode: Episode) -> tuple[Condition, ...]:
    """Return the conditions that forbid to sign that the episode is over."""
    return open_conditions(course_of(episode))


def course_of(episode: Episode) -> Course:
    """Return an episode as the conditions read it."""
    plan = live_plan(episode)
    live = list(Step.objects.filter(episode=episode, status__in=LIVE_STEP).exclude(kind=StepKind.DECISION))
    therapy = TherapyDecision.objects.filter(episode=episode).order_by("-at", "-id").first()
    zone = episode.center.zone
    return Course(
        on=clock.today(zone),
        category=plan.category if plan else "",
        risk=standing_of(plan).risk if plan else UNKNOWN_RISK,
        done=_done(episode, plan),
        owed=frozenset(step.plan_code for step in live if plan and step.plan_id == plan.pk),
        besides=frozenset(step.get_kind_display() for step in live if plan is None or step.plan_id != plan.pk),
        unsigned=Report.objects.filter(episode=episode, status=ReportStatus.PRELIMINARY).exists(),
        choice=therapy.choice if therapy else "",
        last_dose_on=therapy.last_dose_on if therapy else None,
    )


def _done(episode: Episode, plan: Plan | None) -> tuple[Done, ...]:
    """The steps done since the day from which the plan counts, under it or the plan that it took the place of."""
    if plan is None:
        return ()
    zone = ZoneInfo(episode.center.zone)
    steps = Step.objects.filter(episode=episode, plan__isnull=False, status=StepStatus.DONE).select_related("report")
    return tuple(
        Done(code=step.plan_code, on=step.ended_at.astimezone(zone).date(), outcome=step.outcome, found=_found(step))
        for step in steps.order_by("ended_at", "id")
        if step.ended_at is not None and step.ended_at.astimezone(zone).date() >= plan.anchor
    )


def _found(step: Step) -> str:
    report = getattr(step, "report", None)
    return report.category if report is not None and report.status != ReportStatus.PRELIMINARY else ""
