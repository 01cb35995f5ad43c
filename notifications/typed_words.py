"""What staff may type as a text: nothing of health, no full name, no birth date, two segments at most. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from notifications.lint import CARRIER_WORDS, FORBIDDEN
from notifications.segments import beyond_gsm_7, segment_count, without_costly_marks

MOST_SEGMENTS = 2
#: Longer than this nothing is looked at: it is no text message.
LONGEST = 1000
_STRAIGHT = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{NO-BREAK SPACE}": " ",
    }
)
_FIGURES = re.compile(r"\b(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})\b")
_MONTHS = (
    *("january enero", "february febrero", "march marzo", "april abril", "may mayo", "june junio", "july julio"),
    *("august agosto", "september septiembre", "october octubre", "november noviembre", "december diciembre"),
)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Measured:
    """A text as it would leave: its length in segments, and what is wrong with it."""

    words: str
    characters: int
    segments: int
    faults: tuple[str, ...]


def as_sent(typed: str) -> str:
    """The words as they leave: straight quotes, and without accents that would make the text three times as long."""
    lines = _CONTROL.sub("", typed.replace("\r\n", "\n").replace("\r", "\n").translate(_STRAIGHT)).split("\n")
    return without_costly_marks("\n".join(" ".join(line.split()) for line in lines).strip())


def measure(typed: str, *, head: str, names: tuple[tuple[str, str], ...] = (), born: tuple[date, ...] = ()) -> Measured:
    """Return how a typed text would leave behind its head (who we are), and each fault, with what to do about it.

    ``names`` are the given and family names of those who have the number, ``born`` their birth dates: a text holds
    neither a full name nor a birth date.
    """
    words = as_sent(typed)
    whole = f"{head}{words}"
    segments = segment_count(whole) if len(words) <= LONGEST else len(words) // 67
    found = _faults(words, segments, whole, names)
    if any(_tells_date(words, each) for each in born):
        found.append("A text holds no birth date: whoever reads it on the screen may use it. Ask for it in a call.")
    return Measured(words, len(whole), segments, tuple(found))


def _faults(words: str, segments: int, whole: str, names: tuple[tuple[str, str], ...]) -> list[str]:
    if not words:
        return ["Type what to say."]
    found = []
    if segments > MOST_SEGMENTS:
        costly = "".join(beyond_gsm_7(whole))[:20]
        why = f" These characters make it longer: {costly}" if costly else ""
        found.append(
            f"This takes {segments} texts ({len(whole)} characters); at most {MOST_SEGMENTS} are sent. Shorten it, or"
            f" call.{why}"
        )
    if said := FORBIDDEN.search(words):
        found.append(
            f"A text never says {said[0]!r}: anybody may read it on the phone's screen. Say it in a call; here ask them"
            " to call us."
        )
    if said := CARRIER_WORDS.search(words):
        found.append(f"{said[0]!r} would end all texts to them. Ask them to reply C, R or X, or to call.")
    if any(_names(words, *name) for name in names):
        found.append("A text holds no full name: the first name is enough.")
    return found


def _names(words: str, given: str, family: str) -> bool:
    said = words.casefold()
    return all(re.search(rf"\b{re.escape(name.casefold())}\b", said) for name in (given, family) if name) and bool(
        family
    )


def _tells_date(words: str, day: date) -> bool:
    """Whether a date stands in words: in figures of whatever order, or with the month's name in either language."""
    if any(_is_day(figures, day) for figures in _FIGURES.findall(words)):
        return True
    said = set(re.findall(r"\w+", words.casefold()))
    names = _MONTHS[day.month - 1].split()
    return {str(day.year), str(day.day)} <= said and any(name in said or name[:3] in said for name in names)


def _is_day(figures: Iterable[str], day: date) -> bool:
    first, second, third = map(int, figures)
    years = {day.year, day.year % 100}
    pair = sorted((day.month, day.day))
    return (third in years and sorted((first, second)) == pair) or (first in years and sorted((second, third)) == pair)
