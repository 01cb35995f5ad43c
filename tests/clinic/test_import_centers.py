"""`manage.py import_centers`: an operator's own centers, all of them or none, each fault named by its line."""

import csv
from datetime import time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic import clock
from clinic.errors import Forbidden
from clinic.management.commands import import_centers
from clinic.models import Center, Event, OpeningHours, Role, ZipCode
from clinic.services.centers import write_centers
from scheduling.models import Resource, ResourceDay, ResourceKind, VisitKind
from scheduling.services.booking import book
from scheduling.services.wanted import SlotChoice
from tests.clinic.test_places import GOOD, line_of
from tests.factories import actor_of, make_patient, tomorrow_at
from tests.invariants import fingerprint
from tests.network import small_network

OTHER = line_of(code="X002", phone="+13015550102", name="Second Center", short_name="Second")


@pytest.fixture(autouse=True)
def _few_zip_codes(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Two ZIP codes are enough here; that all are loaded is the seed's test."""
    monkeypatch.setattr(import_centers, "load_zip_codes", lambda: 0)
    for code, state, latitude in (("20770", "MD", 38.9996), ("90210", "CA", 34.1)):
        ZipCode.objects.create(
            zip=code, city="Somewhere", state=state, zone="America/New_York", latitude=latitude, longitude=-76.884
        )


def file_of(folder: Path, *lines: dict[str, str]) -> Path:
    path = folder / "centers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def load(path: Path, *words: str) -> str:
    out = StringIO()
    call_command("import_centers", str(path), *words, stdout=out)
    return out.getvalue()


def refused(path: Path) -> list[str]:
    err = StringIO()
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("import_centers", str(path), stderr=err)
    return err.getvalue().splitlines()


def test_centers_are_loaded_with_hours_rooms_and_one_event_each(tmp_path: Path) -> None:
    said = load(file_of(tmp_path, GOOD, OTHER | {"scan_rooms": "3"}))
    assert "2 new, 0 changed, 0 as they were" in said
    second = Center.objects.get(code="X002")
    assert second.resources.filter(kind=ResourceKind.ROOM).count() == 3
    assert second.resources.filter(kind=ResourceKind.OVERFLOW).count() == 1
    assert second.hours.filter(weekday=0).get().opens == time(7)
    assert ResourceDay.objects.filter(center=second, on__gte=clock.now().date()).exists()
    assert Event.objects.filter(kind="center.imported").count() == 2


def test_loading_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = file_of(tmp_path, GOOD, OTHER)
    load(path)
    before = fingerprint()
    assert "0 new, 0 changed, 2 as they were" in load(path)
    assert fingerprint() == before


def test_a_center_is_changed_by_its_code(tmp_path: Path) -> None:
    load(file_of(tmp_path, GOOD))
    former = Center.objects.get()
    assert "0 new, 1 changed" in load(file_of(tmp_path, GOOD | {"name": "New Name"}))
    former.refresh_from_db()
    assert former.name == "New Name"
    assert Event.objects.filter(kind="center.imported", center=former).count() == 2


def test_one_wrong_row_keeps_all_out_and_every_fault_is_told_by_its_line(tmp_path: Path) -> None:
    blank = dict.fromkeys(GOOD, "")
    elsewhere = OTHER | {"zip": "90210"}
    before = fingerprint()
    faults = refused(file_of(tmp_path, GOOD, blank, elsewhere, line_of(code="X3", phone="no")))
    assert [fault.split(":")[0] for fault in faults] == ["line 4, state", "line 4, latitude", "line 5, phone"]
    assert "(zip_elsewhere)" in faults[0]
    assert fingerprint() == before


def test_an_unknown_zip_code_is_refused(tmp_path: Path) -> None:
    (fault,) = refused(file_of(tmp_path, GOOD | {"zip": "00001"}))
    assert fault.startswith("line 2, zip:")
    assert "(unknown_zip)" in fault


def test_a_dry_run_says_what_would_be_and_loads_nothing(tmp_path: Path) -> None:
    before = fingerprint()
    said = load(file_of(tmp_path, GOOD, OTHER), "--dry-run")
    assert "2 new" in said
    assert "Nothing was loaded" in said
    assert fingerprint() == before


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        load(tmp_path / "none.csv")


def test_fewer_rooms_are_told_and_none_is_taken_away(tmp_path: Path) -> None:
    load(file_of(tmp_path, GOOD | {"scan_rooms": "3"}))
    assert "has 3 rooms, more than the 1 of the file" in load(file_of(tmp_path, GOOD | {"scan_rooms": "1"}))
    assert Resource.objects.filter(kind=ResourceKind.ROOM, active=True).count() == 3


def test_open_days_follow_changed_hours(tmp_path: Path) -> None:
    load(file_of(tmp_path, GOOD | {"weekday_hours": "08:00-18:00"}))
    load(file_of(tmp_path, GOOD | {"weekday_hours": "08:00-12:00"}))
    room = ResourceDay.objects.filter(kind=ResourceKind.ROOM, on__week_day=4, on__gt=clock.now().date()).first()
    assert room is not None
    assert int.from_bytes(bytes(room.shift), "little").bit_count() == 4 * 12


def test_changed_hours_that_would_lose_a_booking_are_refused(tmp_path: Path) -> None:
    network = small_network()
    slot = SlotChoice(network.types[VisitKind.CONSULT], network.home, tomorrow_at(16))
    booked = book(actor_of(Role.REPRESENTATIVE), patient=make_patient(), slot=slot)
    hours = OpeningHours.objects.filter(center=network.home).values_list("weekday", "opens", "closes")
    before = sorted(hours.all())
    short = {name: str(getattr(network.home, name)) for name in ("code", "name", "short_name", "street", "city", "zip")}
    every_day = dict.fromkeys(("weekday_hours", "saturday_hours", "sunday_hours"), "08:00-12:00")
    (fault,) = refused(file_of(tmp_path, GOOD | short | every_day))
    assert "displaces_bookings" in fault
    assert str(booked.pk) in fault
    assert sorted(hours.all()) == before


def test_only_the_command_line_writes_centers() -> None:
    with pytest.raises(Forbidden):
        write_centers(actor_of(Role.ADMINISTRATOR), rows=[])


def test_a_small_network_offers_scans_today_and_tomorrow() -> None:
    network = small_network()
    today = clock.today(network.home.zone)
    for on in (today, today + timedelta(days=1)):
        kinds = set(ResourceDay.objects.filter(center=network.home, on=on).values_list("kind", flat=True))
        assert kinds >= {"room", "sonographer", "clinician", "overflow"}
    assert network.actor("sam").center_id == network.home.pk


def test_the_standing_protocol_may_be_said_and_left_out_it_stays_as_it_was(tmp_path: Path) -> None:
    load(file_of(tmp_path, {**GOOD, "standing_protocol": "yes"}))
    assert Center.objects.get().standing_protocol
    load(file_of(tmp_path, GOOD))
    assert Center.objects.get().standing_protocol
    load(file_of(tmp_path, {**GOOD, "standing_protocol": "no"}))
    assert not Center.objects.get().standing_protocol
