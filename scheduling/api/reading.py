"""From a request to what scheduling's services take."""

from collections.abc import Mapping
from typing import Any

from clinic.services.access_needs import Access
from scheduling.intake import Contact
from scheduling.needs import Needs
from scheduling.selectors import named
from scheduling.services.wanted import SlotChoice


def slot_of(given: Mapping[str, Any]) -> SlotChoice:
    """Return the slot that a body names. Raises what is wrong with the codes."""
    visit_type, center = named.of_slot(given["visit_type"], given["center"])
    return SlotChoice(visit_type, center, given["starts_at"], needs_of(given))


def needs_of(given: Mapping[str, Any]) -> Needs:
    """Return what the center must have."""
    yes = {name: given[name] for name in ("arm", "iliac", "wheelchair", "lift")}
    return Needs(**yes, table=given["table_lb"], language=given["language"])


def as_contact(given: dict[str, Any]) -> Contact:
    """Return who it is about, as the intake takes it."""
    access = given.pop("access")
    return Contact(**given, access=Access(**access) if access else None)
