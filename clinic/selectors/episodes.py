"""Reading an episode."""

from dataclasses import dataclass

from django.db.models import Prefetch

from clinic.errors import NotFound
from clinic.models import LIVE_STEP, Episode, Event, Report, Step


@dataclass(frozen=True)
class Story:
    """All that happened in an episode, and what comes next."""

    episode: Episode
    steps: list[Step]
    reports: list[Report]
    events: list[Event]

    @property
    def next_step(self) -> Step | None:
        """The live step that is due first; None once the episode is closed."""
        live = [step for step in self.steps if step.status in LIVE_STEP and step.due_at is not None]
        return min(live, key=lambda step: step.due_at, default=None)  # type: ignore[arg-type,return-value]


def story(episode_id: int) -> Story:
    """Return an episode with its steps, reports and events, in four queries. Raises `NotFound`."""
    reports = Prefetch("reports", Report.objects.select_related("signed_by").order_by("id"))
    rows = Episode.objects.select_related("patient", "center", "closed_by").prefetch_related(reports)
    episode = rows.filter(pk=episode_id).first()
    if episode is None:
        raise NotFound("No such episode.")
    return Story(
        episode=episode,
        steps=list(episode.steps.select_related("center", "owner").order_by("id")),
        reports=list(episode.reports.all()),
        events=list(episode.events.order_by("id")),
    )
