"""Accounts that end, licenses that lapse, and leaves: what each hits, and who owes what afterwards."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from clinic import clock
from clinic.access import staff_actor
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Event, License, Role, Staff, Step
from clinic.selectors.licenses import lapsing
from clinic.services.staff_accounts import end_account, reopen_account
from clinic.services.steps import reassign_step
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import Displacement, Resource, ResourceKind, ShiftException
from scheduling.selectors.days import cover
from scheduling.selectors.search import search
from scheduling.services.editing import Leave, apply, rehearse
from scheduling.slots import Deadline
from tests.factories import (
    make_center,
    make_resource,
    make_shift,
    make_staff,
    make_working_center,
    make_zip,
    noon_tomorrow,
    open_calendar,
    set_clock,
)
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words
from tests.second_factors import devices_of, with_app

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def ward(db: None) -> Ward:
    ward = open_ward()
    make_staff(Role.ADMINISTRATOR)
    return ward


def _only_step(ward: Ward) -> Step:
    """The only step of an episode, in the clinician's own name."""
    step = ward.suspected().steps.get()
    return reassign_step(ward.actor(Role.CLINICIAN), step=step, owner_id=ward.people[Role.CLINICIAN].pk)


def _end(ward: Ward, staff: Staff) -> Staff:
    return end_account(ward.actor(Role.ADMINISTRATOR), staff_id=staff.pk, reason="Left")


def _unit(kind: str) -> Resource:
    return Resource.objects.select_related("center", "staff").filter(kind=kind).order_by("id")[0]


# An account that ends.


def test_ending_an_account_that_holds_the_only_step_of_an_episode_hands_it_to_the_role_at_the_center(
    ward: Ward,
) -> None:
    step = _only_step(ward)
    due = step.due_at
    _end(ward, ward.people[Role.CLINICIAN])
    step.refresh_from_db()
    assert (step.status, step.owner, step.center, step.due_at) == ("open", None, step.episode.center, due)
    assert step.owner_role
    assert Event.objects.get(kind="account.ended").codes == {"steps_handed_over": 1}
    assert Event.objects.filter(kind="step.reassigned", subject_id=step.pk).count() == 2


def test_an_ended_account_logs_in_no_more_and_its_log_in_ends(ward: Ward) -> None:
    clara = ward.browser(Role.CLINICIAN)
    assert clara.get("/staff/").status_code == 200
    _end(ward, ward.people[Role.CLINICIAN])
    assert clara.get("/staff/").status_code == 302
    assert clara.get("/api/v1/steps/").status_code == 401


def test_whoever_is_booked_with_them_is_rebooked(ward: Ward) -> None:
    visit = ward.place.booked(15)
    taken = visit.occupancies.filter(resource__kind=ResourceKind.SONOGRAPHER).get()
    person = make_staff(Role.SONOGRAPHER, center=visit.center)
    Resource.objects.filter(pk=taken.resource_id).update(staff=person)
    _end(ward, person)
    assert Displacement.objects.get().appointment == visit
    assert Resource.objects.get(pk=taken.resource_id).retired_from == clock.today(visit.center.zone)


def test_what_it_hits_is_seen_first_and_changes_nothing(ward: Ward) -> None:
    step = _only_step(ward)
    clara = ward.people[Role.CLINICIAN]
    ada = ward.browser(Role.ADMINISTRATOR)
    assert step.get_kind_display() in words(ada.get(f"/staff/people/{clara.pk}/"))
    seen = ada.post(
        f"/api/v1/staff/{clara.pk}/end/",
        {"reason": "Left", "dry_run": True},
        content_type="application/json",
        headers={"Idempotency-Key": "e1"},
    )
    assert [each["id"] for each in seen.json()["steps"]] == [step.pk]
    clara.refresh_from_db()
    assert clara.is_active
    page = ada.post(f"/staff/people/{clara.pk}/end/", {"reason": "Left"}, follow=True)
    assert "ended on" in words(page)


def test_some_accounts_do_not_end(ward: Ward) -> None:
    ada = ward.people[Role.ADMINISTRATOR]
    with pytest.raises(Conflict, match="another administrator"):
        _end(ward, ada)
    director = ward.people[Role.PHYSICIAN]
    Staff.objects.filter(pk=director.pk).update(medical_director=True)
    with pytest.raises(Conflict, match="last medical director"):
        _end(ward, director)
    with pytest.raises(Invalid):
        end_account(ward.actor(Role.ADMINISTRATOR), staff_id=ward.people[Role.CLINICIAN].pk, reason=" ")
    with pytest.raises(Forbidden):
        end_account(ward.actor(Role.MANAGER), staff_id=ward.people[Role.CLINICIAN].pk, reason="Left")


