"""The words of a text or a call: one file a template and language, filled with named values. Pure but for reading."""

import functools
import hashlib
import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from notifications.segments import without_costly_marks

FOLDER, CALLS_FOLDER = Path(__file__).with_name("texts"), Path(__file__).with_name("calls")

#: What each template may name. A file that names anything else is refused by a check before deployment.
VARIABLES: dict[str, frozenset[str]] = {
    "booking_confirmation": frozenset({"clinic", "name", "when", "center", "link"}),
    "booking_changed": frozenset({"clinic", "name", "when", "center", "link"}),
    "booking_cancelled": frozenset({"clinic", "name", "when", "center", "phone"}),
    "visit_reminder": frozenset({"clinic", "name", "when", "center", "link"}),
    "result_ready": frozenset({"clinic", "name", "link", "phone"}),
    "result_shared": frozenset({"clinic", "name", "link", "phone"}),
    "result_waiting": frozenset({"clinic", "name", "link", "phone"}),
    "result_to_read": frozenset({"clinic", "name", "link", "phone"}),
    "please_call": frozenset({"clinic", "name", "phone"}),
    "follow_up_call": frozenset({"clinic", "name", "day", "phone"}),
    "follow_up_visit": frozenset({"clinic", "name", "day", "link"}),
    "follow_up_offer": frozenset({"clinic", "name", "when", "then", "link"}),
    "follow_up_choose": frozenset({"clinic", "name", "link", "phone"}),
    "follow_up_next": frozenset({"clinic", "name", "link", "phone"}),
    "one_time_code": frozenset({"clinic", "code"}),
    "reply_emergency": frozenset(),
    "reply_emergency_unknown": frozenset({"clinic", "phone"}),
    "reply_received": frozenset({"clinic", "phone"}),
    "reply_choose": frozenset({"clinic", "link"}),
    "reply_unknown": frozenset({"clinic", "phone"}),
    "reply_help": frozenset({"clinic", "phone"}),
    "reply_stopped": frozenset({"clinic", "phone"}),
    "staff_reply": frozenset({"clinic", "words"}),
    "seek_emergency_care": frozenset({"clinic", "name", "phone"}),
    "slot_offered": frozenset({"clinic", "name", "when", "center", "until", "link"}),
    "move_asked": frozenset({"clinic", "name", "when", "until", "link"}),
    # Pages: to staff, about nobody.
    "urgent_callback": frozenset({"clinic", "due", "link"}),
    "urgent_callback_call": frozenset({"clinic", "phone"}),
    "urgent_step": frozenset({"clinic", "due", "link"}),
    "urgent_step_call": frozenset({"clinic", "phone"}),
}
#: What an automated call says to a patient, part by part. A mailbox hears who calls and the number, nothing else.
CALLED: dict[str, frozenset[str]] = {
    "greeting": frozenset({"clinic", "name", "phone"}),
    "greeting_now": frozenset({"clinic", "name", "phone"}),
    "mailbox": frozenset({"clinic", "phone"}),
    "keys": frozenset(),
    "more_result": frozenset({"phone"}),
    "more_visit": frozenset({"phone"}),
    "more_now": frozenset({"phone"}),
    "more_emergency": frozenset({"phone"}),
    "stopped": frozenset(),
    "goodbye": frozenset(),
}
#: What is said on the telephone: no segment limits it.
SPOKEN = frozenset({"urgent_callback_call", "urgent_step_call", *CALLED})
LANGUAGES = ("en", "es")
#: A version is so much of the SHA-256 of the words: other words are another version by themselves.
VERSION_LENGTH = 12
#: The longest values that a template is filled with: a name is cut, a short name is checked when it is loaded.
NAME_LENGTH = 12
SPOKEN_NAME_LENGTH = 24
TOKEN_LENGTH = 22
LONGEST: dict[str, str] = {
    "clinic": "Vein Center",
    "name": "N" * NAME_LENGTH,
    "when": "Wed Sep 30 12:45 PM",
    "then": "Wed Sep 30 12:45 PM",
    "center": "C" * 18,
    "link": "https://" + "h" * 16 + "/l/" + "t" * TOKEN_LENGTH,
    "phone": "(240) 512-4759",
    "day": "Wed Sep 30",
    "code": "000000",
    "due": "12:45 PM AKDT",
    "until": "12:45 PM",
    # Staff may type more: what they typed is measured then (`notifications.typed_words`).
    "words": "w" * 147,
}


@dataclass(frozen=True)
class Rendered:
    """What is sent or said, and which template it was made of, in which version."""

    words: str
    template: str
    version: str


def name_in_text(given_name: str) -> str:
    """Return a given name as a text says it: letters only, for whoever types a name chooses what our text says, and a
    name with dots and strokes is a link on the telephone that gets it."""
    return without_costly_marks(_letters_of(given_name))[:NAME_LENGTH].rstrip()


def name_in_call(given_name: str) -> str:
    """Return a given name as a call says it: for the same reason its letters only, and no more than a name's."""
    return _letters_of(given_name)[:SPOKEN_NAME_LENGTH].rstrip()


def _letters_of(given_name: str) -> str:
    straight = given_name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    said = "".join(c for c in straight if c.isalpha() or c.isspace() or unicodedata.combining(c) or c in "'-")
    return " ".join(said.split())


@functools.cache
def template(name: str, language: str) -> str:
    """Return a template's words."""
    folder = CALLS_FOLDER if name in CALLED else FOLDER
    return (folder / f"{name}.{language}.txt").read_text(encoding="utf-8").strip()


def version_of(name: str, language: str) -> str:
    """Return the version of a template's words."""
    return hashlib.sha256(template(name, language).encode()).hexdigest()[:VERSION_LENGTH]


def named_in(words: str) -> frozenset[str]:
    """Return the values that a template names."""
    return frozenset(field for _, field, _, _ in string.Formatter().parse(words) if field is not None)


def fill(name: str, language: str, values: Mapping[str, str]) -> str:
    """Return the text. ``values`` holds at least what the template may name."""
    words = template(name, language)
    return words.format_map({key: values[key] for key in named_in(words)})


def rendered(name: str, language: str, values: Mapping[str, str]) -> Rendered:
    """Return the text with the template and the version that it is made of."""
    return Rendered(fill(name, language, values), name, version_of(name, language))
