"""Resource-days of many centers, as the pure rules read them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from clinic.rows import fetch
from scheduling import bits, calendar
from scheduling.calendar import DAY
from scheduling.models import ResourceKind
from scheduling.needs import NO_NEEDS, Needs
from scheduling.slots import Duty, Unit

# Holds that ran out are few, and mostly none: whether there are any is asked in the same breath.
_DAYS = """
SELECT d.id, d.center_id, d."on", d.origin, d.kind, d.shift, d.busy,
    (SELECT EXISTS (SELECT FROM scheduling_appointment a WHERE a.status = 'held' AND a.hold_expires_at <= %(now)s))
FROM scheduling_resourceday d JOIN scheduling_resource r ON r.id = d.resource_id
WHERE d.center_id = ANY(%(centers)s) AND d."on" BETWEEN %(first)s AND %(last)s AND d.kind = ANY(%(kinds)s)
  AND (d.kind <> 'room' OR (r.table_limit_lb >= %(table)s AND (r.lift OR NOT %(lift)s)))
  AND r.active AND NOT r.remote AND d.origin < %(until)s AND d.origin > %(from_)s - interval '25 hours'
"""
# Asked only where somebody must speak a language.
_SILENT = """
SELECT d.id
FROM scheduling_resourceday d JOIN scheduling_resource r ON r.id = d.resource_id
LEFT JOIN clinic_staff s ON s.id = r.staff_id
WHERE d.id = ANY(%(days)s) AND d.kind = ANY(%(kinds)s)
  AND NOT coalesce(s.languages @> ARRAY[%(language)s::varchar], false)
"""
# The mask can't see a clock: a hold that ran out stays in it until the sweep or a taker ends it.
_STALE = """
SELECT o.day_id, d.origin, lower(o.during), upper(o.during)
FROM scheduling_appointment a
JOIN scheduling_occupancy o ON o.appointment_id = a.id AND o.live
JOIN scheduling_resourceday d ON d.id = o.day_id
WHERE a.status = 'held' AND a.hold_expires_at <= %(now)s
"""
# Two branches, since each has its own index: days by center, and the days of the few who are remote.
_DUTIES = """
WITH duty AS (
    SELECT d.resource_id, r.staff_id, d.kind, d.center_id, false AS remote, d."on", d.origin, d.shift
    FROM scheduling_resourceday d JOIN scheduling_resource r ON r.id = d.resource_id
    WHERE d.center_id = ANY(%(centers)s) AND d."on" BETWEEN %(first)s AND %(last)s AND d.kind = ANY(%(kinds)s)
      AND r.active AND NOT r.remote
    UNION ALL
    SELECT d.resource_id, r.staff_id, d.kind, d.center_id, true, d."on", d.origin, d.shift
    FROM scheduling_resource r JOIN scheduling_resourceday d ON d.resource_id = r.id
    WHERE r.remote AND r.active AND r.kind = ANY(%(kinds)s) AND d."on" BETWEEN %(first)s AND %(last)s
)
SELECT duty.resource_id, duty.kind, duty.center_id, duty.remote, duty.origin, duty.shift,
    array_agg(l.state), array_agg(l.expires_on)
