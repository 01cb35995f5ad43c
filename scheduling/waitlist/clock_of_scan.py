"""A rule-out that finds its time after all has its clinical clock back, which a fallback to a call had taken off."""

from clinic.access import Actor
from clinic.models import Episode, EpisodeKind
from clinic.services.episodes import retriage_episode
from scheduling.slots import Deadline


def restore_clock(actor: Actor, *, episode: Episode, deadline: Deadline | None) -> None:
    """Put tier and deadlines back on a locked, open episode. They count from the first answer, as they always did."""
    if deadline is None or episode.tier is not None:
        return
    retriage_episode(
        actor,
        episode=episode,
        kind=EpisodeKind(episode.kind),
        tier=deadline.tier,
        scan_by=deadline.scan_by(episode.center.zone),
        result_by=deadline.result_by,
    )
