"""The same-day reserves of many centers, with how far rule-outs have used them up: two queries, however many."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduling import calendar
from scheduling.models import USES_RESERVE, ResourceKind
from scheduling.reserve import AFTERNOON, MORNING, DayReserve, Policy, Release, half_days
from scheduling.selectors.rows import fetch
from scheduling.slots import Unit, VisitShape
from scheduling.visit_types import rule_out_type, shape_of

_POLICIES = """
SELECT r.center_id, c.zone, r.half, r.scans,
    array_agg(s.minutes_before::int ORDER BY s.minutes_before) FILTER (WHERE s.id IS NOT NULL),
    array_agg(s.kept_percent::int ORDER BY s.minutes_before) FILTER (WHERE s.id IS NOT NULL)
FROM scheduling_reserve r
JOIN clinic_center c ON c.id = r.center_id
LEFT JOIN scheduling_reserverelease s ON s.reserve_id = r.id
WHERE r.center_id = ANY(%(centers)s)
GROUP BY r.id, c.zone
"""
# A hold that ran out uses nothing up, though it stands until the sweep or a taker ends it.
_USED = f"""
SELECT a.center_id, (a.starts_at AT TIME ZONE c.zone)::date, extract(hour FROM a.starts_at AT TIME ZONE c.zone) < 12,
    count(*)
FROM scheduling_appointment a JOIN clinic_center c ON c.id = a.center_id
WHERE a.visit_type_id = %(rule_out)s AND a.starts_at > %(from_)s AND a.starts_at < %(until)s
  AND a.status IN {USES_RESERVE} AND (a.status <> 'held' OR a.hold_expires_at > %(now)s)
  AND a.center_id = ANY(%(centers)s)
GROUP BY 1, 2, 3
"""  # noqa: S608 - built of constants
#: No local day reaches further from an instant than this.
_A_DAY = timedelta(hours=25)

Used = dict[tuple[int, date], Counter[str]]


@dataclass(frozen=True)
class Reserves:
    """What is kept at each center and used on each of its days, as of ``now``."""

    rule_out: VisitShape
    zones: dict[int, str]
    policies: dict[int, dict[str, Policy]]
    used: Used
    now: datetime

    def on(self, center_id: int, on: date, units: Sequence[Unit]) -> DayReserve | None:
        """Return a center's reserve of a local date, on which these units are on duty; None where it keeps none."""
        policies = self.policies.get(center_id)
        if policies is None:
            return None
        staffed = 0
        for unit in units:
            if unit.kind == ResourceKind.ROOM:
                staffed |= unit.shift
        zone = self.zones[center_id]
        spans = half_days(
            self.rule_out,
            policies=policies,
            used=self.used.get((center_id, on), {}),
            origin=calendar.origin(zone, on),
            noon=calendar.noon(zone, on),
            staffed=staffed,
            now=self.now,
        )
        return DayReserve(self.rule_out, spans) if spans else None


def reserves(center_ids: Sequence[int], *, from_: datetime, until: datetime, now: datetime) -> Reserves:
    """Load the reserves of these centers for all days that have any time of a span."""
    rule_out = rule_out_type()
    zones, policies = _policies(center_ids)
    used: Used = {}
    if policies:
        span = {"from_": from_ - _A_DAY, "until": until + _A_DAY, "now": now, "centers": list(policies)}
        used = _used(fetch(_USED, {**span, "rule_out": rule_out.pk}))
    return Reserves(shape_of(rule_out), zones, policies, used, now)


def _policies(center_ids: Sequence[int]) -> tuple[dict[int, str], dict[int, dict[str, Policy]]]:
    zones: dict[int, str] = {}
    found: dict[int, dict[str, Policy]] = defaultdict(dict)
    for center_id, zone, half, scans, minutes, shares in fetch(_POLICIES, {"centers": list(center_ids)}):
        zones[center_id] = zone
        steps = zip(minutes or (), shares or (), strict=True)
        found[center_id][half] = Policy(scans, tuple(Release(at, share) for at, share in steps))
    return zones, dict(found)


def _used(rows: Iterable[tuple[int, date, bool, int]]) -> Used:
    found: Used = defaultdict(Counter)
    for center_id, on, before_noon, count in rows:
        found[center_id, on][MORNING if before_noon else AFTERNOON] += count
    return dict(found)