def test_an_account_that_was_ended_is_opened_again(ward: Ward) -> None:
    clara = _end(ward, ward.people[Role.CLINICIAN])
    with pytest.raises(Conflict, match="already"):
        _end(ward, clara)
    assert reopen_account(ward.actor(Role.ADMINISTRATOR), staff_id=clara.pk).is_active


def test_the_administrators_tables_end_no_account_behind_the_services_back(ward: Ward) -> None:
    ada = ward.people[Role.ADMINISTRATOR]
    ada.is_staff = ada.is_superuser = True
    ada.save()
    clara = ward.people[Role.CLINICIAN]
    page = ward.browser(Role.ADMINISTRATOR).get(f"/admin/clinic/staff/{clara.pk}/change/").content.decode()
    assert 'name="is_active"' not in page


def test_a_lost_app_is_removed_by_an_administrator(ward: Ward) -> None:
    peter = ward.people[Role.PHYSICIAN]
    with_app(peter)
    ward.browser(Role.ADMINISTRATOR).post(f"/staff/people/{peter.pk}/app/")
    assert devices_of(peter) == set()
    assert Event.objects.filter(kind="second_factor.reset", subject_id=peter.pk).exists()


# A license that lapses.


def _network_with_reader() -> License:
    make_zip()
    make_working_center()
    types = open_calendar(days=3)
    set_clock(noon_tomorrow())
    assert types
    return License.objects.get(staff__role=Role.PHYSICIAN)


def _offered(days: int) -> bool:
    """Whether a tier-1 scan is offered, whose clock starts so many days after today's noon."""
    from scheduling.models import VisitType  # noqa: PLC0415

    begins = clock.now() + timedelta(days=days)
    deadline = Deadline(1, begins)
    visit_type = VisitType.objects.get(kind="dvt_scan")
    answer = search(visit_type, near_zip="20770", from_=begins, until=begins + timedelta(hours=3), deadline=deadline)
    return bool(answer.slots)


def test_a_license_that_lapses_tonight_counts_today_and_for_no_cover_after_it(db: None) -> None:
    held = _network_with_reader()
    held.expires_on = clock.today("America/New_York")
    held.save()
    assert _offered(days=0)
    assert not _offered(days=1)


def test_a_license_of_a_remote_reader_ends_at_the_midnight_of_the_center_and_not_of_the_reader(db: None) -> None:
    make_zip()
    west = make_working_center(zone="America/Los_Angeles", state="CA")
    east = make_center(state="NY")
    License.objects.filter(staff__role=Role.PHYSICIAN).delete()
    reader = make_staff(Role.PHYSICIAN, licensed_in=("CA", "NY"))
    make_shift(make_resource(east, ResourceKind.PHYSICIAN, staff=reader, remote=True), time(0), time(0))
    open_calendar(days=4)
    tomorrow = clock.today("America/New_York") + timedelta(days=1)
    License.objects.filter(staff=reader).update(expires_on=tomorrow)
    people = cover([west.pk, east.pk], first=tomorrow, last=tomorrow + timedelta(days=1))
    # An hour past midnight in New York it is still the license's last day in Los Angeles.
    late = datetime.combine(tomorrow + timedelta(days=1), time(1), ZoneInfo("America/New_York"))
    on_duty = {
        (state, hours): any(
            duty.next_from(late + timedelta(hours=hours)) == late + timedelta(hours=hours)
            for duty in people.remote(ResourceKind.PHYSICIAN, state, zone)
        )
        for state, zone in (("CA", west.zone), ("NY", east.zone))
        for hours in (-2, 0, 3)
    }
    assert on_duty == {
        ("CA", -2): True,
        ("CA", 0): True,
        ("CA", 3): False,
        ("NY", -2): True,
        ("NY", 0): False,
        ("NY", 3): False,
    }


def test_it_is_told_of_by_the_date_where_the_state_is(db: None) -> None:
    held = _network_with_reader()
    on = clock.today("America/New_York")
    held.expires_on = on
    held.save()
    # Nine in the evening: tomorrow in UTC, and still the license's last day in Maryland.
    set_clock(datetime.combine(on, time(21), ZoneInfo("America/New_York")))
    assert [(each.license.pk, each.days, each.lapsed) for each in lapsing()] == [(held.pk, 0, False)]


