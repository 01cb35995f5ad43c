"""Everything that people do with time, in any order; after every step the rows are checked and a search is compared."""

from collections.abc import Callable
from datetime import date, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from clinic import clock
from clinic.db import in_transaction
from clinic.models import Center, ClosingReason, Closure, License, OpeningHours
from clinic.services.episodes import close_episode
from scheduling.models import Resource, ShiftException
from scheduling.reserve import DEFAULT_RELEASE, Release
from scheduling.services import sweeps, visits
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.holding import expire_holds, hold_slot, release_hold
from scheduling.services.hours import follow_hours
from scheduling.services.rescheduling import reschedule
from scheduling.services.reserves import set_reserve
from scheduling.services.shifts import change_shift
from scheduling.waitlist.overbooking import overbook
from tests.scheduling.machine import rows
from tests.scheduling.machine.adding_on import AddingOn
from tests.scheduling.machine.expecting import Start
from tests.scheduling.machine.world import DAYS
from tests.scheduling.oracle.rota import DAY, date_of, minute_of
from tests.scheduling.oracle.rows import read_network

whichever = st.integers(0, 99)
places = st.integers(0, 3)
kinds = st.sampled_from(["dvt_scan", "dvt_scan", "repeat_scan", "consult", "follow_up_visit"])
#: A start: one that is free (kept: for a rule-out), at or beside a visit that is there, or any; few, so that they meet.
starts = st.tuples(
    st.sampled_from(["free", "free", "free", "kept", "beside", "beside", "any"]),
    whichever,
    st.sampled_from([0, 0, 1, 1, 2, 4]),
    st.sampled_from([1, 8, 9, 10, 11, 15]),
    st.sampled_from([0, 20, 40, 15, 45, 10, 7]),
)
shifts = st.sampled_from(
    [
        None,
        (time(8), time(20)),
        (time(9), time(12)),
        (time(10, 30), time(18)),
        (time(9, 20), time(10, 50)),
        (time(20), time(6)),
    ]
)

EDITS = ["shift", "shift", "shift elsewhere", "closure", "hours", "license", "episode", "reserve", "reserve"]
SIZES = (0, 1, 3, 6, 12)
#: Whose add-on: somebody of either tier who waits for a scan, the patient seen last, or one without a clock.
CARES = (4, 5, 9, 12, 13, 14, 1, 3)
RELEASES = (DEFAULT_RELEASE, (), (Release(240, 50), Release(0, 0)), (Release(1440, 75), Release(-30, 25)))
#: The statuses in which each thing may befall a visit.
FROM = {
    "confirm": ("booked",),
    "check_in": ("booked", "confirmed"),
    "start": ("arrived",),
    "complete": ("in_progress",),
    "cancel": ("booked", "confirmed", "arrived"),
    "no_show": ("booked", "confirmed"),
}


