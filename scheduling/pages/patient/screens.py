"""Which questions stand on one screen. A danger sign has a screen of its own; short questions share one.

The number of a screen is its place in this list, whatever was answered: it says nothing of the answers.
"""

from collections.abc import Mapping
from typing import Any

from triage.drafts import was_asked
from triage.questionnaire import SECTIONS, Item, asked
from triage.questionnaire.item import Audience, Kind

#: How many questions of a section share a screen; one where a section is not named.
_TOGETHER = {"contact": 3, "symptoms": 6, "risk": 5, "arm": 3, "history": 6, "kept": 18}
#: Sections whose questions may be left open.
OPTIONAL_GROUPS = frozenset({"kept"})
_OWN_SCREENS: dict[str, tuple[tuple[str, ...], ...]] = {
    "about": (
        ("patient.birth_date", "patient.sex"),
        ("patient.age",),
        ("limb",),
        ("onset_days", "worsening"),
    ),
    "kept": (
        ("kept.surgery_date", "kept.days_in_bed", "kept.delivery_date"),
        ("kept.anesthesia",),
        ("kept.cramp_side", "kept.cramp_time"),
        ("kept.worse_standing", "kept.worse_walking", "kept.worse_foot_flexed_up"),
        ("kept.travel", "kept.hormones", "kept.injury", "kept.activity", "kept.fluids", "kept.diuretics"),
        ("kept.medicines", "kept.allergies", "kept.notes"),
    ),
}

Screen = tuple[Item, ...]


def _screens() -> tuple[Screen, ...]:
    found: list[Screen] = []
    for section in SECTIONS:
        items = tuple(item for item in section.items if item.audience is Audience.ANYONE)
        if section.key in _OWN_SCREENS:
            by_key = {item.key: item for item in items}
            found.extend(tuple(by_key.pop(key) for key in keys) for keys in _OWN_SCREENS[section.key])
            found.extend((item,) for item in by_key.values())
        else:
            size = _TOGETHER.get(section.key, 1)
            found.extend(items[at : at + size] for at in range(0, len(items), size))
    return tuple(screen for screen in found if screen)


ALL: tuple[Screen, ...] = _screens()
TITLES = {item.key: section.title for section in SECTIONS for item in section.items}


def open_on(screen: Screen, answers: Mapping[str, Any]) -> Screen:
    """Return the questions of a screen that are asked, given the answers so far."""
    return tuple(item for item in screen if asked(item, answers))


def next_after(number: int, answers: Mapping[str, Any]) -> int | None:
    """Return the first screen after this one with a question that was not put yet; None where all were."""
    return next((at for at in range(number + 1, len(ALL) + 1) if _unanswered(at, answers)), None)


def before(number: int, answers: Mapping[str, Any]) -> int | None:
    """Return the screen that comes before this one."""
    return next((at for at in range(number - 1, 0, -1) if open_on(ALL[at - 1], answers)), None)


def current(answers: Mapping[str, Any]) -> int | None:
    """Return the first screen that is not answered; None where all are."""
    return next_after(0, answers)


def number_of(key: str) -> int:
    """Return the screen on which a question stands; the first one where nobody is asked it here."""
    return next((at for at, screen in enumerate(ALL, 1) if any(item.key == key for item in screen)), 1)


def tapped(items: Screen) -> bool:
    """Whether a screen is one question that one tap answers."""
    return len(items) == 1 and items[0].kind in (Kind.TRI, Kind.CHOICE)


def _unanswered(number: int, answers: Mapping[str, Any]) -> bool:
    return any(not was_asked(answers, item.key) for item in open_on(ALL[number - 1], answers))
