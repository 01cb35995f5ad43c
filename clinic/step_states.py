"""The life of a step: its transitions, and nothing else."""

from clinic.models.episode import StepStatus

S = StepStatus
TRANSITIONS: dict[StepStatus, frozenset[StepStatus]] = {
    S.OPEN: frozenset({S.SCHEDULED, S.ESCALATED, S.DONE, S.MISSED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.OPEN, S.ESCALATED, S.DONE, S.MISSED, S.CANCELLED}),
    # Overdue again: it is raised once more, to the role above that.
    S.ESCALATED: frozenset({S.ESCALATED, S.SCHEDULED, S.DONE, S.MISSED, S.CANCELLED}),
    S.DONE: frozenset(),
    S.MISSED: frozenset(),
    S.CANCELLED: frozenset(),
}


def sources(target: StepStatus) -> list[StepStatus]:
    """Return the statuses from which a step may move to ``target``."""
    return [source for source, targets in TRANSITIONS.items() if target in targets]
