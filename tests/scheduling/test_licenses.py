"""Licenses that lapse: what they still cover, and who is told of it before."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from clinic import clock
from clinic.models import License, Role
from clinic.selectors.licenses import lapsing
from scheduling.models import ResourceKind
from scheduling.selectors.days import cover
from scheduling.selectors.search import search
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

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def ward(db: None) -> Ward:
    ward = open_ward()
    make_staff(Role.ADMINISTRATOR)
    return ward


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
