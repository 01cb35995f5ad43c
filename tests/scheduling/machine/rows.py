"""What must hold after every step, asked of the rows."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from clinic.models import Episode, Step
from scheduling.models import TAKES_TIME, Appointment, Occupancy, Overbook, ResourceDay
from tests.scheduling.oracle.add_ons import MOST_A_HALF_DAY
from tests.scheduling.oracle.rota import MINUTE, Network, Visit, date_of, instant, minute_of
from tests.scheduling.oracle.scene import Busy, on_duty

LIVE = ("open", "scheduled", "escalated")
_ZERO = bytes(38)


@dataclass(frozen=True)
class Rows:
    """What an action may change: read before and after it, so that a refusal is seen to have changed nothing."""

    appointments: tuple[tuple[Any, ...], ...]
    taken: tuple[tuple[Any, ...], ...]
    steps: tuple[tuple[Any, ...], ...]
    episodes: tuple[tuple[Any, ...], ...]
    #: Add-ons, each with who approved it.
    approved: tuple[tuple[Any, ...], ...]

    def busy(self, now: datetime, *, but: tuple[int, ...] = ()) -> Busy:
        """What stands; a hold that ran out takes nothing, nor does what ``but`` leaves out."""
        given_back = {row[0] for row in self.appointments if row[1] == "held" and row[10] <= now} | set(but)
        minutes: dict[int, set[int]] = defaultdict(set)
        for row in self.taken:
            if row[0] not in given_back:
                minutes[row[1]].update(range(minute_of(row[4].lower), minute_of(row[4].upper)))
        added = {row[0] for row in self.approved}
        rule_outs: dict[int, list[int]] = defaultdict(list)
        add_ons: dict[int, list[int]] = defaultdict(list)
        for row in self.appointments:
            if row[3] == "dvt_scan" and row[1] in (*TAKES_TIME, "completed") and row[0] not in given_back:
                rule_outs[row[2]].append(minute_of(row[7]))
                if row[0] in added:
                    add_ons[row[2]].append(minute_of(row[7]))
        return Busy(minutes, rule_outs, add_ons)


def read() -> Rows:
    """Read them all: an example has few."""
    visits = Appointment.objects.order_by("id").values_list(
        "id", "status", "center_id", "visit_type__kind", "patient_id", "episode_id", "step_id", "starts_at", "ends_at",
        "holder", "hold_expires_at", "sequence", "started_at",
    )  # fmt: skip
    taken = (
        Occupancy.objects.filter(live=True)
        .order_by("resource_id", "during")
        .values_list("appointment_id", "resource_id", "resource__kind", "day_id", "during", "day__origin")
    )
    steps = Step.objects.order_by("id").values_list("id", "episode_id", "kind", "status", "due_at", "attended_since")
    episodes = Episode.objects.order_by("id").values_list("id", "patient_id", "status", "scan_by", "result_by", "tier")
    approved = Overbook.objects.order_by("appointment_id").values_list("appointment_id", "approved_by_id")
    return Rows(tuple(visits), tuple(taken), tuple(steps), tuple(episodes), tuple(approved))


def check(rows: Rows, network: Network, visits: dict[str, Visit], now: datetime) -> None:
    """Nothing is taken twice, nobody is in two places, the masks say what is taken, nobody is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    _nobody_is_forgotten(rows)
    _no_resource_is_taken_twice(rows)
    _no_patient_is_in_two_places(rows)
    _masks_are_what_is_taken(rows)
    _every_visit_has_what_it_takes(rows, network, visits, now)
    _no_half_day_has_too_many_add_ons(rows, network, now)
    _a_scheduled_step_has_its_visit(rows)
    _a_step_is_attended_while_its_patient_is_here(rows)


def _no_resource_is_taken_twice(rows: Rows) -> None:
    for one, other in pairwise(rows.taken):
        assert one[1] != other[1] or one[4].upper <= other[4].lower, (one, other)


def _no_patient_is_in_two_places(rows: Rows) -> None:
    spans = defaultdict(list)
    for row in rows.appointments:
        if row[1] in TAKES_TIME and row[4] is not None:
            spans[row[4]].append((row[7], row[8]))
    for each in spans.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(each))), each


def _masks_are_what_is_taken(rows: Rows) -> None:
    expected: dict[int, set[int]] = defaultdict(set)
    for _, _, _, day, during, origin in rows.taken:
        since = minute_of(origin)
        expected[day] |= {(minute - since) // 5 for minute in range(minute_of(during.lower), minute_of(during.upper))}
    for pk, busy in ResourceDay.objects.exclude(busy=_ZERO).values_list("id", "busy"):
        stored = int.from_bytes(bytes(busy), "little")
        assert {bit for bit in range(304) if stored >> bit & 1} == expected.pop(pk, set()), pk
    assert not expected


def _every_visit_has_what_it_takes(rows: Rows, network: Network, visits: dict[str, Visit], now: datetime) -> None:
    """One unit of each kind, on duty there then, for the visit and its buffer; what has ended has nothing.

    An add-on has the overflow unit and nothing else.
    """
    taken, added = defaultdict(list), {row[0] for row in rows.approved}
    for row in rows.taken:
        taken[row[0]].append(row)
    for pk, status, center, kind, *_, starts_at, ends_at, _holder, expires_at, _sequence, _started in rows.appointments:
        found, visit = taken.pop(pk, []), visits[kind]
        takes = ["overflow"] if pk in added else sorted(visit.takes)
        wanted = takes if status in TAKES_TIME else []
        assert sorted(row[2] for row in found) == wanted, (pk, status, found)
        assert ends_at - starts_at == visit.minutes * MINUTE
        house = network.houses[center]
        for row in found:
            assert (row[4].lower, row[4].upper) == (starts_at, ends_at + visit.buffer * MINUTE)
            if starts_at > now and (status != "held" or expires_at > now):
                start = minute_of(starts_at)
                minutes = network.at(house, network.units[row[1]], date_of(start, house.zone))
                assert on_duty(minutes, start, visit), (pk, row)
    assert not taken


def _no_half_day_has_too_many_add_ons(rows: Rows, network: Network, now: datetime) -> None:
    for pk, starts in rows.busy(now).add_ons.items():
        walls = [instant(start).astimezone(ZoneInfo(network.houses[pk].zone)) for start in starts]
        halves = Counter((wall.date(), wall.hour < 12) for wall in walls)
        assert all(count <= MOST_A_HALF_DAY for count in halves.values()), halves


def _nobody_is_forgotten(rows: Rows) -> None:
    owed = {row[1] for row in rows.steps if row[3] in LIVE}
    assert {row[0] for row in rows.episodes if row[2] == "open"} <= owed


def _a_scheduled_step_has_its_visit(rows: Rows) -> None:
    ahead = {row[6]: row for row in rows.appointments if row[1] in TAKES_TIME and row[6] is not None}
    for pk, _, _, status, due_at, _ in rows.steps:
        if status == "scheduled":
            assert pk in ahead, pk
            # It is due when the visit starts: whoever was early may have been begun with early.
            assert due_at == min(ahead[pk][7], ahead[pk][12] or ahead[pk][7]), pk


def _a_step_is_attended_while_its_patient_is_here(rows: Rows) -> None:
    here = {row[6] for row in rows.appointments if row[1] in ("arrived", "in_progress")}
    assert {row[0] for row in rows.steps if row[5] is not None} == here
