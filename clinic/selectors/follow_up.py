"""An episode's follow-up at a glance: the plan, how treatment began and what was decided, and what is still open."""

from dataclasses import dataclass

from clinic.closing import Condition
from clinic.errors import NotFound
from clinic.models import LIVE_STEP, Episode, Plan, Step, StepKind, TherapyDecision, TreatmentStart, VillaltaScore
from clinic.pathway import STOP_OR_EXTEND, treated
from clinic.selectors.closing import conditions_of
from clinic.selectors.plans import live_plan, standing_of


@dataclass(frozen=True)
class FollowUp:
    """What a clinician must see to treat, to decide and to sign."""

    episode: Episode
    plan: Plan | None
    steps: list[Step]
    starts: list[TreatmentStart]
    scores: list[VillaltaScore]
    decisions: list[TherapyDecision]
    conditions: tuple[Condition, ...]

    @property
    def start_owed(self) -> bool:
        """Whether treatment must begin, or its step be ended for another reason."""
        return any(
            step.kind in (StepKind.TREATMENT_START, StepKind.HANDOVER) and step.status in LIVE_STEP
            for step in self.steps
        )

    @property
    def treats(self) -> bool:
        """Whether a treatment is followed that a clinician must stop or extend."""
        if self.plan is None:
            return False
        return self.plan.category == "svt_long" or treated(self.plan.category, standing_of(self.plan).risk)

    @property
    def decision_owed(self) -> bool:
        """Whether a clinician is asked now to stop or to extend."""
        return any(step.plan_code == STOP_OR_EXTEND and step.status in LIVE_STEP for step in self.steps)


def follow_up(episode_id: int) -> FollowUp:
    """Return an episode's follow-up. Raises `NotFound`."""
    episode = Episode.objects.select_related("patient", "center").filter(pk=episode_id).first()
    if episode is None:
        raise NotFound("No such episode.")
    steps = episode.steps.select_related("center", "owner", "episode__center", "plan").order_by("due_at", "id")
    return FollowUp(
        episode=episode,
        plan=live_plan(episode),
        steps=list(steps),
        starts=list(episode.treatment_starts.select_related("by")),
        scores=list(episode.villalta_scores.select_related("by")),
        decisions=list(episode.therapy_decisions.select_related("by")),
        conditions=conditions_of(episode),
    )
