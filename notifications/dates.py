"""A day and a time as a text says them, in the language of whom it is for: short, and in GSM-7. Pure."""

from datetime import datetime

_DAYS = ("lun", "mar", "mié", "jue", "vie", "sab", "dom")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def day_in(language: str, local: datetime) -> str:
    """Return a day where the center is: ``Wed Sep 30``, ``mié 30 sep``."""
    if language == "es":
        return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"
    return f"{local:%a %b} {local.day}"


def time_of(local: datetime) -> str:
    """Return a time of the day, which people in the US write alike in both languages: ``9:05 AM``."""
    return f"{local:%I:%M %p}".lstrip("0")


def moment_in(language: str, local: datetime) -> str:
    """Return a day with its time."""
    return f"{day_in(language, local)} {time_of(local)}"