class Scheduling(AddingOn):
    """One example: a morning at four centers, undone at its end."""

    @initialize(seed=st.integers(0, 9999))
    def begin(self, seed: int) -> None:
        """The calendar opens."""
        self._begin(self.morning, seed)

    # Time, and what it does

    @rule(minutes=st.sampled_from([0, 0, 0, 0, 1, 5, 10, 11, 11, 35, 61, 180, 600]), swept=st.booleans())
    def time_passes(self, minutes: int, swept: bool) -> None:
        """Some minutes, or all those until the next visit starts; then the sweeps run, or do not yet."""
        now = clock.now()
        coming = [row[7] for row in self._booked() if row[1] in ("booked", "confirmed") and row[7] > now]
        clock.advance(timedelta(minutes=minutes) if minutes or not coming else min(coming) - now)
        if clock.now().date() > now.date():
            materialise(days=DAYS)
        if swept:
            self._sweep()
        self._settle()

    def _sweep(self) -> None:
        now = clock.now()
        stale = {row[0] for row in self.rows.appointments if row[1] == "held" and row[10] <= now}
        assert expire_holds() == len(stale)
        sweeps.mark_no_shows()
        assert {row[0] for row in rows.read().appointments if row[1] == "expired"} >= stale

    # Holds and bookings

    @rule(who=places, kind=kinds, where=places, at=starts)
    def hold(self, who: int, kind: str, where: int, at: Start) -> None:
        actor, slot = self.world.holders[who], self._slot(kind, where, at)
        given_back = self._held_by(actor) if actor.handle else ()
        self._tries(lambda: hold_slot(actor, slot=slot), self._against(slot, but=given_back))

    @rule(who=st.integers(0, 1), whom=places, kind=kinds, where=places, at=starts, care=whichever)
    def book_a_slot(self, who: int, whom: int, kind: str, where: int, at: Start, care: int) -> None:
        slot, patient = self._slot(kind, where, at), self.world.patients[whom]
        episode = self._episode(whom, kind, care)
        against = self._against(slot) | self._against_patient(patient.pk, kind, episode, slot.starts_at)
        actor = self.world.holders[who]
        self._tries(lambda: book(actor, patient=patient, slot=slot, episode=episode), against)

    @precondition(lambda self: any(row[1] == "held" for row in self.rows.appointments))
    @rule(who=st.integers(0, 1), whom=places, which=whichever, own=st.booleans(), care=whichever)
    def book_a_hold(self, who: int, whom: int, which: int, own: bool, care: int) -> None:
        there = [row for row in self.rows.appointments if row[9].startswith("staff:")] or list(self.rows.appointments)
        held = [row for row in there if row[1] == "held"]
        hold = held[which % len(held)] if held and which % 5 else there[which % len(there)]
        patient = self.world.patients[whom]
        actor = next((each for each in self.world.holders[:2] if own and each.key == hold[9]), self.world.holders[who])
        episode = self._episode(whom, hold[3], care)
        against = self._against_hold(actor, hold) | self._against_patient(patient.pk, hold[3], episode, hold[7])
        self.touched = hold[7]
        self._tries(lambda: book(actor, patient=patient, hold_id=hold[0], episode=episode), against)

    @precondition(lambda self: any(row[1] == "held" for row in self.rows.appointments))
    @rule(who=places, which=whichever)
    def give_a_hold_back(self, who: int, which: int) -> None:
        held = [row for row in self.rows.appointments if row[1] == "held"]
        hold = held[which % len(held)] if which % 5 else self.rows.appointments[which % len(self.rows.appointments)]
        self.touched = hold[7]
        actor = next(
            (each for each in self.world.holders if which % 3 and each.key == hold[9]), self.world.holders[who]
        )
        self._tries(lambda: release_hold(actor, hold_id=hold[0]), self._against_hold(actor, hold))

    # Add-ons

    @rule(
        who=st.integers(0, 4), whom=places, where=places, at=starts, care=st.sampled_from([4, 5, 9, 12, 13, 14, 1, 3])
    )
    def add_on(self, who: int, whom: int, where: int, at: Start, care: int) -> None:
        """Somebody asks for an add-on, mostly at a time at which the oracle finds one; every such time is offered."""
        episode = self._episode(whom, "dvt_scan", care)
        if episode is None:
            raise AssertionError("An episode was opened.")
        center, actor = self.world.centers[where], self.world.approvers[who]
        starts_at = self._add_on_start(episode, center, at)
        against = self._against_add_on(actor, episode, center, starts_at)
        against |= self._against_patient(episode.patient_id, "dvt_scan", episode, starts_at)
        self._tries(
            lambda: overbook(actor, episode=episode, center=center, starts_at=starts_at, reason="too_far"), against
        )

    # The life of a visit

    @precondition(lambda self: self._booked())
    @rule(which=whichever, clinical=st.booleans(), where=places, at=starts, stays=st.booleans())
    def move_a_visit(self, which: int, clinical: bool, where: int, at: Start, stays: bool) -> None:
        ready = [row for row in self._booked() if row[1] in ("booked", "confirmed")]
        visits_there = ready if ready and which % 5 else self._booked()
        visit = visits_there[which % len(visits_there)]
        place = next(i for i, each in enumerate(self.world.centers) if each.pk == visit[2]) if stays else where
        slot = self._slot(visit[3], place, at)
        against = self._against(slot, moving=(visit[0],))
        if visit[1] not in ("booked", "confirmed"):
            against.add("stale_state")
        if self._overlapped(visit[4], slot.starts_at, visit[3], but=visit[0]):
            against.add("patient_booked_then")
        if not clinical and self._past_deadline(visit, slot.starts_at):
            against.add("past_deadline")
        actor = self.world.clinician if clinical else self.world.holders[0]
        self._tries(
            lambda: reschedule(actor, appointment_id=visit[0], starts_at=slot.starts_at, center=slot.center), against
        )

    @precondition(lambda self: self._booked())
    @rule(which=whichever, verb=st.sampled_from([*FROM, "check_in"]))
    def a_visit_goes_on(self, which: int, verb: str) -> None:
        ready = [row for row in self._booked() if row[1] in FROM[verb]]
        visits_there = ready if ready and which % 5 else self._booked()
        visit = visits_there[which % len(visits_there)]
        self.touched = visit[7]
        zone, now = self.network.houses[visit[2]].zone, clock.now()
        against = set() if visit[1] in FROM[verb] else {"stale_state"}
        early = date_of(minute_of(visit[7]), zone) > date_of(minute_of(now), zone)
        if (verb == "check_in" and early) or (verb == "no_show" and visit[7] > now):
            against.add("not_yet")
        self._tries(lambda: getattr(visits, verb)(self.world.clinician, appointment_id=visit[0]), against)

    # The rota

    @rule(
        what=st.sampled_from(EDITS), which=whichever, where=places, ahead=st.sampled_from([0, 0, 1, 2, 4]), hours=shifts
    )
    def what_was_sure_changes(
        self, what: str, which: int, where: int, ahead: int, hours: tuple[time, time] | None
    ) -> None:
        """One rule for all of it, so that most steps are about visits."""
        center = self.world.centers[where]
        if what == "license":
            self._license_ends(which)
        elif what == "episode":
            self._episode_closes(which)
        elif what == "reserve":
            self._reserve_changes(center, which)
        elif what == "hours":
            self._hours_change(center, which % 7, None if hours is None or hours[1] < hours[0] else hours)
        elif what == "closure":
            self._closes(center, clock.today(center.zone) + ahead * DAY, closes=which % 2 == 0)
        else:
            resource = self.world.resources[which % len(self.world.resources)]
            stays = what == "shift" or resource.kind == "room" or resource.remote or hours is None
            self._shift_changes(resource, resource.center if stays else center, ahead, hours)

    def _shift_changes(self, resource: Resource, center: Center, ahead: int, hours: tuple[time, time] | None) -> None:
        on = max(clock.today(center.zone), clock.today(resource.center.zone)) + ahead * DAY
        starts, ends = hours or (None, None)
        values = {"starts": starts, "ends": ends, "center": center if hours else None}
        self._edits(
            lambda: ShiftException.objects.update_or_create(resource=resource, on=on, defaults=values),
            lambda: change_shift(self.world.manager, resource=resource, on=on, starts=starts, ends=ends, center=center),
        )

    def _closes(self, center: Center, on: date, *, closes: bool) -> None:
        def write() -> None:
            Closure.objects.filter(center=center, on=on).delete()
            if closes:
                Closure.objects.create(center=center, on=on, reason="Weather")

        self._edits(write, lambda: in_transaction(lambda: _followed(center, write)))

    def _hours_change(self, center: Center, weekday: int, hours: tuple[time, time] | None) -> None:
        def write() -> None:
            OpeningHours.objects.filter(center=center, weekday=weekday).delete()
            if hours:
                OpeningHours.objects.create(center=center, weekday=weekday, opens=hours[0], closes=hours[1])

        self._edits(write, lambda: in_transaction(lambda: _followed(center, write)))

    def _episode_closes(self, which: int) -> None:
        opened = [row[0] for row in self.rows.episodes if row[2] == "open"]
        if opened:
            pk = opened[which % len(opened)]
            here = any(row[5] == pk and row[1] in ("arrived", "in_progress") for row in self.rows.appointments)
            against = {"open_conditions"} if here else set()
            reason = ClosingReason.DECLINED
            self._tries(lambda: close_episode(self.world.clinician, episode_id=pk, reason=reason), against)
        else:
            self._settle()

    def _reserve_changes(self, center: Center, which: int) -> None:
        half, release = ("morning", "afternoon")[which % 2], RELEASES[which % len(RELEASES)]
        set_reserve(self.world.manager, center=center, half=half, scans=SIZES[which // 2 % len(SIZES)], release=release)
        self.network = read_network()
        self._settle()

    def _license_ends(self, which: int) -> None:
        held = list(License.objects.order_by("id"))
        each = held[which % len(held)]
        each.expires_on = clock.now().date() + (which % 3 - 1) * DAY
        each.save()
        self.network = read_network()
        self._settle()


def _followed(center: Center, write: Callable[[], None]) -> None:
    """Write changed hours, and let the calendar follow them, as the import of centers does."""
    write()
    follow_hours(center)
    materialise(days=DAYS)
