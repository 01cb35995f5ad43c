"""Distances agree with known ones, and travel time errs on the late side."""

import pytest

from clinic.geography import haversine_miles, travel_minutes

GREENBELT = (38.9996, -76.884)
BOWIE = (38.9797, -76.7435)
NEW_YORK = (40.7128, -74.0060)
LOS_ANGELES = (34.0522, -118.2437)


def test_nearby_and_far_places_lie_as_far_apart_as_they_do() -> None:
    assert haversine_miles(GREENBELT, BOWIE) == pytest.approx(7.67, abs=0.05)
    assert haversine_miles(NEW_YORK, LOS_ANGELES) == pytest.approx(2446, abs=3)


def test_the_way_back_is_as_far() -> None:
    assert haversine_miles(BOWIE, GREENBELT) == haversine_miles(GREENBELT, BOWIE)


def test_a_place_is_no_distance_from_itself() -> None:
    assert haversine_miles(GREENBELT, GREENBELT) == 0


def test_a_degree_of_latitude_is_69_miles_and_the_antipode_half_the_globe() -> None:
    assert haversine_miles((38, -76), (39, -76)) == pytest.approx(69.09, abs=0.01)
    assert haversine_miles((12.3, 45.6), (-12.3, -134.4)) == pytest.approx(12436.8, abs=0.5)


def test_the_date_line_is_no_barrier() -> None:
    assert haversine_miles((52.0, 179.9), (52.0, -179.9)) < 10


@pytest.mark.parametrize("point", [(90.1, 0), (0, -180.1), (float("nan"), 0), (0, float("inf"))])
def test_a_point_off_the_globe_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="Latitude"):
        haversine_miles(GREENBELT, point)


@pytest.mark.parametrize(
    ("miles", "minutes"),
    [
        (0, 10),  # parking and walking in
        (1, 13),  # 1.3 road miles at 30 mph are 2.6 minutes
        (5, 23),  # 6.5 road miles, exactly 13 minutes: no minute from rounding
        (10, 34),  # 10 road miles at 30 mph, 3 at 50
        (50, 96),  # 10 road miles at 30 mph, 55 at 50: exactly 86 minutes
    ],
)
def test_travel_takes_the_documented_minutes(miles: float, minutes: int) -> None:
    assert travel_minutes(miles) == minutes


def test_farther_never_takes_less() -> None:
    times = [travel_minutes(tenth / 10) for tenth in range(2000)]
    assert times == sorted(times)


@pytest.mark.parametrize("miles", [-0.1, float("nan"), float("inf")])
def test_an_impossible_distance_is_refused(miles: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        travel_minutes(miles)
