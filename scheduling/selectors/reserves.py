"""The same-day reserves of many centers, with how far rule-outs have used them up: one query, however many."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from clinic.rows import fetch
from scheduling import bits, calendar
from scheduling.models import USES_RESERVE, ResourceKind
from scheduling.reserve import DayReserve, Policy, Release, half_days, plenty
from scheduling.slots import Unit, VisitShape

# One statement, since a search waits for it. A hold that ran out uses nothing up, though it stands until the sweep or a
# taker ends it.
_RESERVES = f"""
WITH used AS (
    SELECT a.center_id, (a.starts_at AT TIME ZONE c.zone)::date AS on_date,
        CASE WHEN extract(hour FROM a.starts_at AT TIME ZONE c.zone) < 12 THEN 'morning' ELSE 'afternoon' END AS half,
        count(*)::int AS scans
    FROM scheduling_appointment a
    JOIN clinic_center c ON c.id = a.center_id
    WHERE a.visit_type_id = (SELECT id FROM scheduling_visittype WHERE kind = 'dvt_scan')
      AND a.starts_at > %(from_)s AND a.starts_at < %(until)s
      AND a.status IN {USES_RESERVE} AND (a.status <> 'held' OR a.hold_expires_at > %(now)s)
      AND a.center_id = ANY(%(centers)s)
    GROUP BY 1, 2, 3
)
SELECT r.center_id, c.zone, r.half, r.scans,
    ARRAY(SELECT s.minutes_before::int FROM scheduling_reserverelease s WHERE s.reserve_id = r.id ORDER BY 1 DESC),
    ARRAY(SELECT s.kept_percent::int FROM scheduling_reserverelease s WHERE s.reserve_id = r.id
          ORDER BY s.minutes_before DESC),
    ARRAY(SELECT u.on_date FROM used u WHERE (u.center_id, u.half) = (r.center_id, r.half) ORDER BY u.on_date),
    ARRAY(SELECT u.scans FROM used u WHERE (u.center_id, u.half) = (r.center_id, r.half) ORDER BY u.on_date),
    v.minutes, v.buffer_minutes, v.reading_minutes, v.step_minutes, v.takes
FROM scheduling_reserve r
JOIN clinic_center c ON c.id = r.center_id
JOIN scheduling_visittype v ON v.kind = 'dvt_scan'
WHERE r.center_id = ANY(%(centers)s)
"""  # noqa: S608 - built of constants
#: No local day reaches further from an instant than this.
_A_DAY = timedelta(hours=25)


@dataclass(frozen=True)
class Reserves:
    """What is kept at each center and used on each of its days, as of ``now``; without ``rule_out`` nothing is."""

    rule_out: VisitShape | None
    now: datetime
    rows: dict[int, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))

    def starts(
        self,
        center_id: int,
        on: date,
        shape: VisitShape,
        units: Sequence[Unit],
        free: int,
        *,
        among: Collection[int] | None = None,
    ) -> Iterator[int]:
        """Yield, lowest first, those of the ``free`` starts of a day that the reserve leaves to a routine visit, which
        takes units ``among`` these, by index, where they are settled."""
        rows = self.rows.get(center_id) if free else None
        if rows is None or self.rule_out is None:
            return bits.positions(free)
        most, noon = max(row[3] for row in rows), calendar.noon(rows[0][1], on)
        if plenty(shape, self.rule_out, free, most=most, noon=noon, staffed=_staffed(units)):
            return bits.positions(free)
        reserve = self.on(center_id, on, units)
        return reserve.starts(shape, units, free, among=among) if reserve else bits.positions(free)

    def on(self, center_id: int, on: date, units: Sequence[Unit]) -> DayReserve | None:
        """Return a center's reserve of a local date, on which these units are on duty; None where it keeps none."""
        policies = self.policies(center_id)
        if not policies or self.rule_out is None:
            return None
        zone = self.rows[center_id][0][1]
        spans = half_days(
            self.rule_out,
            policies=policies,
            used=self.used(center_id, on),
            origin=calendar.origin(zone, on),
            noon=calendar.noon(zone, on),
            staffed=_staffed(units),
            now=self.now,
        )
        return DayReserve(self.rule_out, spans) if spans else None

    def policies(self, center_id: int) -> dict[str, Policy]:
        """Return what a center keeps in each half-day."""
        return {
            half: Policy(scans, tuple(map(Release, minutes, shares)))
            for _, _, half, scans, minutes, shares, *_ in self.rows.get(center_id, ())
        }

    def used(self, center_id: int, on: date) -> dict[str, int]:
        """Return how many rule-outs each half-day of a date has."""
        return {row[2]: dict(zip(row[6], row[7], strict=True)).get(on, 0) for row in self.rows.get(center_id, ())}


def reserves(center_ids: Sequence[int], *, from_: datetime, until: datetime, now: datetime) -> Reserves:
    """Load the reserves of these centers for all days that have any time of a span, in one query."""
    span = {"from_": from_ - _A_DAY, "until": until + _A_DAY, "now": now, "centers": list(center_ids)}
    rows = fetch(_RESERVES, span, prepare=False)
    found = Reserves(_shape(*rows[0][8:13]) if rows else None, now)
    for row in rows:
        found.rows[row[0]].append(row)
    return found


def _shape(minutes: int, buffer: int, reading: int, step: int, takes: list[str]) -> VisitShape:
    return VisitShape(minutes, buffer, reading, step, tuple(takes))


def _staffed(units: Sequence[Unit]) -> int:
    """Return the bits at which a room is open."""
    mask = 0
    for unit in units:
        if unit.kind == ResourceKind.ROOM:
            mask |= unit.shift
    return mask
