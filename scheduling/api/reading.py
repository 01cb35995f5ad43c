"""From a request to what scheduling's services take."""

from collections.abc import Mapping
from typing import Any

from scheduling.selectors import named
from scheduling.services.wanted import SlotChoice


def slot_of(given: Mapping[str, Any]) -> SlotChoice:
    """Return the slot that a body names. Raises what is wrong with the codes."""
    return SlotChoice(named.visit_type(given["visit_type"]), named.center(given["center"]), given["starts_at"])