FROM duty JOIN clinic_staff s ON s.id = duty.staff_id AND s.is_active
JOIN clinic_license l ON l.staff_id = duty.staff_id AND l.expires_on >= duty."on" - 1
GROUP BY 1, 2, 3, 4, 5, 6
"""


@dataclass(slots=True)
class CenterDay:
    """One center on one local date: the units that a visit may take, but for the people, by index, who do not speak
    the language that is asked for: they count where it is counted what is left for others."""

    on: date
    origin: datetime
    units: list[Unit] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)

    @property
    def among(self) -> list[int] | None:
        """Which of the units the visit may take, by index; None: all of them."""
        return [at for at in range(len(self.units)) if at not in self.silent] if self.silent else None

    @property
    def mine(self) -> list[Unit]:
        """The units that the visit may take."""
        return [unit for at, unit in enumerate(self.units) if at not in self.silent] if self.silent else self.units


def center_days(
    center_ids: Sequence[int],
    *,
    first: date,
    last: date,
    span: tuple[datetime, datetime],
    kinds: Sequence[str],
    now: datetime,
    needs: Needs = NO_NEEDS,
    takes: Sequence[str] = (),
) -> dict[int, list[CenterDay]]:
    """Return each center's days in order, with the units of the kinds given; stale holds count as free.

    Days between two local dates that have any time of ``span``. A unit that is off all day is not there: where none is
    on duty, the center is closed. A room that does not fit the needs is not there either. People of the kinds that the
    visit ``takes`` who do not speak the language that it needs are there, and told apart.
    """
    found: dict[int, dict[date, CenterDay]] = defaultdict(dict)
    days = {"centers": list(center_ids), "first": first, "last": last, "kinds": list(kinds)}
    rooms = {"table": needs.table, "lift": needs.lift}
    rows = fetch(_DAYS, {**days, **rooms, "from_": span[0], "until": span[1], "now": now}, prepare=False)
    stale = _stale(now) if rows and rows[0][-1] else {}
    silent = silent_days([row[0] for row in rows], needs, takes)
    for day_id, center_id, on, origin, kind, shift, busy, _ in rows:
        if not shift.strip(b"\0"):
            continue
        days_of = found[center_id]
        day = days_of.get(on)
        if day is None:
            day = days_of[on] = CenterDay(on, origin)
        taken = int.from_bytes(busy, "little")
        if day_id in stale:
            taken &= ~stale[day_id]
        if day_id in silent:
            day.silent.add(len(day.units))
        day.units.append(Unit(kind, int.from_bytes(shift, "little"), taken))
    return {center_id: [days_of[on] for on in sorted(days_of)] for center_id, days_of in found.items()}


def silent_days(day_ids: Sequence[int], needs: Needs, takes: Sequence[str]) -> set[int]:
    """Return those of the resource-days whose person can't do a visit, since they do not speak the language that it
    needs. Nothing is asked where it needs none."""
    kinds = needs.speakers(takes)
    if not kinds or not day_ids:
        return set()
    asked = {"days": list(day_ids), "kinds": kinds, "language": needs.language}
    return {day_id for (day_id,) in fetch(_SILENT, asked)}


def _stale(now: datetime) -> dict[int, int]:
    """Return the bits of each resource-day that holds which ran out still take."""
    stale: dict[int, int] = defaultdict(int)
    for day_id, origin, start, end in fetch(_STALE, {"now": now}, prepare=False):
        stale[day_id] |= bits.between(origin, start, end)
    return stale


#: A duty of somebody who holds a license, with its last day.
_Held = tuple[Duty, date]


@dataclass(frozen=True, slots=True)
class Cover:
    """Readers and prescribers on duty, by the center where they are, or by the state where remote ones are licensed.

    A license ends with its last day where the patient is: each question names the zone of the center.
    """

    _on_site: dict[tuple[str, int, str], list[_Held]]
    _remote: dict[tuple[str, str], list[_Held]]

    def of(self, kind: ResourceKind, center_id: int, state: str, zone: str) -> list[Duty]:
        """Return who counts at a center: licensed in its state, on site or remote."""
        return [*self.on_site(kind, center_id, state, zone), *self.remote(kind, state, zone)]

    def on_site(self, kind: ResourceKind, center_id: int, state: str, zone: str) -> list[Duty]:
        """Return who is there, and licensed in its state."""
        return _licensed(self._on_site.get((kind, center_id, state), ()), zone)

    def remote(self, kind: ResourceKind, state: str, zone: str) -> list[Duty]:
        """Return who is licensed in a state, and serves it from afar."""
        return _licensed(self._remote.get((kind, state), ()), zone)


def _licensed(held: Iterable[_Held], zone: str) -> list[Duty]:
    return [_until(duty, calendar.origin(zone, last_day + DAY)) for duty, last_day in held]


def _until(duty: Duty, end: datetime) -> Duty:
    """Return a duty without what of it is after an instant."""
    bit = bits.bit_within(duty.origin, end)
    if bit >= duty.shift.bit_length():
        return duty
    return Duty(duty.person, duty.origin, duty.shift & ((1 << max(bit, 0)) - 1))


def cover(center_ids: Sequence[int], *, first: date, last: date) -> Cover:
    """Return who reads and who prescribes, with licenses that are in force on some of it, around these dates.

    A day's margin on both sides: a remote reader's local date may differ from the center's.
    """
    on_site: dict[tuple[str, int, str], list[_Held]] = defaultdict(list)
    remote: dict[tuple[str, str], list[_Held]] = defaultdict(list)
    parameters = {
        "centers": list(center_ids),
        "first": first - timedelta(days=1),
        "last": last + timedelta(days=1),
        "kinds": [ResourceKind.PHYSICIAN.value, ResourceKind.CLINICIAN.value],
    }
    for resource_id, kind, center_id, is_remote, origin, shift, states, ends in fetch(
        _DUTIES, parameters, prepare=False
    ):
        duty = Duty(resource_id, origin, bits.decode(shift))
        for state, last_day in zip(states, ends, strict=True):
            if is_remote:
                remote[kind, state].append((duty, last_day))
            else:
                on_site[kind, center_id, state].append((duty, last_day))
    return Cover(on_site, remote)
