"""What one cell of a centers file may hold: each rule turns its text into a value, or says what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from functools import cache
from zoneinfo import available_timezones

STATE = re.compile(
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|"
    "PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|AS|GU|MP|PR|VI"
)
GRID_MINUTES = 5
"""Time is booked in steps of five minutes, so hours that lie between them could not be kept."""

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")
ZIP = re.compile(r"[0-9]{5}")
PHONE = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")
WHOLE = re.compile(r"[0-9]{1,4}")
HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
TEXTABLE = re.compile(r"[A-Za-z0-9 .,:;'&/()+#@!?*%=\-ÄÖÑÜÅÆØÇÉäöñüåæøéèàùìòß]+")
"""Characters that cost one place in a text message (GSM-7, 3GPP TS 23.038 section 6.2.1): one other would double it."""


class CellError(ValueError):
    """A cell breaks a rule: ``rule`` names it for a machine, ``message`` for the person who mends the file."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


@dataclass(frozen=True)
class Hours:
    """The staffed hours of a day, local to the center; they never pass midnight."""

    opens: time
    closes: time


def words(longest: int) -> Callable[[str], str]:
    """Return the rule for text that people read, of at most ``longest`` characters."""

    def rule(cell: str) -> str:
        if not cell:
            raise CellError("required", "This can't be empty.")
        if len(cell) > longest:
            raise CellError("too_long", f"At most {longest} characters; this has {len(cell)}.")
        for character in cell:
            if not character.isprintable():
                raise CellError(
                    "unprintable",
                    f"Take out the hidden character U+{ord(character):04X}.",
                )
        return cell

    return rule


def short_name(cell: str) -> str:
    """The name that stands in text messages: 18 characters of GSM-7's basic table."""
    text = words(18)(cell)
    if not TEXTABLE.fullmatch(text):
        raise CellError(
            "not_gsm7",
            "Use plain letters, digits and punctuation: it stands in text messages.",
        )
    return text


def code(cell: str) -> str:
    """The center's own code: it stands in addresses of pages, so it is plain."""
    return _matching(
        CODE,
        cell,
        "code_form",
        "Use 1 to 12 capital letters, digits or hyphens, such as C001.",
    )


def state(cell: str) -> str:
    """The two letters of a state, the District of Columbia or a territory."""
    return _matching(STATE, cell, "state_unknown", "Use the two capital letters of a US state, such as MD.")


def zip_code(cell: str) -> str:
    """Five digits, as text: a leading zero counts."""
    return _matching(
        ZIP,
        cell,
        "zip_form",
        "Use five digits; a spreadsheet may have dropped a leading zero.",
    )


def zone(cell: str) -> str:
    """An IANA time zone that this machine knows."""
    if cell not in _zones():
        raise CellError("zone_unknown", "Use an IANA time zone, such as America/New_York.")
    return cell


def phone(cell: str) -> str:
    """A North American number as E.164."""
    return _matching(
        PHONE,
        cell,
        "phone_not_e164",
        "Use +1 and ten digits without spaces, such as +13015550142.",
    )


def degrees(limit: int) -> Callable[[str], float]:
    """Return the rule for decimal degrees from -limit to limit."""

    def rule(cell: str) -> float:
        _matching(
            DEGREES,
            cell,
            "degrees_form",
            "Use decimal degrees, such as 38.9996 or -76.884.",
        )
        if not -limit <= float(cell) <= limit:
            raise CellError("off_the_globe", f"Degrees run from -{limit} to {limit} here.")
        return float(cell)

    return rule


def hours(cell: str) -> Hours | None:
    """Opening hours such as 08:00-18:00; an empty cell means closed."""
    if not cell:
        return None
    found = HOURS.fullmatch(cell)
    if not found:
        raise CellError(
            "hours_form",
            "Use 24-hour times such as 08:00-18:00; leave it empty where closed.",
        )
    first, second, third, fourth = (int(part) for part in found.groups())
    if second % GRID_MINUTES or fourth % GRID_MINUTES:
        raise CellError("hours_off_grid", f"Use times on a multiple of {GRID_MINUTES} minutes.")
    opens, closes = time(first, second), time(third, fourth)
    if opens >= closes:
        raise CellError("hours_order", "A center closes after it opens, on the same day.")
    return Hours(opens, closes)


def yes_or_no(cell: str) -> bool:
    """Yes or no, in any case of letters."""
    answer = cell.lower()
    if answer not in {"yes", "no"}:
        raise CellError("yes_or_no", "Answer yes or no.")
    return answer == "yes"


def count(most: int) -> Callable[[str], int]:
    """Return the rule for a whole number from 1 to ``most``."""

    def rule(cell: str) -> int:
        if not WHOLE.fullmatch(cell) or not 1 <= int(cell) <= most:
            raise CellError("count_range", f"Use a whole number from 1 to {most}.")
        return int(cell)

    return rule


def _matching(form: re.Pattern[str], cell: str, rule: str, message: str) -> str:
    if not form.fullmatch(cell):
        raise CellError(rule, message)
    return cell


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
