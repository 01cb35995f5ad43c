"""Days and hours as a patient reads them, in the language of the page and the zone that the template sets."""

from datetime import datetime

from django import template
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language

register = template.Library()


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
    return formatted(instant, "g:i A")
