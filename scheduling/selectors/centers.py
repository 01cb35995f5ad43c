"""Centers by distance from a ZIP code."""

from dataclasses import dataclass

from clinic.errors import Invalid
from clinic.geography import haversine_miles, travel_minutes
from clinic.models import Center, ZipCode

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


_COLUMNS = (
    "id",
    "code",
    "name",
    "short_name",
    "street",
    "city",
    "state",
    "zip",
    "zone",
    "phone",
    "arm_scans",
    "iliac_doppler",
    "wheelchair",
)


def nearest_centers(*, near_zip: str | None = None, within_miles: float | None = None) -> list[CenterCard]:
    """Return the active centers, nearest first, or by code where no ZIP code is given.

    Raises `Invalid` for a ZIP code that does not exist and for a distance that is none.
    """
    here = point_of(near_zip) if near_zip else None
    if within_miles is not None and not 0 < within_miles <= FURTHEST_MILES:
        raise Invalid(fields={"within_miles": f"Give miles above 0 and at most {FURTHEST_MILES}."})
    if within_miles is not None and here is None:
        raise Invalid(fields={"near": "Give the ZIP code that the distance counts from."})
    cards = []
    centers = Center.objects.filter(active=True)
    if here and within_miles is not None:
        belt = within_miles / MILES_PER_DEGREE
        centers = centers.filter(latitude__range=(here[0] - belt, here[0] + belt))
    for row in centers.values(*_COLUMNS, "latitude", "longitude"):
        there = row.pop("latitude"), row.pop("longitude")
        miles = haversine_miles(here, there) if here else None
        if miles is None or within_miles is None or miles <= within_miles:
            travel = None if miles is None else travel_minutes(miles)
            cards.append(CenterCard(**row, miles=miles, travel_minutes=travel))
    return sorted(cards, key=lambda card: (card.miles or 0.0, card.code))


def point_of(zip: str) -> tuple[float, float]:
    """Return a ZIP code's latitude and longitude. Raises `Invalid` where it does not exist."""
    found = ZipCode.objects.filter(pk=zip).values_list("latitude", "longitude").first()
    if found is None:
        raise Invalid(fields={"near": "This ZIP code does not exist. Enter the five digits of a US ZIP code."})
    return found
