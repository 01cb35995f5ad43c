"""Making and revising the follow-up plan of an episode."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q

from clinic import clock, events, pathway
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Invalid, NotFound
from clinic.models import LIVE_STEP, Episode, EpisodeStatus, Plan, Report, Role, Step, StepKind, StepStatus
from clinic.pathway import PlannedStep, Risk
from clinic.revising import after_change, after_study, still_applies
from clinic.selectors.orders import d_dimer_of
from clinic.selectors.plans import live_plan, standing_of
from clinic.services.attending import give_up_step
from clinic.services.dose_changes import INSTEAD, owe_dose_change
from clinic.services.plan_dates import DUE_HOUR, FIRST_HOUR, LAST_HOUR, as_step
from clinic.services.steps import NewStep, carry_step, open_step
from clinic.workdays import at_local, working_day_after

__all__ = ["DUE_HOUR", "FIRST_HOUR", "LAST_HOUR", "decision_where_last", "make_plan", "revise_plan"]

#: What a clinician may say otherwise of a plan in force, with the finding that it belongs to (None: any).
CHANGEABLE: dict[str, str | None] = {
    "treated": "isolated_distal_dvt",
    "equivocal": "chronic_post_thrombotic",
    "other_imaging": "non_diagnostic",
    "suspicion_persists": None,
}


def make_plan(actor: Actor, *, report: Report, risk: Risk) -> Plan:
    """Open the plan that a signed report asks for, or revise the one in force as `clinic.revising` says.

    On revision steps done stay, open steps that no longer apply are cancelled with the reason (one whose patient is
    here ends with their visit), new ones are added. Where nothing is owed but a signature, the clinician's decision is
    the next step.
    """

    def work() -> Plan:
        # Whoever arrives now is here before the plan is made, or after it.
        Episode.objects.select_for_update(no_key=True).get(pk=report.episode_id)
        episode = report.episode
        former = live_plan(episode)
        risks = replace(
            risk,
            d_dimer=_d_dimer(episode, former, risk),
            pretest_category=risk.pretest_category or episode.pretest_category,
            pregnant=risk.pregnant or episode.pregnant,
        )
        plan = _amended(actor, report, former, risks) if _amends(report, former) else None
        plan = plan or _after_study(actor, report, former, risks)
        owe_dose_change(actor, plan=plan)
        open_decision_if_idle(actor, episode=episode)
        settle()
        return plan

    return in_transaction(work)


def _d_dimer(episode: Episode, former: Plan | None, risk: Risk) -> str:
    """What is known of a D-dimer: what the physician says, what the plan in force was made by, what a referral said."""
    if risk.d_dimer != "unknown" or (former is not None and former.d_dimer != "unknown"):
        return risk.d_dimer
    return d_dimer_of(episode)


def revise_plan(actor: Actor, *, episode_id: int, changes: dict[str, bool]) -> Plan:
    """A clinician says otherwise of what the plan in force depends on: watched or treated, equivocal, other imaging,
    or whether the suspicion persists. The same finding's steps are drawn up anew from the same day.

    Raises `Invalid` for what this finding's plan does not depend on, `Conflict` where no plan is in force.
    """
    require(actor, Permission.WRITE_PLANS)

    def work() -> Plan:
        episode = locked_episode(episode_id)
        former = live_plan(episode)
        if former is None:
            raise Conflict("No plan is in force: it begins with a signed report.", code="no_plan")
        wrong = {
            name: "The plan of this finding does not depend on it."
            for name in changes
            if name not in CHANGEABLE or CHANGEABLE[name] not in (None, former.category)
        }
        if wrong or not changes:
            raise Invalid(fields=wrong or {"changes": f"Name one of: {', '.join(CHANGEABLE)}."})
        before = standing_of(former)
        risk = replace(before.risk, **changes)  # type: ignore[arg-type]  # the names are checked above
        if risk == before.risk:
            return former
        revision = after_change(before, risk)
        plan = _replaced(actor, former.report, former, former.category, risk, revision.steps, anchor=former.anchor)
        owe_dose_change(actor, plan=plan)
        open_decision_if_idle(actor, episode=episode)
        settle()
        return plan

    return in_transaction(work)


def locked_episode(episode_id: int) -> Episode:
    """Lock and return an open episode. Raises `NotFound`, or `Conflict` where it is closed."""
    found = Episode.objects.select_related("center", "patient").select_for_update(no_key=True, of=("self",))
    episode = found.filter(pk=episode_id).first()
    if episode is None:
        raise NotFound("No such episode.")
    if episode.status != EpisodeStatus.OPEN:
        raise Conflict("This episode is closed.", code="episode_closed")
    return episode


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
    """What follows a step that ends: the clinician's decision where no other step of an open episode is live."""
    if step.episode.closed_at is not None:
        return ()
    others = Step.objects.filter(episode_id=step.episode_id, status__in=LIVE_STEP).exclude(pk=step.pk).exists()
    return () if others else (decision_step(step.episode),)


def _amends(report: Report, former: Plan | None) -> bool:
    return former is not None and former.report_id == report.pk


