"""Three months on: the Villalta score, and the decision to stop or extend; and what follows from it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from clinic import clock, events, villalta
from clinic.access import SYSTEM, Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import (
    LIVE_STEP,
    Episode,
    Event,
    Plan,
    Role,
    StartRoute,
    Step,
    StepKind,
    TherapyChoice,
    TherapyDecision,
    TreatmentStart,
    VillaltaScore,
)
from clinic.pathway import CLEAR_CHECK, END_SCAN, STOP_OR_EXTEND, YEARLY_REVIEW, PlannedStep, treated
from clinic.selectors.plans import live_plan, standing_of
from clinic.services.attending import give_up_step
from clinic.services.plan_dates import DUE_HOUR, as_step
from clinic.services.plans import decision_where_last, locked_episode
from clinic.services.refusals import noted
from clinic.services.steps import NewStep, complete_step, open_step
from clinic.workdays import at_local, working_day_after

#: Visits after which a clinician must say whether treatment stops or goes on.
DECIDING_VISITS = frozenset({"visit_3_months", "yearly_review"})
#: A decision so recent is the one of this visit.
JUST_DECIDED = timedelta(days=30)
#: How far ahead a last dose may be planned.
LAST_DOSE_AHEAD = timedelta(days=366)


def record_villalta(
    actor: Actor, *, episode_id: int, scored_on: date, items: Mapping[str, int], ulcer: bool
) -> VillaltaScore:
    """Record a Villalta score with its day. Raises `Invalid` that names each item that is missing or out of range."""

    def work() -> VillaltaScore:
        episode = locked_episode(episode_id)
        wrong = villalta.faults(items)
        if not _local(episode, episode.opened_at) <= scored_on <= clock.today(episode.center.zone):
            wrong["scored_on"] = "The day lies between the episode's opening and today."
        if wrong:
            raise Invalid(fields=wrong)
        scored = villalta.score(items, ulcer=ulcer)
        row = VillaltaScore.objects.create(
            episode=episode,
            scored_on=scored_on,
            items=dict(items),
            ulcer=ulcer,
            total=scored.total,
            severity=scored.severity,
            source=villalta.SOURCE,
            by_id=_signer(actor),
            at=clock.now(),
        )
        events.record("villalta.scored", actor=actor, episode=episode, subject=row)
        return row

    with noted(actor, "villalta", episode_id=episode_id):
        require(actor, Permission.WRITE_TREATMENT)
        return in_transaction(work)


def decide_therapy(
    actor: Actor, *, episode_id: int, choice: str, reason: str, last_dose_on: date | None = None
) -> TherapyDecision:
    """Record the decision to stop or to extend treatment; the last one holds.

    Stop: the scan at its end and the clear check four to six weeks later are owed. Extend: a review is owed in a year.
    Raises `Conflict` where no treatment is followed.
    """

    def work() -> TherapyDecision:
        episode = locked_episode(episode_id)
        plan = live_plan(episode)
        if plan is None or not (_is_treated(plan) or plan.category == "svt_long"):
            raise Conflict("No treatment is followed in this episode.", code="no_treatment_followed")
        wrong = _faults(episode, choice, reason, last_dose_on)
        if wrong:
            raise Invalid(fields=wrong)
        row = TherapyDecision.objects.create(
            episode=episode,
            choice=choice,
            last_dose_on=last_dose_on,
            reason=reason.strip(),
            by_id=_signer(actor),
            at=clock.now(),
        )
        events.record("therapy.decided", actor=actor, episode=episode, subject=row, codes={"choice": choice})
        _follow(actor, plan, row)
        _end_decision(actor, plan, choice)
        settle()
        return row

    with noted(actor, "therapy", episode_id=episode_id):
        require(actor, Permission.WRITE_TREATMENT)
        return in_transaction(work)


def ask_for_decision(event: Event) -> None:
    """A visit of three months, or of a yearly review, took place: a clinician says whether treatment stops or goes on.

    So extended therapy is reviewed year after year and never ends by itself.
    """
    step = event.subject if isinstance(event.subject, Step) else Step.objects.get(pk=event.subject_id or 0)
    if step.plan_code not in DECIDING_VISITS or step.plan_id is None:
        return
    recent = TherapyDecision.objects.filter(episode_id=step.episode_id, at__gte=clock.now() - JUST_DECIDED)
    asked = Step.objects.filter(plan_id=step.plan_id, plan_code=STOP_OR_EXTEND, status__in=LIVE_STEP)
    if recent.exists() or asked.exists():
        return
    zone = step.episode.center.zone
    new = NewStep(
        kind=StepKind.DECISION,
        owner_role=Role.CLINICIAN,
        center_id=step.episode.center_id,
        due_at=at_local(working_day_after(clock.today(zone)), DUE_HOUR, zone),
        plan_id=step.plan_id,
        plan_code=STOP_OR_EXTEND,
    )
    open_step(SYSTEM, episode=step.episode, new=new)


def _follow(actor: Actor, plan: Plan, decision: TherapyDecision) -> None:
    """Owe what follows from the decision, and no longer what followed from another: often the very visit at which it
    is decided, which goes on. What is owed for the same days as before stays as it is."""
    over = {END_SCAN.code, CLEAR_CHECK.code, YEARLY_REVIEW.code}
    if decision.choice == TherapyChoice.EXTEND:
        owed: list[tuple[PlannedStep, date]] = [(YEARLY_REVIEW, clock.today(plan.episode.center.zone))]
    else:
        last = decision.last_dose_on or clock.today(plan.episode.center.zone)
        owed = [(END_SCAN, last), (CLEAR_CHECK, last)] if _is_treated(plan) else []
    news = {planned.code: as_step(plan, planned, base=base) for planned, base in owed}
    for step in Step.objects.filter(plan=plan, plan_code__in=over, status__in=LIVE_STEP, ends_as=""):
        same = news.get(step.plan_code)
        if same is not None and (same.window_start, same.window_end) == (step.window_start, step.window_end):
            del news[step.plan_code]
        else:
            then = () if owed else decision_where_last(step)
            give_up_step(actor, step=step, outcome="therapy_decided", then=then)
    for new in news.values():
        open_step(actor, episode=plan.episode, new=new)


def _end_decision(actor: Actor, plan: Plan, choice: str) -> None:
    for step in Step.objects.filter(plan=plan, plan_code=STOP_OR_EXTEND, status__in=LIVE_STEP):
        complete_step(actor, step=step, outcome=choice, then=decision_where_last(step))


def _faults(episode: Episode, choice: str, reason: str, last_dose_on: date | None) -> dict[str, str]:
    wrong = {}
    if choice not in TherapyChoice.values:
        wrong["choice"] = f"Choose one of: {', '.join(TherapyChoice.values)}."
    if not reason.strip():
        wrong["reason"] = "Say why."
    if choice == TherapyChoice.EXTEND and last_dose_on is not None:
        wrong["last_dose_on"] = "Therapy that goes on has no last dose."
    if choice == TherapyChoice.STOP:
        began = TreatmentStart.objects.filter(episode=episode, route=StartRoute.FIRST_DOSE).order_by("at").first()
        first = (began.first_dose_taken_at if began else None) or episode.opened_at
        latest = clock.today(episode.center.zone) + LAST_DOSE_AHEAD
        if last_dose_on is None or not _local(episode, first) <= last_dose_on <= latest:
            wrong["last_dose_on"] = "Give the day of the last dose: after the first one, within a year from now."
    return wrong


def _local(episode: Episode, at: datetime) -> date:
    return at.astimezone(ZoneInfo(episode.center.zone)).date()


def _is_treated(plan: Plan) -> bool:
    return treated(plan.category, standing_of(plan).risk)


def _signer(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("This is recorded by the clinician who answers for it.")
    return actor.staff_id
