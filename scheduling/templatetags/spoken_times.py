"""Days and hours that staff read to a caller, beside those that they read themselves: the patient's own words."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from clinic import clock
from scheduling.templatetags import patient_times

register = template.Library()
register.filter("spoken_hour", patient_times.hour, expects_localtime=True)


@register.filter(expects_localtime=True)
def spoken_day(instant: datetime) -> str:
    """The day of an instant, and that it is today where it is."""
    day: str = patient_times.day(instant)
    today = clock.now().astimezone(instant.tzinfo).date()
    return f"{_('Today')}, {day}" if instant.date() == today else day
