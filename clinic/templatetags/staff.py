"""What the pages of staff ask for: their menu, what they may do, and times as a center's clocks show them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html

from clinic import clock
from clinic.access import SIGNATURES, Actor, Permission, allowed, staff_actor
from clinic.accounts import passed_second_factor
from clinic.languages import spoken
from clinic.models import Patient, Staff
from clinic.pages.menu import Menu, Place, menu_of, places_of
from clinic.pages.notices import notices
from clinic.pages.tones import tone_of
from clinic.reached import reached
from clinic.templatetags import telephones

#: A month and its day stand on one line; so do an hour, its half of the day and its zone.
_DAY = "D, M\N{NO-BREAK SPACE}j"
_HOUR = "g:i\N{NO-BREAK SPACE}A"
_ZONED = f"{_HOUR}\N{NO-BREAK SPACE}T"

register = template.Library()
register.filter("phone", telephones.phone)


@register.simple_tag(takes_context=True)
def staff_menu(context: Context) -> list[Place]:
    """The pages that the person who is logged in may see."""
    user = context["request"].user
    return places_of(staff_actor(user), demo=settings.CLOCK_MOVABLE) if isinstance(user, Staff) else []


@register.simple_tag(takes_context=True)
def staff_row(context: Context) -> Menu:
    """The same pages as the row on top of a page holds them."""
    return menu_of(staff_menu(context), context["request"].path)


@register.simple_tag(takes_context=True)
def staff_notices(context: Context) -> list[str]:
    """What everybody who is logged in must know now."""
    return notices() if isinstance(context["request"].user, Staff) else []


@dataclass(frozen=True)
class SecondFactor:
    """Whether a signature asks for a second factor here, whether this log-in has passed one, and whether who is logged
    in signs at all."""

    required: bool
    passed: bool
    signs: bool

    @property
    def missing(self) -> bool:
        """Whether who signs could not sign now."""
        return self.required and self.signs and not self.passed


@register.simple_tag(takes_context=True)
def second_factor(context: Context) -> SecondFactor:
    """What the person who is logged in must know about their signature."""
    request = context["request"]
    user = request.user
    if not isinstance(user, Staff):
        return SecondFactor(settings.SECOND_FACTOR_REQUIRED, passed=False, signs=False)
    signs = any(allowed(staff_actor(user), each) for each in SIGNATURES)
    return SecondFactor(settings.SECOND_FACTOR_REQUIRED, passed_second_factor(request, user), signs)


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether the actor holds a permission."""
    return allowed(actor, Permission(permission))


@register.filter
def moment(at: datetime | None, zone: str) -> str:
    """A day and an hour where the zone's clocks stand, with the zone's letters: "Tue, Mar 3, 2:15 PM EST".

    A day of another year says so: plans reach far ahead.
    """
    if at is None:
        return ""
    other_year = at.astimezone(ZoneInfo(zone)).year != clock.today(zone).year
    return _shown(at, zone, f"{_DAY}, Y, {_ZONED}" if other_year else f"{_DAY}, {_ZONED}")


@register.filter
def hour(at: datetime | None, zone: str) -> str:
    """An hour where the zone's clocks stand: "2:15 PM"."""
    return _shown(at, zone, _HOUR)


@register.filter
def short_hour(at: datetime | None, zone: str) -> str:
    """An hour under a scale that says which half of the day it is: "2:15"."""
    return _shown(at, zone, "g:i")


@register.filter
def zoned_hour(at: datetime | None, zone: str) -> str:
    """The same with the zone's letters: "2:15 PM EST"."""
    return _shown(at, zone, _ZONED)


@register.filter
def iso(at: datetime | None) -> str:
    """An instant for a machine to read."""
    return at.isoformat() if at else ""


@register.simple_tag
def reach(patient: Patient) -> str:
    """How a patient is reached: a number to dial, or what is recorded of who has none."""
    number = patient.phone or patient.contact_phone
    if patient.phone is not None or (number and not (patient.contact_address or patient.in_person_plan)):
        return format_html('<a href="tel:{}"><span class="number-shown">{}</span></a>', number, reached(patient))
    return format_html("{}", reached(patient))


@register.filter
def tone(status: str) -> str:
    """The color of a status, from the one table."""
    return tone_of(status)


@register.filter
def spoken_languages(codes: list[str]) -> str:
    """The languages of a member of staff by their names: "English, Spanish"."""
    return ", ".join(spoken(codes))


@register.filter
def unscored(code: str) -> str:
    """A code's words: its underscores are spaces."""
    return code.replace("_", " ")


def _shown(at: datetime | None, zone: str, style: str) -> str:
    return date_format(at.astimezone(ZoneInfo(zone)), style) if at else ""
