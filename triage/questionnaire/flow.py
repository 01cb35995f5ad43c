"""Which questions are asked, given the answers so far."""

import copy
from collections.abc import Mapping
from typing import Any

from triage.answers import parse
from triage.questionnaire.build import items
from triage.questionnaire.item import Condition, Item
from triage.suspicion import suspected

#: All that *suspected* reads. Dates and ages are left out: they need the day, and settle nothing that counts here.
_OF_SUSPICION = ("limb", "onset_days", "worsening", "symptoms", "wells", "context")


def asked(item: Item, raw: Mapping[str, Any]) -> bool:
    """Whether ``item`` is asked, given the raw answers so far. Who asks it is the door's matter."""
    return all(_holds(condition, raw) for condition in item.when)


def questions(raw: Mapping[str, Any]) -> tuple[Item, ...]:
    """Every question that is asked, in order, given the raw answers so far. Who asks it is the door's matter.

    The rules read the history only where no clot is suspected (R10, R11): where one is, nobody is kept with it.
    """
    history = not _suspected(raw)
    return tuple(item for item in items() if (history or item.group != "history") and asked(item, raw))


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


def pruned(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without those to questions that other answers have made pointless since they were given.

    Somebody goes back and takes a yes back: what was asked only because of it must not count against them. A condition
    looks at earlier questions only, so that one pass in order is enough. The history is left as it was told: it stays
    true, and no rule reads it where it is not asked.
    """
    kept = copy.deepcopy(dict(raw))
    for item in items():
        if _answer(item.key, kept) is not None and not asked(item, kept):
            group, _, name = item.key.rpartition(".")
            del (kept[group] if group else kept)[name]
    return kept


def _suspected(raw: Mapping[str, Any]) -> bool:
    kept = pruned(raw)
    return suspected(parse({key: _given(kept[key]) for key in _OF_SUSPICION if kept.get(key) is not None}, on=None))


def _given(value: Any) -> Any:
    """An answer, or a group of them without those left open."""
    return {key: each for key, each in value.items() if each is not None} if isinstance(value, Mapping) else value


def _holds(condition: Condition, raw: Mapping[str, Any]) -> bool:
    answer = _answer(condition.key, raw)
    if condition.answered is not None:
        return (answer is not None) == condition.answered
    return ("unknown" if answer is None else answer) in condition.any_of


def _answer(path: str, raw: Mapping[str, Any]) -> Any:
    group, _, name = path.rpartition(".")
    holder = raw.get(group) if group else raw
    return holder.get(name) if isinstance(holder, Mapping) else None
