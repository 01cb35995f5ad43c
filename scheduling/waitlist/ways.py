"""All the ways forward that an episode has now, in the order in which they are tried: never a dead end.

A time in reach; where none is in time, one further away; the waitlist; room that a willing routine patient would make;
an add-on that somebody approves; and the rule's own fallback, which none of them puts off.
"""

from dataclasses import dataclass
from datetime import datetime

from clinic import clock
from clinic.errors import NotFound
from clinic.models import LIVE_STEP, Episode, EpisodeKind, EpisodeStatus, StepKind, StepStatus
from scheduling.intake.falling_back import foreseen
from scheduling.models import Appointment, EntryStatus, VisitKind, VisitType, WaitlistEntry
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.add_ons import add_on_times
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.search import Slot, search
from scheduling.selectors.site import WITHIN_MILES
from scheduling.selectors.step_times import AWAITED, Window, awaiting, window_of
from scheduling.slots import Deadline
from scheduling.states import MOVABLE
from scheduling.waitlist.waits import deadline_of, needs_for, sent_to_emergency_care, shown_entries, willing_visits
from triage.decision import Decision
from triage.selectors import intake_of

#: How many times are named in one answer.
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What can be done for an episode now. ``near`` and ``further`` are in time where a clock runs.

    ``entry`` is its place on the waitlist; ``may_wait`` says that it could have one. ``movable`` are routine visits
    whose patients are willing. ``fallback`` is what the rule says then; None where no scan was promised.
    """

    episode: Episode
    visit_type: VisitType | None = None
    zip: str = ""
    deadline: Deadline | None = None
    booked: Appointment | None = None
    to_care: bool = False
    near: tuple[Slot, ...] = ()
    further: tuple[Slot, ...] = ()
    entry: WaitlistEntry | None = None
    may_wait: bool = False
    movable: tuple[Appointment, ...] = ()
    add_ons: tuple[Slot, ...] = ()
    fallback: Decision | None = None
    needs: Needs = NO_NEEDS

    @property
    def urgent(self) -> bool:
        """Whether it is a rule-out."""
        return self.visit_type is not None and self.visit_type.kind == VisitKind.DVT_SCAN

    @property
    def none_in_reach(self) -> bool:
        """Whether nothing near is in time, so that the other ways are looked at."""
        return self.visit_type is not None and self.booked is None and not self.near


def ways_forward(episode_id: int) -> Ways:
    """Return the ways forward of an open episode. Raises `NotFound`.

    Whoever was sent to emergency care has none here: that care is the way.
    """
    episode = Episode.objects.select_related("patient", "center").filter(pk=episode_id).first()
    if episode is None:
        raise NotFound("There is no such episode.")
    if episode.status != EpisodeStatus.OPEN:
        return Ways(episode=episode)
    if sent_to_emergency_care(episode):
        return Ways(episode=episode, to_care=True)
    visit_type = wanted_visit(episode)
    if visit_type is None:
        return Ways(episode=episode)
    ahead = Appointment.objects.filter(episode=episode, visit_type=visit_type, status__in=MOVABLE)
    booked = ahead.select_related("center", "visit_type").first()
    entry = shown_entries().filter(episode=episode, visit_type=visit_type, status=EntryStatus.WAITING).first()
    if booked is not None:
        return Ways(episode=episode, visit_type=visit_type, booked=booked, entry=entry)
    return _looked_for(episode, visit_type, entry)


def wanted_visit(episode: Episode) -> VisitType | None:
    """Return the visit that an episode waits for: its rule-out, the step that needs a time, or a consultation."""
    step = awaiting(episode)
    kind: VisitKind | None = AWAITED[StepKind(step.kind)] if step is not None else None
    scanned = _is_scanned(episode)
    live = set(episode.steps.filter(status__in=LIVE_STEP).values_list("kind", flat=True))
    if deadline_of(episode) is not None or episode.scan_by is not None:
        # Once it was scanned, what is still to be booked is a visit after it.
        ahead = live & {StepKind.BOOKING, StepKind.CALLBACK} and not scanned
        if ahead or StepKind.SCAN in live:
            kind = VisitKind.DVT_SCAN
    if kind is None and StepKind.BOOKING in live and (episode.kind == EpisodeKind.CONSULT or scanned):
        kind = VisitKind.CONSULT
    return VisitType.objects.get(kind=kind) if kind else None


def _is_scanned(episode: Episode) -> bool:
    return episode.steps.filter(kind=StepKind.SCAN, status=StepStatus.DONE).exists()


def _looked_for(episode: Episode, visit_type: VisitType, entry: WaitlistEntry | None) -> Ways:
    urgent = visit_type.kind == VisitKind.DVT_SCAN
    deadline = deadline_of(episode) if urgent else None
    needs = needs_for(episode) if urgent else needs_of_patient(episode.patient_id)
    assessment = intake_of(episode)
    place = (assessment.zip if assessment else "") or episode.patient.zip
    step = awaiting(episode)
    window = window_of(step) if step is not None and AWAITED[StepKind(step.kind)] == visit_type.kind else None
    asked = _Asked(visit_type, place, deadline, needs, episode, window)
    near = asked.slots(WITHIN_MILES)
    further: tuple[Slot, ...] = () if near else asked.slots(None)
    add_ons: list[Slot] = []
    movable: list[Appointment] = []
    if urgent and not near:
        movable = willing_visits(entry or _as_if_waiting(episode, asked))
        if deadline is not None:
            add_ons = add_on_times(deadline, near_zip=place, within_miles=WITHIN_MILES, needs=needs)
    return Ways(
        episode=episode,
        visit_type=visit_type,
        zip=place,
        deadline=deadline,
        near=near,
        further=further,
        entry=entry,
        may_wait=entry is None,
        movable=tuple(movable),
        add_ons=tuple(add_ons),
        fallback=foreseen(episode) if urgent and not near else None,
        needs=needs,
    )


@dataclass(frozen=True)
class _Asked:
    """What is searched for."""

    visit_type: VisitType
    zip: str
    deadline: Deadline | None
    needs: Needs
    episode: Episode
    window: Window | None

    def slots(self, miles: int | None) -> tuple[Slot, ...]:
        """Return the best slots within so many miles, or anywhere; where a clock runs, in time."""
        if self._until is not None and self._until <= clock.now():
            return ()
        answer = search(
            self.visit_type,
            near_zip=self.zip,
            within_miles=miles,
            from_=self.window.from_ if self.window else None,
            until=self._until,
            deadline=self.deadline,
            limit=SHOWN,
            needs=self.needs,
        )
        return tuple(slot for slot in answer.slots if slot.meets_deadline is not False)

    @property
    def _until(self) -> datetime | None:
        if self.visit_type.kind != VisitKind.DVT_SCAN:
            return self.window.until if self.window else None
        return self.deadline.result_by if self.deadline else self.episode.scan_by


def _as_if_waiting(episode: Episode, asked: _Asked) -> WaitlistEntry:
    """Return the entry that the episode would have, for what could make room for it. It is not written."""
    return WaitlistEntry(
        patient=episode.patient,
        episode=episode,
        visit_type=asked.visit_type,
        zip=asked.zip,
        within_miles=WITHIN_MILES,
        needs=asked.needs.codes,
        tier=asked.deadline.tier if asked.deadline else None,
        latest=episode.scan_by or clock.now(),
    )
