"""What the rows and the oracle let one expect of an action, and the checks after it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from clinic import clock
from clinic.access import Actor
from clinic.errors import DomainError
from clinic.models import Center, Episode, EpisodeKind, Role, StepKind
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep
from scheduling.models import TAKES_TIME
from scheduling.services.calendar import materialise
from scheduling.services.wanted import SlotChoice
from scheduling.slots import Deadline
from tests.scheduling.machine import rows
from tests.scheduling.machine.questions import compare, drawn
from tests.scheduling.machine.world import DAYS, World, undone
from tests.scheduling.oracle.answer import answer, somebody_reads_and_prescribes
from tests.scheduling.oracle.refusing import refusals
from tests.scheduling.oracle.rota import DAY, House, Network, Visit, date_of, minute_of
from tests.scheduling.oracle.rows import read_network
from tests.scheduling.oracle.scene import Busy, Question, Scene, on_duty

#: A start as it is drawn: how, and which; days ahead, hour and minute where it is any.
Start = tuple[str, int, int, int, int]
#: Minutes from a visit's start: at once, within it, within its buffer, and just past it, on either side.
BESIDE = (0, 0, 10, 20, -20, 30, -30, 40, -40, 60, -60, 5)
#: Whose scan can still be done somewhere or at some time else.
AHEAD = ("booked", "confirmed", "arrived")


class Expecting(RuleBasedStateMachine):
    """Knows the rows as they are now, and the oracle's network."""

    world: ClassVar[World]
    #: When the examples begin.
    morning: ClassVar[datetime]
    steps: ClassVar[Iterator[int]]

    def __init__(self) -> None:
        super().__init__()
        self._undone: AbstractContextManager[None] | None = None

    def _begin(self, morning: datetime, seed: int) -> None:
        self._undone = undone(morning)
        self._undone.__enter__()
        self.chance = Random(seed)
        self.touched = clock.now()
        materialise(days=DAYS)
        self.network = read_network()
        self.rows = rows.read()

    def teardown(self) -> None:
        """Undo the example."""
        if self._undone is not None:
            self._undone.__exit__(None, None, None)

    def _slot(self, kind: str, where: int, at: Start) -> SlotChoice:
        how, which, ahead, hour, minute = at
        center = self.world.centers[where]
        zone = ZoneInfo(center.zone)
        starts_at = datetime.combine(clock.today(center.zone) + ahead * DAY, time(hour, minute), zone).astimezone(UTC)
        there = [row for row in self.rows.appointments if row[1] in TAKES_TIME]
        if how == "beside" and there:
            visit = there[which % len(there)]
            center = next(each for each in self.world.centers if each.pk == visit[2])
            starts_at = visit[7] + timedelta(minutes=BESIDE[which % len(BESIDE)])
            if which % 4:
                starts_at -= timedelta(minutes=starts_at.minute % self.world.visits[kind].step)
        elif how in ("free", "kept"):
            free = self._free(kind if how == "free" else "dvt_scan", center, ahead)
            starts_at = free[which % len(free)] if free else starts_at
        self.touched = starts_at
        return SlotChoice(self.world.types[kind], center, starts_at)

    def _free(self, kind: str, center: Center, ahead: int) -> list[datetime]:
        """The first starts that are free from some day on."""
        now = clock.now()
        asked = Question(
            self.world.visits[kind], now, now + ahead * DAY, now + (ahead + 1) * DAY, code=center.code, limit=9
        )
        return [each.starts_at for each in answer(self.network, self.rows.busy(now), asked)[0]]

    def _against(self, slot: SlotChoice, *, but: tuple[int, ...] = (), moving: tuple[int, ...] = ()) -> set[str]:
        """``but`` was given up before; ``moving`` gives its time up for this one, and may keep what it had."""
        now = clock.now()
        asked = Question(visit=self.world.visits[slot.visit_type.kind], now=now, since=now, until=now)
        before, busy = self.rows.busy(now, but=but), self.rows.busy(now, but=(*but, *moving))
        return refusals(self.network, busy, asked, self._house(slot.center), slot.starts_at, before)

    def _against_hold(self, actor: Actor, hold: tuple[Any, ...]) -> set[str]:
        if hold[9] != actor.key:
            return {"hold_not_found"}
        if hold[1] == "held":
            return {"hold_expired"} if hold[10] <= clock.now() else set()
        # Given back, or ended by the sweep: it was a hold to its end. A booking that was cancelled reads as ended too.
        return {"hold_expired"} if hold[1] in ("expired", "cancelled") else {"hold_already_used"}

    def _against_patient(self, patient: int, kind: str, episode: Episode | None, starts_at: datetime) -> set[str]:
        found = {"patient_booked_then"} if self._overlapped(patient, starts_at, kind) else set()
        if episode is None:
            return found | (set() if kind == "consult" else {"episode_needed"})
        step = {"dvt_scan": "scan", "repeat_scan": "follow_up_scan"}.get(kind, kind)
        live = [row[3] for row in self.rows.steps if row[1] == episode.pk and row[2] == step and row[3] in rows.LIVE]
        return found | ({"visit_booked_already"} if live and set(live) == {"scheduled"} else set())

    def _overlapped(self, patient: int, starts_at: datetime, kind: str, but: int = 0) -> bool:
        ends_at = starts_at + timedelta(minutes=self.world.visits[kind].minutes)
        return any(
            row[4] == patient and row[1] in TAKES_TIME and row[0] != but and row[7] < ends_at and starts_at < row[8]
            for row in self.rows.appointments
        )

    def _past_deadline(self, visit: tuple[Any, ...], starts_at: datetime) -> bool:
        scan_by, result_by = next(row[3:5] for row in self.rows.episodes if row[0] == visit[5])
        if visit[3] != "dvt_scan" or starts_at <= visit[7] or scan_by is None:
            return False
        kind = self.world.visits["dvt_scan"]
        return starts_at > scan_by or starts_at + timedelta(minutes=kind.minutes + kind.reading) > result_by

    def _edits(self, write: Callable[[], Any], service: Callable[[], Any]) -> None:
        """An edit of the rota is refused with the visits that it would displace, or displaces none.

        ``write`` writes its row alone: so is known beforehand what the rota would be.
        """
        with transaction.atomic():
            write()
            displaced = self._displaced(read_network())
            transaction.set_rollback(True)
        refused = _refusal(service)
        if refused is None:
            assert not displaced, displaced
            self.network = read_network()
        else:
            assert (refused.code, refused.extra["appointments"]) == ("shift_displaces_bookings", sorted(displaced))
        self._settle(same=refused is not None)

    def _displaced(self, network: Network) -> set[int]:
        """The visits of today and later whose units would not be on duty for them, and the tier-1 scans that nobody
        would read and treat any more."""
        found, now = set(), clock.now()
        appointments = {row[0]: row for row in self.rows.appointments}
        for pk, unit, *_ in self.rows.taken:
            visit = appointments[pk]
            status, center, kind, starts_at, expires_at = visit[1], visit[2], visit[3], visit[7], visit[10]
            house, start = network.houses[center], minute_of(starts_at)
            on = date_of(start, house.zone)
            minutes = network.at(house, network.units[unit], on)
            stale = status == "held" and expires_at <= now
            over = visit[8] <= now or on < clock.today(house.zone)
            length = self.world.visits[kind]
            kept = on_duty(minutes, start, length) and (
                network.units[unit].kind != "overflow" or _somebody_scans(network, house, on, start, length)
            )
            if not stale and not over and not kept:
                found.add(pk)
        urgent = {row[0] for row in self.rows.episodes if row[5] == 1}
        ahead = [
            visit
            for visit in appointments.values()
            if (visit[3], visit[5] in urgent) == ("dvt_scan", True) and visit[1] in AHEAD and visit[7] > now
        ]
        return found | {visit[0] for visit in ahead if self._read(self.network, visit) > self._read(network, visit)}

    def _read(self, network: Network, visit: tuple[Any, ...]) -> bool:
        """Whether a tier-1 scan would be read and treated at once."""
        house, start, now = network.houses[visit[2]], minute_of(visit[7]), clock.now()
        question = Question(visit=self.world.visits["dvt_scan"], now=now, since=now, until=visit[8], tier=1)
        scene = Scene(network, Busy(), question, house, date_of(start, house.zone))
        return somebody_reads_and_prescribes(scene, start)

    def _tries(self, work: Callable[[], Any], against: set[str]) -> None:
        """Do it where nothing speaks against it; else it is refused for one of the reasons, and nothing has changed."""
        refused = _refusal(work)
        if refused is None:
            assert not against, against
        else:
            assert refused.code in against, (refused.code, against)
        self._settle(same=refused is not None)

    def _settle(self, *, same: bool = False) -> None:
        """Check everything, and compare a search."""
        found, now = rows.read(), clock.now()
        assert not same or found == self.rows
        self.rows = found
        rows.check(found, self.network, self.world.visits, now)
        kind, question = drawn(self.chance, self.world.visits, now, self.touched)
        compare(self.network, found.busy(now), self.world.types[kind], question)
        next(self.steps)

    def _house(self, center: Center) -> House:
        return self.network.houses[center.pk]

    def _held_by(self, actor: Actor) -> tuple[int, ...]:
        return tuple(row[0] for row in self.rows.appointments if row[1] == "held" and row[9] == actor.key)

    def _booked(self) -> list[tuple[Any, ...]]:
        return [row for row in self.rows.appointments if row[4] is not None]

    def _episode(self, whom: int, kind: str, care: int) -> Episode | None:
        """The episode that a visit is booked in: none, the patient's latest, or a new one that waits for a scan."""
        if care % 8 == 0 or (kind == "consult" and care % 2):
            return None
        patient, now = self.world.patients[whom], clock.now()
        latest = Episode.objects.filter(patient=patient, status="open").order_by("-id").first()
        if latest is not None and care % 3 == 0:
            return latest
        center, tier = self.world.centers[care % 4], (None, 1, 1, 2)[care // 4 % 4]
        deadline = Deadline(tier, now) if tier else None
        opened = open_episode(
            self.world.holders[0],
            patient=patient,
            kind=EpisodeKind.SUSPECTED_DVT,
            center=center,
            clock_started_at=now,
            tier=tier,
            scan_by=deadline.scan_by(center.zone) if deadline else None,
            result_by=deadline.result_by if deadline else None,
            first_steps=[NewStep(kind=StepKind.BOOKING, due_at=now, owner_role=Role.REPRESENTATIVE)],
        )
        self.rows = rows.read()
        return opened


def _somebody_scans(network: Network, house: House, on: date, start: int, visit: Visit) -> bool:
    """Whether sonographers are on duty for an add-on, which takes none of them."""
    scanning = {minute for _, minutes in network.on_site(house, "sonographer", on) for minute in minutes}
    return scanning.issuperset(range(start, start + visit.minutes))


def _refusal(work: Callable[[], Any]) -> DomainError | None:
    try:
        work()
    except DomainError as refused:
        return refused
    return None
