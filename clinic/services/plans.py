"""Making and revising the follow-up plan of an episode."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic import clock, events, pathway
from clinic.access import Actor
from clinic.db import in_transaction, settle
from clinic.models import LIVE_STEP, Episode, Plan, Report, Role, Step, StepKind
from clinic.services.steps import NewStep, cancel_step, open_step
from clinic.workdays import at_local, working_day_after

#: Local hours within which a dated step may happen; it is due at the end of the working day.
FIRST_HOUR, DUE_HOUR, LAST_HOUR = time(8), time(17), time(20)


def make_plan(actor: Actor, *, report: Report, risk: pathway.Risk) -> Plan:
    """Open the plan that a signed report asks for, or revise the one in force.

    On revision steps done stay, open steps that no longer apply are cancelled with the reason, new ones are added.
    Where nothing is owed but a signature, the clinician's decision is the next step.
    """

    def work() -> Plan:
        episode = report.episode
        former = Plan.objects.filter(episode=episode, superseded_at=None, ended_at=None).first()
        if former is not None and former.category == report.category:
            open_decision_if_idle(actor, episode=episode)
            return former
        if former is not None:
            Plan.objects.filter(pk=former.pk).update(superseded_at=clock.now())
        plan = _new_plan(report)
        previous = former.category if former else ""
        steps = pathway.planned(report.category, _with(risk, episode, previous))
        opened = [open_step(actor, episode=episode, new=_as_step(plan, episode, planned)) for planned in steps]
        if former is not None:
            for step in Step.objects.filter(plan=former, status__in=LIVE_STEP):
                cancel_step(actor, step=step, outcome="plan_revised", then=decision_where_last(step))
        open_decision_if_idle(actor, episode=episode)
        kind = "plan.revised" if former else "plan.made"
        events.record(
            kind,
            actor=actor,
            episode=episode,
            subject=plan,
            codes={"steps": [step.pk for step in opened], "pathway": pathway.VERSION},
        )
        settle()
        return plan

    return in_transaction(work)


def decision_step(episode: Episode) -> NewStep:
    """The step in which a clinician decides what follows, or signs that it is over: by the next working day."""
    zone = episode.center.zone
    due_on = working_day_after(clock.today(zone))
    return NewStep(
        kind=StepKind.DECISION,
        owner_role=Role.CLINICIAN,
        center_id=episode.center_id,
        due_at=at_local(due_on, DUE_HOUR, zone),
    )


def open_decision_if_idle(actor: Actor, *, episode: Episode) -> None:
    """Open the clinician's decision where no other step of an open episode is live."""
    if not Step.objects.filter(episode=episode, status__in=LIVE_STEP).exists():
        open_step(actor, episode=episode, new=decision_step(episode))


def decision_where_last(step: Step) -> tuple[NewStep, ...]:
    """What follows a step that ends: the clinician's decision where no other step of the episode is live."""
    others = Step.objects.filter(episode_id=step.episode_id, status__in=LIVE_STEP).exclude(pk=step.pk).exists()
    return () if others else (decision_step(step.episode),)


def _new_plan(report: Report) -> Plan:
    zone = ZoneInfo(report.center.zone)
    return Plan.objects.create(
        episode=report.episode,
        report=report,
        category=report.category,
        pathway_version=pathway.VERSION,
        anchor=report.scan_ended_at.astimezone(zone).date(),
        created_at=clock.now(),
    )


def _with(risk: pathway.Risk, episode: Episode, previous: str) -> pathway.Risk:
    return pathway.Risk(
        pretest_category=risk.pretest_category or episode.pretest_category,
        pregnant=risk.pregnant or episode.pregnant,
        d_dimer=risk.d_dimer,
        treated=risk.treated,
        equivocal=risk.equivocal,
        suspicion_persists=risk.suspicion_persists,
        previous=previous,
    )


def _as_step(plan: Plan, episode: Episode, planned: pathway.PlannedStep) -> NewStep:
    due_at, start, end = _when(plan, episode.center.zone, planned)
    return NewStep(
        kind=StepKind(planned.kind),
        owner_role=planned.owner_role,
        center_id=episode.center_id,
        due_at=due_at,
        window_start=start,
        window_end=end,
        plan_id=plan.pk,
        plan_code=planned.code,
    )


def _when(plan: Plan, zone: str, planned: pathway.PlannedStep) -> tuple[datetime, datetime | None, datetime | None]:
    if planned.minutes is not None:
        return clock.now() + timedelta(minutes=planned.minutes), None, None
    due, first, last = (plan.anchor + timedelta(days=day) for day in (planned.day, planned.first_day, planned.last_day))
    return at_local(due, DUE_HOUR, zone), at_local(first, FIRST_HOUR, zone), at_local(last, LAST_HOUR, zone)
