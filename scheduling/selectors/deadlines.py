"""Whose clinical clock a search counts against."""

from clinic.errors import NotFound
from clinic.models import Episode
from scheduling.slots import Deadline
from triage.models import Assessment


def of_episode(episode: Episode) -> Deadline | None:
    """Return the episode's clinical clock, or None where none runs."""
    return Deadline(episode.tier, episode.clock_started_at) if episode.tier else None


def find_episode(*, episode_id: int | None = None, assessment_id: int | None = None) -> Episode | None:
    """Return the episode named, or the one of an assessment. Raises `NotFound` where what was named is not there."""
    if episode_id is not None:
        episode = Episode.objects.filter(pk=episode_id).first()
        if episode is None:
            raise NotFound("There is no such episode.")
        return episode
    if assessment_id is None:
        return None
    assessment = Assessment.objects.select_related("episode").filter(pk=assessment_id).first()
    if assessment is None:
        raise NotFound("There is no such assessment.")
    return assessment.episode


def of_assessment(assessment_id: int) -> Deadline | None:
    """Return the clock of an assessment: its episode's, or the one that its decision in force would start."""
    episode = find_episode(assessment_id=assessment_id)
    if episode is not None:
        return of_episode(episode)
    assessment = Assessment.objects.get(pk=assessment_id)
    decision = assessment.decisions.order_by("-number").first()
    tier = decision.tier if decision else None
    return Deadline(tier, assessment.first_answer_at) if tier else None