def test_it_is_told_of_before_with_who_remains(db: None) -> None:
    held = _network_with_reader()
    held.expires_on = clock.now().date()
    held.save()
    found = lapsing()
    assert [(each.license.pk, each.days, each.remaining, each.pressing) for each in found] == [(held.pk, 0, 0, True)]
    make_staff(Role.PHYSICIAN, licensed_in=(held.state,))
    assert lapsing()[0].remaining == 1
    manager = make_staff(Role.MANAGER)
    client = Client()
    client.force_login(manager)
    assert "tonight" in words(client.get("/staff/people/"))
    assert "1 license runs out" in words(client.get("/staff/"))
    rows = client.get("/api/v1/licenses/?within_days=0").json()["results"]
    assert [(row["state"], row["days"]) for row in rows] == [(held.state, 0)]


def test_one_that_has_lapsed_is_told_of_until_it_is_renewed(db: None) -> None:
    held = _network_with_reader()
    held.expires_on = clock.now().date() - timedelta(days=3)
    held.save()
    assert lapsing()[0].lapsed
    held.expires_on = date(2100, 1, 1)
    held.save()
    assert lapsing() == []


# A leave.


def _leave(unit: Resource, days: int = 2) -> Leave:
    today = clock.today(unit.center.zone)
    return Leave(resource=unit, first=today, last=today + timedelta(days=days - 1))


def _person(kind: str, role: str) -> Resource:
    unit = _unit(kind)
    if unit.staff is None:
        unit.staff = make_staff(role, center=unit.center)
        unit.save()
    return unit


def test_a_leave_shows_first_which_duties_it_hits_and_what_they_leave_uncovered(ward: Ward) -> None:
    unit = _unit(ResourceKind.PHYSICIAN)
    seen = rehearse(ward.actor(Role.MANAGER), _leave(unit))
    assert len(seen.hits.duties) == 2
    assert all(duty.uncovered == (unit.center.state,) for duty in seen.hits.duties)
    assert not ShiftException.objects.exists()


def test_a_leave_of_somebody_who_is_booked_is_refused_until_it_may_displace(ward: Ward) -> None:
    visit = ward.place.booked(15)
    unit = _person(ResourceKind.SONOGRAPHER, Role.SONOGRAPHER)
    taken = visit.occupancies.filter(resource=unit).exists()
    assert taken
    with pytest.raises(ShiftDisplacesBookings):
        apply(ward.actor(Role.MANAGER), _leave(unit))
    assert not ShiftException.objects.exists()
    apply(ward.actor(Role.MANAGER), _leave(unit), displace=True)
    assert Displacement.objects.get().appointment == visit
    assert ShiftException.objects.filter(resource=unit, starts=None).count() == 2


def test_what_falls_due_meanwhile_in_their_name_goes_to_their_role(ward: Ward) -> None:
    unit = _unit(ResourceKind.CLINICIAN)
    assert unit.staff is not None
    step = ward.suspected().steps.get()
    reassign_step(staff_actor(unit.staff), step=step, owner_id=unit.staff.pk)
    seen = rehearse(ward.actor(Role.MANAGER), _leave(unit))
    assert [each.pk for each in seen.hits.steps] == [step.pk]
    step.refresh_from_db()
    assert step.owner == unit.staff
    apply(ward.actor(Role.MANAGER), _leave(unit), displace=True)
    step.refresh_from_db()
    assert step.owner is None


def test_a_leave_is_entered_on_the_page_of_shifts(ward: Ward) -> None:
    unit = _unit(ResourceKind.PHYSICIAN)
    today = clock.today(unit.center.zone)
    given = {"kind": "leave", "resource": unit.pk, "first": today.isoformat(), "last": today.isoformat()}
    maya = ward.browser(Role.MANAGER)
    assert "1 duty falls away" in words(maya.post("/staff/shifts/preview/", given))
    maya.post("/staff/shifts/confirm/", given)
    assert ShiftException.objects.get(resource=unit).on == today


@pytest.mark.parametrize(("first", "last", "field"), [(0, -1, "last"), (-1, 1, "first"), (0, 400, "last")])
def test_a_leave_that_makes_no_sense_names_the_field(ward: Ward, first: int, last: int, field: str) -> None:
    unit = _unit(ResourceKind.PHYSICIAN)
    today = clock.today(unit.center.zone)
    edit = Leave(resource=unit, first=today + timedelta(days=first), last=today + timedelta(days=last))
    with pytest.raises(Invalid) as refused:
        rehearse(ward.actor(Role.MANAGER), edit)
    assert field in refused.value.fields
