"""Visits that an edit displaces or displaced: by their remaining clock, and who must be called."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from clinic import clock
from clinic.selectors.reach import unreachable
from scheduling.displacing import clock_of
from scheduling.models import Appointment, AppointmentStatus, Displacement, DisplacementStatus, ShiftEdit, VisitKind

#: Whoever is here is seen, or told by a person: nobody moves them from afar.
HERE = (AppointmentStatus.ARRIVED, AppointmentStatus.IN_PROGRESS)
D = DisplacementStatus


@dataclass(frozen=True, slots=True)
class Affected:
    """One visit that loses its time. ``by`` is its clinical deadline, ``remaining`` what is left of it."""

    visit: Appointment
    rule_out: bool
    by: datetime | None
    remaining: timedelta | None
    unreachable: str
    here: bool


def affected(visits: Sequence[Appointment]) -> list[Affected]:
    """Return visits in the order in which they are rebooked: rule-outs by their deadline, then routine by their start.

    ``patient``, ``episode`` and ``visit_type`` are loaded.
    """
    now = clock.now()
    unreached = unreachable(visit.patient for visit in visits if visit.patient is not None)
    found = [_affected(visit, unreached.get(visit.patient_id or 0, ""), now) for visit in visits]
    return sorted(found, key=lambda each: order_of(each.visit))


def _affected(visit: Appointment, unreached: str, now: datetime) -> Affected:
    rule_out, episode = is_rule_out(visit), visit.episode
    limits = [limit for limit in (episode.scan_by, episode.result_by) if limit] if episode and rule_out else []
    by = min(limits, default=None)
    return Affected(
        visit=visit,
        rule_out=rule_out,
        by=by,
        remaining=by - now if by else None,
        unreachable=unreached,
        here=visit.status in HERE,
    )


def order_of(visit: Appointment) -> tuple[bool, datetime, datetime, int]:
    """Return a visit's place in line."""
    rule_out, episode = is_rule_out(visit), visit.episode
    by = clock_of(
        rule_out=rule_out,
        scan_by=episode.scan_by if episode else None,
        result_by=episode.result_by if episode else None,
        starts_at=visit.starts_at,
    )
    return not rule_out, by, visit.starts_at, visit.pk


def is_rule_out(visit: Appointment) -> bool:
    """Whether a visit is a rule-out, under a clinical clock."""
    return bool(visit.visit_type.kind == VisitKind.DVT_SCAN)


def counted(visits: Iterable[Affected]) -> dict[str, object]:
    """Return the counts of a rehearsal: rule-outs, routine visits by kind, who is here, whom no text reaches."""
    rows = list(visits)
    routine = Counter(each.visit.visit_type.kind for each in rows if not each.rule_out)
    return {
        "rule_outs": sum(each.rule_out for each in rows),
        "routine": dict(sorted(routine.items())),
        "here": sum(each.here for each in rows),
        "unreachable": sum(bool(each.unreachable) for each in rows),
    }


def waiting() -> list[Displacement]:
    """Return the displaced visits that wait to be rebooked, in order."""
    rows = Displacement.objects.filter(status=D.WAITING).select_related(
        "appointment__visit_type", "appointment__episode"
    )
    return sorted(rows, key=lambda row: order_of(row.appointment))


def outcome(edit: ShiftEdit) -> list[Displacement]:
    """Return what became of everybody whom an edit displaced, those whom a person must call first."""
    rows = list(_shown().filter(edit=edit))
    return sorted(rows, key=lambda row: (not must_be_called(row), order_of(row.appointment)))


def must_be_called(row: Displacement) -> bool:
    """Whether a person must call or speak with this patient."""
    if row.status in (D.CANCELLED, D.ON_SITE, D.LEFT):
        return True
    return row.status == D.MOVED and bool(row.unreachable)


def _shown() -> QuerySet[Displacement]:
    return Displacement.objects.select_related(
        "appointment__visit_type",
        "appointment__episode",
        "appointment__patient",
        "appointment__center",
        "was_center",
        "step",
    )


def recent_edits(center_id: int, most: int = 10) -> list[ShiftEdit]:
    """Return a center's last edits, newest first."""
    return list(ShiftEdit.objects.filter(center_id=center_id).select_related("resource").order_by("-at", "-id")[:most])
