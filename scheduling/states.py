"""The life of an appointment: its transitions, and nothing else."""

from scheduling.models import AppointmentStatus

S = AppointmentStatus
TRANSITIONS: dict[AppointmentStatus, frozenset[AppointmentStatus]] = {
    # Somebody who walks in is there already.
    S.HELD: frozenset({S.BOOKED, S.ARRIVED, S.EXPIRED, S.CANCELLED}),
    S.BOOKED: frozenset({S.CONFIRMED, S.ARRIVED, S.CANCELLED, S.NO_SHOW}),
    S.CONFIRMED: frozenset({S.ARRIVED, S.CANCELLED, S.NO_SHOW}),
    # Someone may leave the waiting room before they are seen.
    S.ARRIVED: frozenset({S.IN_PROGRESS, S.CANCELLED}),
    S.IN_PROGRESS: frozenset({S.COMPLETED}),
    S.COMPLETED: frozenset(),
    S.EXPIRED: frozenset(),
    S.CANCELLED: frozenset(),
    S.NO_SHOW: frozenset(),
}

#: Statuses in which a visit may still be moved to another time; it is then booked anew.
MOVABLE = (S.BOOKED, S.CONFIRMED)


def sources(target: AppointmentStatus) -> list[AppointmentStatus]:
    """Return the statuses from which an appointment may move to ``target``."""
    return [source for source, targets in TRANSITIONS.items() if target in targets]
