"""The network that we ship is real where it says so, and fictional where it must be."""

from collections import Counter
from datetime import time
from zoneinfo import ZoneInfo

import pytest
import zipcodes

from clinic.geography import haversine_miles
from clinic.seeding.places import NETWORK, CenterRow, read_centers
from notifications.segments import Encoding, encoding_of


def network() -> list[CenterRow]:
    with NETWORK.open("rb") as file:
        rows, errors = read_centers(file)
    assert errors == []
    return rows


def test_110_centers_stand_in_20_states_and_5_zones() -> None:
    rows = network()
    assert len(rows) == 110
    assert len({row.state for row in rows}) >= 20
    assert len({row.zone for row in rows}) >= 5
    assert {"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"} <= {
        row.zone for row in rows
    }


@pytest.mark.parametrize("row", network(), ids=lambda row: row.code)
def test_each_center_is_where_its_zip_code_is(row: CenterRow) -> None:
    (place,) = zipcodes.matching(row.zip)  # type: ignore[no-untyped-call]  # The package has no types.
    assert (place["zip_code_type"], place["active"]) == ("STANDARD", True)
    assert (row.city, row.state, row.zone) == (place["city"], place["state"], place["timezone"])
    assert (row.latitude, row.longitude) == (float(place["lat"]), float(place["long"]))
    assert row.phone[2:5] in place["area_codes"]
    assert ZoneInfo(row.zone)


def test_every_phone_is_reserved_for_fiction() -> None:
    assert all(row.phone[5:10] == "55501" for row in network())


def test_no_two_centers_can_be_mistaken_for_each_other() -> None:
    rows = network()
    for field in ("code", "name", "short_name", "phone", "street", "zip"):
        assert Counter(getattr(row, field) for row in rows).most_common(1)[0][1] == 1, field


def test_short_names_keep_texts_in_gsm7() -> None:
    assert {encoding_of(row.short_name) for row in network()} == {Encoding.GSM_7}


def test_a_patient_in_greenbelt_has_a_choice_within_50_miles() -> None:
    near = [row for row in network() if haversine_miles((38.9996, -76.884), (row.latitude, row.longitude)) <= 50]
    assert len(near) >= 10
    assert "20770" in {row.zip for row in near}


def test_some_centers_open_early_late_and_on_sundays() -> None:
    weekdays = [row.hours_on(0) for row in network()]
    assert min(hours.opens for hours in weekdays if hours) == time(7)
    assert max(hours.closes for hours in weekdays if hours) == time(20)
    assert any(row.hours_on(6) for row in network())
    assert any(row.hours_on(5) is None for row in network())
