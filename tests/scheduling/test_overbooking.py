"""An add-on is a rule-out on the center's overflow unit, in the name of who approved it, and never too many."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.errors import Forbidden, Invalid
from clinic.models import LIVE_STEP, Role, Step, StepKind
from clinic.services.steps import NewStep, open_step
from scheduling.errors import EpisodeMismatch, NoOverbook, NotInTime, OverbookLimit
from scheduling.models import Appointment, Displacement, Occupancy, Overbook, Resource, ResourceKind
from scheduling.selectors.add_ons import add_on_times
from scheduling.services import visits
from scheduling.services.asking_clinician import ADD_ON_DECISION, ask_for_add_on
from scheduling.services.calendar import materialise
from scheduling.services.editing import Down, apply, rehearse
from scheduling.services.holding import release_hold
from scheduling.services.rebooking import rebook_displaced
from scheduling.services.rescheduling import reschedule
from scheduling.slots import Deadline
from scheduling.waitlist.overbooking import overbook
from tests.factories import actor_of, make_resource, make_scanner
from tests.invariants import episodes_without_step, taken_twice, wrong_masks
from tests.scheduling.conftest import Place, at_once
from tests.scheduling.line import full

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "none_in_time"


@pytest.fixture
def busy(place: Place) -> Place:
    """A center with an overflow unit, whose times are all taken."""
    make_resource(place.center, ResourceKind.OVERFLOW)
    materialise(days=3)
    full(place)
    return place


def add_on(place: Place, hour: int, minute: int = 0, *, actor: Actor | None = None) -> Appointment:
    return overbook(
        actor or actor_of(Role.CLINICIAN),
        episode=place.suspected(),
        center=place.center,
        starts_at=place.at(hour, minute).starts_at,
        reason=REASON,
    )


def test_it_takes_the_overflow_unit_alone_and_says_who_approved_it(busy: Place) -> None:
    clinician = actor_of(Role.CLINICIAN)
    visit = add_on(busy, 13, actor=clinician)
    assert visit.status == "booked"
    [taken] = Occupancy.objects.filter(appointment=visit)
    assert taken.resource.kind == ResourceKind.OVERFLOW
    approved = Overbook.objects.get(appointment=visit)
    assert (approved.approved_by_id, approved.reason) == (clinician.id, REASON)
    assert (taken_twice(), wrong_masks()) == ([], [])


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.SONOGRAPHER, Role.ADMINISTRATOR])
def test_nobody_else_approves_it(busy: Place, role: Role) -> None:
    with pytest.raises(Forbidden):
        add_on(busy, 13, actor=actor_of(role))


def test_a_manager_may(busy: Place) -> None:
    assert add_on(busy, 13, actor=actor_of(Role.MANAGER)).status == "booked"


def test_the_unit_is_never_taken_twice(busy: Place) -> None:
    add_on(busy, 13)
    with pytest.raises(NoOverbook):
        add_on(busy, 13, 20)
    results = at_once(lambda: add_on(busy, 14), lambda: add_on(busy, 14), lambda: add_on(busy, 14))
    assert sum(isinstance(each, Appointment) for each in results) == 1
    assert (taken_twice(), wrong_masks()) == ([], [])


def test_a_half_day_has_only_so_many(busy: Place) -> None:
    add_on(busy, 13)
    given_up = add_on(busy, 14)
    with pytest.raises(OverbookLimit):
        add_on(busy, 15)
    # One that was given up makes room for another.
    visits.cancel(actor_of(Role.REPRESENTATIVE), appointment_id=given_up.pk)
    assert add_on(busy, 15).status == "booked"


def test_of_many_at_once_no_more_than_the_limit_are_added_on(busy: Place) -> None:
    works = [lambda at=(hour, minute): add_on(busy, *at) for hour, minute in ((12, 40), (13, 20), (14, 0), (14, 40))]
    results = at_once(*works)
    assert sum(isinstance(each, Appointment) for each in results) == 2


def test_it_is_in_time_or_not_at_all(busy: Place) -> None:
    with pytest.raises(NotInTime):
        add_on(busy, 16)


def test_somebody_must_scan_read_and_prescribe_then(busy: Place) -> None:
    episode = busy.suspected()
    deadline = Deadline(1, episode.clock_started_at)
    assert add_on_times(deadline, near_zip="20770", within_miles=50)
    for kind in (ResourceKind.SONOGRAPHER, ResourceKind.PHYSICIAN, ResourceKind.CLINICIAN):
        Resource.objects.filter(kind=kind).update(active=False)
        assert add_on_times(deadline, near_zip="20770", within_miles=50) == []
        with pytest.raises(NoOverbook):
            add_on(busy, 13)
        Resource.objects.filter(kind=kind).update(active=True)


def test_only_a_rule_out_is_added_on(busy: Place) -> None:
    episode = busy.suspected()
    type(episode).objects.filter(pk=episode.pk).update(tier=None, scan_by=None)
    episode.refresh_from_db()
    with pytest.raises(EpisodeMismatch):
        overbook(
            actor_of(Role.CLINICIAN),
            episode=episode,
            center=busy.center,
            starts_at=busy.at(13).starts_at,
            reason=REASON,
        )


def test_its_reason_is_one_of_the_known(busy: Place) -> None:
    with pytest.raises(Invalid) as refused:
        overbook(
            actor_of(Role.CLINICIAN),
            episode=busy.suspected(),
            center=busy.center,
            starts_at=busy.at(13).starts_at,
            reason="because",
        )
    assert "reason" in refused.value.fields


def test_every_offered_add_on_can_be_booked(busy: Place) -> None:
    episode = busy.suspected()
    deadline = Deadline(1, episode.clock_started_at)
    times = add_on_times(deadline, near_zip=None, within_miles=None, center_code=busy.center.code, most=50)
    assert times[-1].starts_at <= deadline.scan_by("America/New_York")
    last = times[-1]
    visit = overbook(
        actor_of(Role.PHYSICIAN), episode=episode, center=busy.center, starts_at=last.starts_at, reason=REASON
    )
    assert visit.ends_at - visit.starts_at == timedelta(minutes=30)


def test_an_add_on_that_moves_to_a_time_of_its_own_is_one_no_more(busy: Place) -> None:
    first = add_on(busy, 13)
    add_on(busy, 14)
    taken = Appointment.objects.filter(status="held", starts_at=busy.at(15).starts_at).get()
    release_hold(SYSTEM, hold_id=taken.pk)
    moved = reschedule(busy.actor, appointment_id=first.pk, starts_at=busy.at(15).starts_at)
    assert not Overbook.objects.filter(appointment=moved).exists()
    # It uses up none of the half day's two any more.
    assert add_on(busy, 13).status == "booked"


def test_an_add_on_is_displaced_where_the_last_who_scans_is_gone(busy: Place) -> None:
    visit = add_on(busy, 14)
    [scans] = Resource.objects.filter(kind=ResourceKind.SONOGRAPHER)
    gone = Down(resource=scans, until=clock.now() + timedelta(hours=8), why="sick")
    told = rehearse(SYSTEM, gone)
    assert visit.pk in [each.visit.pk for each in told.visits]
    edit = apply(SYSTEM, gone, displace=True)
    assert [row.appointment for row in Displacement.objects.filter(edit=edit)] == [each.visit for each in told.visits]
    rebook_displaced()
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason) == ("cancelled", "displaced")
    assert Step.objects.filter(episode=visit.episode, kind=StepKind.CALLBACK, status__in=LIVE_STEP).exists()
    assert (taken_twice(), wrong_masks(), episodes_without_step()) == ([], [], [])


def test_an_add_on_stands_as_long_as_somebody_scans(busy: Place) -> None:
    visit = add_on(busy, 14)
    first = Resource.objects.get(kind=ResourceKind.SONOGRAPHER)
    make_scanner(busy.center)
    materialise(days=3)
    apply(SYSTEM, Down(resource=first, until=clock.now() + timedelta(hours=8), why="sick"), displace=True)
    rebook_displaced()
    visit.refresh_from_db()
    assert visit.status == "booked"
    assert not Displacement.objects.filter(appointment=visit).exists()


def test_no_add_on_slips_past_who_goes_at_the_same_moment(busy: Place) -> None:
    [scans] = Resource.objects.filter(kind=ResourceKind.SONOGRAPHER)
    gone = Down(resource=scans, until=clock.now() + timedelta(hours=8), why="sick")
    at_once(lambda: add_on(busy, 14), lambda: apply(SYSTEM, gone, displace=True))
    booked = Appointment.objects.filter(overbook__isnull=False)
    assert set(booked) <= {row.appointment for row in Displacement.objects.all()}


def test_a_clinician_is_asked_though_another_decision_is_owed(place: Place) -> None:
    episode = place.suspected()
    for role, due_in in ((Role.MANAGER, timedelta(minutes=5)), (Role.CLINICIAN, timedelta(days=2))):
        new = NewStep(kind=StepKind.DECISION, due_at=clock.now() + due_in, owner_role=role)
        open_step(SYSTEM, episode=episode, new=new)
    asked = ask_for_add_on(place.actor, episode_id=episode.pk)
    assert asked.owner_role == Role.CLINICIAN
    assert asked.due_at is not None
    assert asked.due_at <= clock.now() + ADD_ON_DECISION
    assert ask_for_add_on(place.actor, episode_id=episode.pk) == asked
