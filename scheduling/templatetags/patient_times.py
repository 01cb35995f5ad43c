"""Days and hours as a patient reads them, in the language of the page and the zone that the template sets."""

from datetime import datetime

from django import template
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, ngettext

from clinic.templatetags import telephones

#: From here on a way is told in hours: nobody counts seven hundred minutes.
MANY_MINUTES = 90

register = template.Library()
register.filter("phone", telephones.phone)
register.filter("numbers_to_call", telephones.numbers_to_call)
#: Between an hour and its half of the day: never broken.
_NBSP = "\N{NO-BREAK SPACE}"


def _spanish() -> bool:
    return (get_language() or "en").startswith("es")


@register.filter(expects_localtime=True)
def day(instant: datetime) -> str:
    """Tuesday, November 24, or martes 24 de noviembre."""
    return formatted(instant, r"l j \d\e F" if _spanish() else "l, F j")


@register.filter(expects_localtime=True)
def full_day(instant: datetime) -> str:
    """The day with its year."""
    return formatted(instant, r"l j \d\e F \d\e Y" if _spanish() else "l, F j, Y")


@register.filter(expects_localtime=True)
def hour(instant: datetime) -> str:
    """3:40 PM: never "noon", so that nothing is left to guess."""
    return formatted(instant, f"g:i{_NBSP}A")


@register.filter(expects_localtime=True)
def zoned_hour(instant: datetime) -> str:
    """3:40 PM EST: where a reader may stand in another zone than the clock that counts."""
    return formatted(instant, f"g:i{_NBSP}A{_NBSP}T")


@register.filter
def travel(minutes: int) -> str:
    """How long a way takes: "35 min", or "4 hours"."""
    if minutes < MANY_MINUTES:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
