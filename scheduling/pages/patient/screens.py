"""Which questions stand on one screen: what the rules read has a screen for each question.

Only how to reach the visitor, and what is kept for the clinician, share one. The number of a screen is its place in
this list, whatever was answered: it says nothing of the answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.drafts import answer, was_asked
from triage.questionnaire import SECTIONS, Item, questions
from triage.questionnaire.item import Audience, Kind

#: Sections whose questions may be left open.
OPTIONAL_GROUPS = frozenset({"kept"})
#: Sections of which several questions share a screen; in all others each question has its own.
_SHARED: dict[str, tuple[tuple[str, ...], ...]] = {
    "contact": (
        ("contact.phone", "contact.zip", "contact.answering_for"),
        ("contact.name", "contact.relation", "contact.consent"),
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
#: How long one screen takes: most are read and tapped.
SECONDS_A_SCREEN = 4.5


def _screens() -> tuple[Screen, ...]:
    found: list[Screen] = []
    for section in SECTIONS:
        by_key = {item.key: item for item in section.items if item.audience is Audience.ANYONE}
        found.extend(tuple(by_key.pop(key) for key in keys) for keys in _SHARED.get(section.key, ()))
        found.extend((item,) for item in by_key.values())
    return tuple(found)


ALL: tuple[Screen, ...] = _screens()
TITLES = {item.key: section.title for section in SECTIONS for item in section.items}


@dataclass(frozen=True, slots=True)
class Progress:
    """The place of a screen among those that are asked, as far as the answers tell: later answers may spare some."""

    place: int
    count: int

    @property
    def minutes_left(self) -> int:
        """How long the rest takes, this screen included: a tap or two each."""
        return max(1, round((self.count - self.place + 1) * SECONDS_A_SCREEN / 60))


def open_on(screen: Screen, answers: Mapping[str, Any]) -> Screen:
    """Return the questions of a screen that are asked, given the answers so far."""
    return _open(screen, _asked(answers))


def next_after(number: int, answers: Mapping[str, Any]) -> int | None:
    """Return the first screen after this one with a question that was not put yet; None where all were."""
    asked = _asked(answers)
    later = enumerate(ALL[number:], number + 1)
    return next((at for at, screen in later if _unanswered(_open(screen, asked), answers)), None)


def left_open(number: int, answers: Mapping[str, Any]) -> Screen:
    """Return the questions from this screen on that may be left open, and were not put yet or have no answer."""
    asked = _asked(answers)
    later = (item for screen in ALL[number - 1 :] for item in _open(screen, asked) if item.group in OPTIONAL_GROUPS)
    return tuple(item for item in later if answer(answers, item.key) is None)


def before(number: int, answers: Mapping[str, Any]) -> int | None:
    """Return the screen that comes before this one."""
    return next((at for at in reversed(_open_numbers(answers)) if at < number), None)


def current(answers: Mapping[str, Any]) -> int | None:
    """Return the first screen that is not answered; None where all are."""
    return next_after(0, answers)


def progress(number: int, answers: Mapping[str, Any]) -> Progress:
    """Return how far a visitor is on this screen."""
    numbers = _open_numbers(answers)
    return Progress(sum(at <= number for at in numbers), len(numbers))


def number_of(key: str) -> int:
    """Return the screen on which a question stands; the first one where nobody is asked it here."""
    return next((at for at, screen in enumerate(ALL, 1) if any(item.key == key for item in screen)), 1)


def tapped(items: Screen) -> bool:
    """Whether a screen is one question that one tap answers."""
    return len(items) == 1 and items[0].kind in (Kind.TRI, Kind.CHOICE)


def _asked(answers: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(item.key for item in questions(answers))


def _open(screen: Screen, asked: frozenset[str]) -> Screen:
    return tuple(item for item in screen if item.key in asked)


def _open_numbers(answers: Mapping[str, Any]) -> list[int]:
    asked = _asked(answers)
    return [at for at, screen in enumerate(ALL, 1) if _open(screen, asked)]


def _unanswered(items: Screen, answers: Mapping[str, Any]) -> bool:
    return any(not was_asked(answers, item.key) for item in items)
