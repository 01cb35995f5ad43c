"""Distances between places, and how long the way takes: estimates to plan with, never a promise to a patient."""

from math import asin, ceil, cos, radians, sin, sqrt

Point = tuple[float, float]
"""Latitude and longitude, in degrees: north and east are positive."""

EARTH_RADIUS_MILES = 3958.7613
"""The mean radius of the Earth (IUGG, 6,371.0088 km)."""

ROAD_FACTOR = 1.3
"""Road miles to a straight mile: an assumption, on the cautious side of what is usual in US cities."""

LOCAL_ROAD_MILES = 10.0
LOCAL_MINUTES_PER_MILE = 60 / 30
HIGHWAY_MINUTES_PER_MILE = 60 / 50
ARRIVAL_MINUTES = 10


def haversine_miles(here: Point, there: Point) -> float:
    """Return the great-circle distance in statute miles.

    ZIP codes are measured from their centroids, so a distance is right to a few miles. Raises ``ValueError`` for a
    point that is not on the globe.
    """
    (lat_a, lon_a), (lat_b, lon_b) = _on_the_globe(here), _on_the_globe(there)
    height = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    # Rounding can carry opposite points a hair past 1, where asin has no value.
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(min(1.0, height)))


def travel_minutes(miles: float) -> int:
    """Estimate the minutes from leaving to standing at the desk, for a straight-line distance in miles.

    Road miles are the straight line times 1.3; the first ten are driven at 30 mph, the rest at 50 mph; ten minutes to
    park and walk in come on top. Rounded up, since it decides the first start that a patient is offered. It knows no
    traffic, water, mountains or public transport. Raises ``ValueError`` for a negative or infinite distance.
    """
    if not 0 <= miles < float("inf"):
        raise ValueError("A distance is zero or more, and finite.")
    road = miles * ROAD_FACTOR
    local = min(road, LOCAL_ROAD_MILES)
    driving = local * LOCAL_MINUTES_PER_MILE + (road - local) * HIGHWAY_MINUTES_PER_MILE
    # Rounding first keeps the last bit of a float from adding a minute.
    return ceil(round(driving, 6)) + ARRIVAL_MINUTES


def _on_the_globe(point: Point) -> Point:
    latitude, longitude = point
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("Latitude lies within 90 degrees of zero, longitude within 180.")
    return radians(latitude), radians(longitude)
