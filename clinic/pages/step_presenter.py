"""How a step is shown: what it is, whose, where, and how long is left."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import LIVE_STEP, Role, Step, StepKind
from clinic.pages.step_forms import outcome_words
from clinic.pages.tones import left_in_words, tone_of, tone_of_deadline
from clinic.watchdog import LOSSES

_LOST = {loss.code: loss.title for loss in LOSSES}


@dataclass(frozen=True)
class StepLine:
    """One step as a list shows it."""

    step: Step
    owner: str
    place: str
    zone: str
    left: str
    tone: str
    status_tone: str
    outcome: str
    lost: str

    @property
    def window(self) -> str:
        """The days on which it may happen; empty where it has no window of days."""
        starts, ends = self.step.window_start, self.step.window_end
        if starts is None or ends is None:
            return ""
        first, last = (date_format(at.astimezone(ZoneInfo(self.zone)), "M j") for at in (starts, ends))
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def live(self) -> bool:
        """Whether it still waits to be done."""
        return self.step.status in LIVE_STEP


def as_line(step: Step, now: datetime) -> StepLine:
    """Present a step whose episode, center and owner are loaded."""
    center = step.center or step.episode.center
    live = step.status in LIVE_STEP and step.due_at is not None
    return StepLine(
        step=step,
        owner=owner_of(step),
        place=center.short_name,
        zone=center.zone,
        left=left_in_words(step.due_at, now) if live and step.due_at else "",
        tone=tone_of_deadline(step.due_at, now) if live and step.due_at else "neutral",
        status_tone=tone_of(step.status),
        outcome=outcome_words(step.outcome),
        lost=_LOST.get(step.plan_code, "") if step.kind == StepKind.LOOSE_END else "",
    )


def owner_of(step: Step) -> str:
    """Name the person who owns a step, or the role."""
    if step.owner is not None:
        return str(step.owner)
    return Role(step.owner_role).label if step.owner_role else _("Nobody")
