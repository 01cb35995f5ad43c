"""Which questions are asked, given the answers so far."""

import copy
from collections.abc import Mapping
from typing import Any

from triage.questionnaire.build import items
from triage.questionnaire.item import Condition, Item


def asked(item: Item, raw: Mapping[str, Any]) -> bool:
    """Whether ``item`` is asked, given the raw answers so far. Who asks it is the door's matter."""
    return all(_holds(condition, raw) for condition in item.when)


def ending(raw: Mapping[str, Any]) -> Item | None:
    """The first question whose answer ends the questions at once; None where none does."""
    for item in items():
        if item.ends_on is not None and _answer(item.key, raw) == item.ends_on:
            return item
    return None


def with_skipped(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers, and the no that follows for a question which others made pointless.

    Only where another answer settles it (a leg that is not swollen is not swollen all along): what was simply not
    answered stays unknown. An answer that was given is never replaced.
    """
    filled = copy.deepcopy(dict(raw))
    for item in items():
        if item.when_skipped is None or asked(item, filled) or _answer(item.key, filled) is not None:
            continue
        group, _, name = item.key.rpartition(".")
        filled.setdefault(group, {})[name] = item.when_skipped
    return filled


def _holds(condition: Condition, raw: Mapping[str, Any]) -> bool:
    answer = _answer(condition.key, raw)
    if condition.answered is not None:
        return (answer is not None) == condition.answered
    return ("unknown" if answer is None else answer) in condition.any_of


def _answer(path: str, raw: Mapping[str, Any]) -> Any:
    group, _, name = path.rpartition(".")
    holder = raw.get(group) if group else raw
    return holder.get(name) if isinstance(holder, Mapping) else None
