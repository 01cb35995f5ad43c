"""What the API says of availability and its edits. Patients are ids: who they are is asked elsewhere."""

from collections import Counter
from collections.abc import Sequence

from scheduling.api.presenters import local
from scheduling.models import Absence, Displacement, DisplacementStatus, ShiftEdit
from scheduling.selectors.displaced import Affected, counted, is_rule_out, must_be_called
from scheduling.selectors.duties import DutyHit
from scheduling.selectors.week import UnitDay, Week
from scheduling.services.editing import Rehearsal


def as_rehearsal(rehearsal: Rehearsal) -> dict[str, object]:
    """What an edit would displace; nothing has changed."""
    return {
        "id": None,
        "kind": rehearsal.edit.kind,
        "dry_run": True,
        "counts": counted(rehearsal.visits),
        "holds": rehearsal.holds,
        "displaced": [_as_affected(each) for each in rehearsal.visits],
        "duties": [_as_duty(each) for each in rehearsal.hits.duties],
        "steps": [{"id": step.pk, "kind": step.kind, "due_at": step.due_at} for step in rehearsal.hits.steps],
    }


def _as_duty(each: DutyHit) -> dict[str, object]:
    return {
        "on": each.on,
        "center": each.center.code,
        "spans": [
            {"starts_at": local(start, each.center.zone), "ends_at": local(end, each.center.zone)}
            for start, end in each.spans
        ],
        "uncovered": list(each.uncovered),
    }


def _as_affected(each: Affected) -> dict[str, object]:
    visit = each.visit
    return {
        "appointment": visit.pk,
        "patient": visit.patient_id,
        "visit_type": visit.visit_type.code,
        "rule_out": each.rule_out,
        "center": visit.center.code,
        "starts_at": local(visit.starts_at, visit.center.zone),
        "status": visit.status,
        "deadline": each.by,
        "minutes_left": None if each.remaining is None else int(each.remaining.total_seconds() // 60),
        "unreachable": each.unreachable,
    }


def as_edit(edit: ShiftEdit, rows: Sequence[Displacement]) -> dict[str, object]:
    """An edit, and what became of everybody whom it displaced."""
    counts = Counter(row.status for row in rows)
    return {
        "id": edit.pk,
        "kind": edit.kind,
        "center": edit.center.code,
        "resource": edit.resource_id,
        "at": edit.at,
        "holds": edit.holds_released,
        "waiting": counts[DisplacementStatus.WAITING],
        "outcomes": dict(sorted(counts.items())),
        "displaced": [_as_displaced(row) for row in rows],
        "call": [row.appointment_id for row in rows if must_be_called(row)],
    }


def _as_displaced(row: Displacement) -> dict[str, object]:
    visit = row.appointment
    return {
        "appointment": visit.pk,
        "patient": visit.patient_id,
        "visit_type": visit.visit_type.code,
        "rule_out": is_rule_out(visit),
        "outcome": row.status,
        "was": {"center": row.was_center.code, "starts_at": local(row.was_starts_at, row.was_center.zone)},
        "center": visit.center.code,
        "starts_at": local(visit.starts_at, visit.center.zone),
        "unreachable": row.unreachable,
        "must_be_called": must_be_called(row),
        "step": row.step_id,
    }


def as_week(week: Week) -> dict[str, object]:
    """A center's week."""
    return {
        "center": week.center.code,
        "first": week.first,
        "days": [
            {
                "on": day.on,
                "opens": day.hours.opens if day.hours else None,
                "closes": day.hours.closes if day.hours else None,
                "closures": [
                    {"starts": each.starts, "ends": each.ends, "reason": each.reason} for each in day.closures
                ],
            }
            for day in week.dates
        ],
        "units": [
            {
                "id": row.unit.pk,
                "kind": row.unit.kind,
                "name": row.unit.name,
                "remote": row.unit.remote,
                "retired_from": row.unit.retired_from,
                "days": [_as_unit_day(day, week.center.zone) for day in row.days],
            }
            for row in week.units
        ],
        "displaced": week.displaced,
    }


def _as_unit_day(day: UnitDay, zone: str) -> dict[str, object]:
    zone = day.center.zone if day.center else zone
    return {
        "on": day.on,
        "center": day.center.code if day.center else None,
        "spans": [{"starts_at": local(start, zone), "ends_at": local(end, zone)} for start, end in day.spans],
        "exception": day.exception,
        "absences": [_as_absence(absence, zone) for absence in day.absences],
        "visits": day.visits,
    }


def _as_absence(absence: Absence, zone: str) -> dict[str, object]:
    starts_at, ends_at = local(absence.starts_at, zone), local(absence.ends_at, zone)
    return {"id": absence.pk, "kind": absence.kind, "starts_at": starts_at, "ends_at": ends_at}
