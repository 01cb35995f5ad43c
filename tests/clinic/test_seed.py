"""`manage.py seed`: a network that works, the same each time, built once however often it is asked for."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from clinic import clock
from clinic.management.commands import seed as command
from clinic.models import Center, Closure, Episode, Event, License, Patient, Report, Role, Staff, ZipCode
from clinic.seeding.closures import holidays
from clinic.seeding.load import load_visits
from clinic.seeding.logins import DEMO_LOGINS, HOME
from notifications.models import TemplateApproval
from notifications.selectors.approvals import unapproved
from scheduling.models import Appointment, AppointmentStatus, Occupancy, ResourceDay, VisitKind, VisitType
from scheduling.selectors.centers import nearest_centers
from scheduling.selectors.roster import next_call_at
from scheduling.selectors.search import search
from scheduling.slots import Deadline
from tests.invariants import episodes_without_step, fingerprint, taken_twice, wrong_masks

EASTERN = ZoneInfo("America/New_York")
COMING = (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED)


def seed(*words: str) -> str:
    out = StringIO()
    call_command("seed", "--small", "3", "--from-morning", *words, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Three centers at 09:05 of a working day, for all the tests of this file that only look."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.forget()
        seed()
        yield
        transaction.set_rollback(True)
    clock.forget()


@pytest.mark.usefixtures("seeded")
class TestSeeded:
    def test_a_second_run_changes_nothing(self) -> None:
        before = fingerprint("clinic_zipcode")
        assert "0 visits added" in seed()
        assert fingerprint("clinic_zipcode") == before

    def test_the_database_holds_every_promise(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert (episodes_without_step(), taken_twice(), wrong_masks()) == ([], [], [])
        assert Occupancy.objects.filter(live=True).count() > 100

    def test_every_zip_code_is_there(self) -> None:
        assert ZipCode.objects.count() > 40_000
        assert ZipCode.objects.get(pk="20770").city == "Greenbelt"

    def test_each_demo_user_logs_in_with_their_role(self) -> None:
        for login in DEMO_LOGINS:
            user = authenticate(username=login.username, password=login.password)
            assert isinstance(user, Staff)
            assert (user.role, str(user)) == (login.role, " ".join(login.name))
            assert (user.home_center.code if user.home_center else "") == login.center_code
        others = Staff.objects.exclude(username__in=[login.username for login in DEMO_LOGINS])
        assert others.exists()
        assert not any(staff.has_usable_password() for staff in others)

    def test_who_may_be_on_call_has_a_number_of_their_own_that_is_nobodys(self) -> None:
        paged = Staff.objects.filter(role__in=(Role.CLINICIAN, Role.PHYSICIAN))
        numbers = set(paged.values_list("phone", flat=True))
        assert len(numbers) == paged.count()
        assert all(number[5:10] == "55501" for number in numbers)
        assert not Patient.objects.filter(phone__in=numbers).exists()
        assert not Staff.objects.exclude(pk__in=paged).exclude(phone="").exists()

    @pytest.mark.parametrize("username", ["sam", "clara"])
    def test_who_logs_in_at_greenbelt_is_on_shift_there_today(self, username: str) -> None:
        day = ResourceDay.objects.get(resource__staff__username=username, on=clock.today("America/New_York"))
        assert day.center.code == HOME
        assert any(bytes(day.shift))

    def test_a_same_day_scan_in_time_is_free_at_greenbelt_at_any_working_hour(self) -> None:
        scan = VisitType.objects.get(kind=VisitKind.DVT_SCAN)
        now = clock.now().astimezone(EASTERN)
        for hour in range(now.hour + 1, 16):
            at = now.replace(hour=hour, minute=0)
            answer = search(scan, near_zip="20770", from_=at, deadline=Deadline(1, at), center_code=HOME, limit=1)
            assert answer.slots, hour
            assert answer.slots[0].meets_deadline, hour

    def test_someone_in_maryland_is_called_back_on_sunday_at_two_in_the_morning(self) -> None:
        today = clock.today("America/New_York")
        sunday = datetime.combine(today + timedelta(days=6 - today.weekday()), time(2), EASTERN)
        assert next_call_at(nearest_centers(), state="MD", zone="America/New_York", at=sunday) == sunday

    def test_the_words_of_the_demos_texts_are_approved_by_its_physician(self) -> None:
        assert unapproved() == {}
        assert {str(row.by) for row in TemplateApproval.objects.select_related("by")} == {"Peter Lindqvist"}

    def test_licenses_run_out_at_different_times_and_not_soon(self) -> None:
        ends = set(License.objects.values_list("expires_on", flat=True))
        assert len(ends) > 3
        assert min(ends) > clock.now().date() + timedelta(days=365)

    def test_centers_close_on_holidays_of_this_year_and_the_next(self) -> None:
        year = clock.now().year
        for on, _ in [*holidays(year), *holidays(year + 1)]:
            assert Closure.objects.filter(on=on).count() == 3

    def test_the_load_thins_out(self) -> None:
        now = clock.now()
        coming = Appointment.objects.filter(status__in=COMING)
        weeks = [
            coming.filter(starts_at__range=(now + timedelta(days=n), now + timedelta(days=n + 7))).count()
            for n in (0, 7)
        ]
        assert weeks[0] > weeks[1] > 10

    def test_the_past_is_told_to_its_end(self) -> None:
        done = Appointment.objects.filter(status=AppointmentStatus.COMPLETED)
        assert done.count() > 5
        assert not Occupancy.objects.filter(appointment__in=done, live=True).exists()
        assert Report.objects.filter(status="final", result_sent_at__isnull=False).exists()
        assert Episode.objects.filter(status="closed", closed_by__role=Role.CLINICIAN).exists()

    def test_every_episode_and_booking_has_its_event_in_order_of_time(self) -> None:
        told = Event.objects.filter(kind="appointment.booked").values_list("subject_id", flat=True)
        assert set(told) == set(Appointment.objects.values_list("id", flat=True))
        opened = Event.objects.filter(kind="episode.opened").values_list("episode_id", flat=True)
        assert set(opened) == set(Episode.objects.values_list("id", flat=True))
        for episode in Episode.objects.filter(status="closed"):
            times = list(episode.events.order_by("id").values_list("at", flat=True))
            assert times == sorted(times)
        assert Event.objects.filter(at__gt=clock.now()).count() == 0

    def test_seeded_visits_owe_no_texts(self) -> None:
        assert fingerprint()["notifications_message"] == "0 "


def drawn(codes: tuple[str, ...]) -> list[tuple[object, ...]]:
    visits = Appointment.objects.filter(center__code__in=codes)
    return sorted(
        visits.values_list("center__code", "starts_at", "status", "patient__family_name", "patient__birth_date")
    )


@pytest.mark.django_db
def test_a_part_of_the_network_is_the_same_as_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    found = []
    for count in ("2", "3"):
        with transaction.atomic():
            call_command("seed", "--small", count, stdout=StringIO())
            found.append(drawn(("C001", "C002")))
            transaction.set_rollback(True)
    assert found[0] == found[1] != []


@pytest.mark.django_db
def test_a_run_that_was_cut_off_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    load, calls = load_visits, []

    def cut_off(*args: Any, **kwargs: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return load(*args, **kwargs)

    monkeypatch.setattr(command, "BATCH", 1)
    monkeypatch.setattr(command, "load_visits", cut_off)
    with pytest.raises(KeyboardInterrupt):
        seed()
    assert Appointment.objects.values("center").distinct().count() == 1
    monkeypatch.setattr(command, "load_visits", load)
    seed()
    assert Appointment.objects.values("center").distinct().count() == 3
    assert (episodes_without_step(), taken_twice(), wrong_masks()) == ([], [], [])


@pytest.mark.django_db
def test_more_centers_can_be_added_later() -> None:
    call_command("seed", "--small", "1", "--bookings", "no", stdout=StringIO())
    assert not Appointment.objects.exists()
    assert Center.objects.count() == 1
    call_command("seed", "--small", "4", "--bookings", "no", stdout=StringIO())
    assert Center.objects.count() == 4
    assert ResourceDay.objects.values("center").distinct().count() == 4
    states = set(Center.objects.values_list("state", flat=True))
    on_call = Staff.objects.get(username="on-call-1-1")
    assert set(on_call.licenses.values_list("state", flat=True)) == states


@pytest.mark.django_db
def test_production_refuses_the_seed(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="refused in production"):
        call_command("seed")
    assert not ZipCode.objects.exists()
    assert not Center.objects.exists()


@pytest.mark.parametrize("words", [("--small", "0"), ("--small", "x"), ("--booked-days", "-1"), ("--bookings", "some")])
def test_a_wrong_option_is_refused(words: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("seed", *words)


@pytest.mark.django_db
def test_the_morning_that_the_clock_moves_to_is_no_holiday(monkeypatch: pytest.MonkeyPatch) -> None:
    eve = datetime(2026, 11, 25, 15, tzinfo=EASTERN)
    monkeypatch.setattr(clock, "now", lambda: eve)
    assert command._next_morning().astimezone(EASTERN) == datetime(2026, 11, 30, 9, 5, tzinfo=EASTERN)
