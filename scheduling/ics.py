"""A visit as a calendar file (RFC 5545), hand-written: no clinical word stands in it. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

_PRODUCT = "-//Vein Center//Visits//EN"
#: Octets of a line before it is folded (RFC 5545 section 3.1).
_LINE = 75


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One visit. ``sequence`` grows with every change, so that a calendar replaces what it had."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    cancelled: bool = False


def calendar(entry: Entry) -> str:
    """Return the file's text, with CRLF line ends."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        f"METHOD:{'CANCEL' if entry.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_instant(entry.stamped_at)}",
        f"DTSTART:{_instant(entry.starts_at)}",
        f"DTEND:{_instant(entry.ends_at)}",
        f"SUMMARY:{_text(entry.summary)}",
        f"LOCATION:{_text(entry.location)}",
        f"DESCRIPTION:{_text(entry.description)}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a line at 75 octets without splitting a character; each further line begins with a space."""
    parts, part, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + width
    return "\r\n".join([*parts, part])
