"""Centers by distance from a ZIP code."""

from dataclasses import dataclass
from operator import attrgetter

from clinic.errors import Invalid
from clinic.geography import haversine_miles, travel_minutes
from clinic.models import ZipCode
from clinic.rows import fetch

#: How far a search may reach, in miles: further than any two places of the network lie apart.
FURTHEST_MILES = 5000
#: A degree of latitude is a little longer than this, so that no center within reach lies outside the belt.
MILES_PER_DEGREE = 69.0


@dataclass(frozen=True, slots=True)
class CenterCard:
    """A center as an answer names it. ``miles`` and ``travel_minutes`` are None where nobody said from where."""

    id: int
    code: str
    name: str
    short_name: str
    street: str
    city: str
    state: str
    zip: str
    zone: str
    phone: str
    arm_scans: bool
    iliac_doppler: bool
    wheelchair: bool
    miles: float | None
    travel_minutes: int | None


# Raw, and the ZIP code and the centers in one statement: every search waits for it.
_CARD = """
c.id, c.code, c.name, c.short_name, c.street, c.city, c.state, c.zip, c.zone, c.phone,
c.arm_scans, c.iliac_doppler, c.wheelchair, c.latitude, c.longitude
"""
_ALL = f"SELECT {_CARD} FROM clinic_center c WHERE c.active"  # noqa: S608 - built of constants
_AROUND = f"""
SELECT here.latitude, here.longitude, {_CARD}
FROM clinic_zipcode here
LEFT JOIN clinic_center c ON c.active
    AND c.latitude BETWEEN here.latitude - %(belt)s::float8 AND here.latitude + %(belt)s::float8
WHERE here.zip = %(zip)s
"""  # noqa: S608 - built of constants
#: Degrees between the poles: a belt that leaves no center out.
_EVERYWHERE = 180.0


def nearest_centers(*, near_zip: str | None = None, within_miles: float | None = None) -> list[CenterCard]:
    """Return the active centers, nearest first, or by code where no ZIP code is given.

    Raises `Invalid` for a ZIP code that does not exist and for a distance that is none.
    """
    if within_miles is not None and not 0 < within_miles <= FURTHEST_MILES:
        if near_zip:
            point_of(near_zip)
        raise Invalid(fields={"within_miles": f"Give miles above 0 and at most {FURTHEST_MILES}."})
    if near_zip:
        return _around(near_zip, within_miles)
    if within_miles is not None:
        raise Invalid(fields={"near": "Give the ZIP code that the distance counts from."})
    cards = [CenterCard(*(*row[:-2], None, None)) for row in fetch(_ALL, {}, prepare=False)]
    return sorted(cards, key=attrgetter("code"))


def _around(zip: str, within_miles: float | None) -> list[CenterCard]:
    belt = _EVERYWHERE if within_miles is None else within_miles / MILES_PER_DEGREE
    rows = fetch(_AROUND, {"zip": zip, "belt": belt}, prepare=False)
    if not rows:
        raise _no_such_zip()
    cards = []
    for here_latitude, here_longitude, *columns, latitude, longitude in rows:
        # A ZIP code without a center in its belt is there all the same, with nothing beside it.
        if latitude is None:
            continue
        miles = haversine_miles((here_latitude, here_longitude), (latitude, longitude))
        if within_miles is None or miles <= within_miles:
            cards.append(CenterCard(*(*columns, miles, travel_minutes(miles))))
    return sorted(cards, key=attrgetter("miles", "code"))


def point_of(zip: str) -> tuple[float, float]:
    """Return a ZIP code's latitude and longitude. Raises `Invalid` where it does not exist."""
    found = ZipCode.objects.filter(pk=zip).values_list("latitude", "longitude").first()
    if found is None:
        raise _no_such_zip()
    return found


def _no_such_zip() -> Invalid:
    return Invalid(fields={"near": "This ZIP code does not exist. Enter the five digits of a US ZIP code."})