def _amended(actor: Actor, report: Report, former: Plan | None, risk: Risk) -> Plan | None:
    """Revise the plan that this very report had made: as if the study had found at once what is signed now.

    Where it now leaves the plan before it as it was, that one is drawn up again. None: it had none before it.
    """
    if former is None:
        return None
    before = Plan.objects.select_related("episode__center").filter(episode=report.episode, superseded_at__isnull=False)
    earlier = before.exclude(report=report).order_by("-id").first()
    revision = after_study(standing_of(earlier) if earlier else None, report.category, risk)
    if earlier is not None and revision.goes_on:
        stands = standing_of(earlier)
        steps = pathway.planned(stands.category, stands.risk)
        plan = _replaced(actor, report, former, stands.category, stands.risk, steps, anchor=earlier.anchor, amends=True)
        _add(actor, plan, revision.steps, report)
        return plan
    if former.category == report.category:
        risk = _still_said(risk, standing_of(former).risk)
    if (former.category, standing_of(former).risk) == (report.category, risk):
        return former
    return _replaced(
        actor, report, former, report.category, risk, revision.steps, anchor=_scanned_on(report), amends=True
    )


def _still_said(risk: Risk, before: Risk) -> Risk:
    """What an amendment of the same finding leaves unsaid holds as before; `revise_plan` takes it back."""
    return replace(
        risk,
        d_dimer=before.d_dimer if risk.d_dimer == "unknown" else risk.d_dimer,
        suspicion_persists=before.suspicion_persists if risk.suspicion_persists is None else risk.suspicion_persists,
        treated=risk.treated or before.treated,
        equivocal=risk.equivocal or before.equivocal,
        other_imaging=risk.other_imaging or before.other_imaging,
    )


def _after_study(actor: Actor, report: Report, former: Plan | None, risk: Risk) -> Plan:
    earlier = former is not None and report.scan_ended_at < former.report.scan_ended_at
    revision = after_study(standing_of(former) if former else None, report.category, risk, earlier=earlier)
    if former is not None and revision.goes_on:
        opened = _add(actor, former, revision.steps, report)
        if opened:
            _note(actor, former, "plan.revised", opened)
        return former
    return _replaced(actor, report, former, report.category, risk, revision.steps, anchor=_scanned_on(report))


def _replaced(
    actor: Actor,
    report: Report,
    former: Plan | None,
    category: str,
    risk: Risk,
    steps: Iterable[PlannedStep],
    *,
    anchor: date,
    amends: bool = False,
) -> Plan:
    """Put a new plan in the place of the former: what is owed under both from the same day stays as it is."""
    if former is not None:
        Plan.objects.filter(pk=former.pk).update(superseded_at=clock.now())
    plan = Plan.objects.create(
        episode=report.episode,
        report=report,
        category=category,
        pathway_version=pathway.VERSION,
        anchor=anchor,
        d_dimer=risk.d_dimer,
        pregnant=risk.pregnant,
        treated=risk.treated,
        equivocal=risk.equivocal,
        suspicion_persists=risk.suspicion_persists,
        other_imaging=risk.other_imaging,
        created_at=clock.now(),
    )
    planned = tuple(steps)
    kept = _carried(actor, plan, {step.code for step in planned}, amends=amends)
    owed = [step for step in planned if step.code not in kept]
    opened = [
        open_step(actor, episode=plan.episode, new=as_step(plan, each, owner_id=report.signed_by_id)) for each in owed
    ]
    for step in Step.objects.filter(plan__episode=plan.episode, status__in=LIVE_STEP).exclude(plan=plan):
        give_up_step(actor, step=step, outcome="plan_revised", then=decision_where_last(step))
    _note(actor, plan, "plan.revised" if former else "plan.made", opened)
    return plan


def _carried(actor: Actor, plan: Plan, codes: set[str], *, amends: bool) -> set[str]:
    """Carry over the open steps of the former plan that apply still; return the codes that are not owed anew.

    Done since the same day is done: the amended study, or the changed mind, asks for nothing twice. But the scan that
    made the study is none of those that it asks for.
    """
    risk = standing_of(plan).risk
    steps = Step.objects.select_related("plan", "episode").filter(plan__episode=plan.episode)
    steps = steps.exclude(plan=plan).exclude(pk=plan.report.step_id)
    over = Q(status=StepStatus.DONE) | Q(outcome=INSTEAD)
    kept = set(steps.filter(over, plan__anchor=plan.anchor).values_list("plan_code", flat=True))
    # One that was given up while its patient was here comes last: what took its place is owed instead of it.
    for step in steps.filter(status__in=LIVE_STEP).order_by("ends_as", "id"):
        if step.ends_as and step.plan_code in kept:
            continue
        same = step.plan is not None and step.plan.anchor == plan.anchor and step.plan_code in codes
        if same or still_applies(step.plan_code, category=plan.category, risk=risk, amends=amends):
            carry_step(actor, step=step, plan_id=plan.pk)
            kept.add(step.plan_code)
    return kept


def _add(actor: Actor, plan: Plan, steps: Iterable[PlannedStep], report: Report) -> list[Step]:
    """Add steps to a plan that goes on, counted from the study that asks for them, unless they are owed already."""
    owed = set(Step.objects.filter(plan=plan, status__in=LIVE_STEP, ends_as="").values_list("plan_code", flat=True))
    news = [
        as_step(plan, each, base=_scanned_on(report), owner_id=report.signed_by_id)
        for each in steps
        if each.code not in owed
    ]
    return [open_step(actor, episode=plan.episode, new=new) for new in news]


def _note(actor: Actor, plan: Plan, kind: str, opened: list[Step]) -> None:
    codes = {"steps": [step.pk for step in opened], "pathway": pathway.VERSION}
    events.record(kind, actor=actor, episode=plan.episode, subject=plan, codes=codes)


def _scanned_on(report: Report) -> date:
    return report.scan_ended_at.astimezone(ZoneInfo(report.center.zone)).date()
