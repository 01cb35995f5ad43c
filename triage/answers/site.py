"""The ``site`` group: not asked, but what the network can offer now."""

from collections.abc import Mapping
from typing import Any

from triage.answers.errors import AnswerError
from triage.answers.groups import Site

CAPABILITIES = ("upper_extremity", "iliac_duplex")


def read_site(top: object, in_context: object, errors: list[AnswerError]) -> Site:
    """The site from its two possible places; where both state a key, the one inside ``context`` holds.

    A missing ``next_result_min`` means that no result is on offer, a missing capability that there is none: the
    decision then never rests on a scan that nobody has promised.
    """
    stated: dict[str, Any] = {}
    for name, raw in (("site", top), ("context.site", in_context)):
        if not isinstance(raw, Mapping):
            errors.append(AnswerError(name, "object", "Send an object of what the network can offer."))
            continue
        for key, value in raw.items():
            fault = _fault(key, value)
            if fault:
                errors.append(AnswerError(f"{name}.{key}", *fault))
            else:
                stated[key] = value
    return Site(**stated)


def _fault(key: str, value: object) -> tuple[str, str] | None:
    if key == "next_result_min":
        whole = value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
        return None if whole else ("whole_minutes", "Give whole minutes from 0, or null where there is none.")
    if key in CAPABILITIES:
        return None if isinstance(value, bool) else ("boolean", "Answer true or false.")
    return "unknown_key", "This key is not known."
