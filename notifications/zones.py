"""The zones that a telephone number may be in, by its area code (libphonenumber's data, offline). Pure.

A number tells less than an address: people keep it when they move. It counts only where no address is known.
"""

import phonenumbers
from phonenumbers import timezone

#: Both coasts of the mainland: where nothing is known it must be day in all that lies between.
ANYWHERE = ("America/New_York", "America/Los_Angeles")
#: An area code lies in few zones; what "lies" in more (a toll-free number, say) lies nowhere.
MOST_ZONES = 4
_UNKNOWN = "Etc/Unknown"


def zones_of_number(number: str) -> tuple[str, ...]:
    """Return the zones of a US number's area; none where its area code tells of no place, or of another country."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ()
    if parsed.country_code != 1:
        return ()
    found = timezone.time_zones_for_geographical_number(parsed)
    return tuple(zone for zone in found if zone != _UNKNOWN) if len(found) <= MOST_ZONES else ()


def zones_of(address_zone: str | None, number: str) -> tuple[str, ...]:
    """Return the zones that somebody may be in: their address's, else their number's, else both coasts."""
    return (address_zone,) if address_zone else zones_of_number(number) or ANYWHERE
