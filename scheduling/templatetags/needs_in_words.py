"""What a patient needs of a center and its rooms, in words for a colleague."""

from django import template
from django.utils.translation import gettext as _

from clinic.languages import INTERPRETED
from scheduling.needs import Needs

register = template.Library()


@register.filter
def in_words(needs: Needs) -> str:
    """Name what a room, a center or its people must have: "a lift, a table for 500 lb"."""
    words = {
        _("scans of an arm"): needs.arm,
        _("scans of the pelvic veins"): needs.iliac,
        _("a way in for a wheelchair"): needs.wheelchair,
        _("a lift"): needs.lift,
        _("a table for %(pounds)s lb") % {"pounds": needs.table}: needs.table > 0,
        _("somebody who speaks %(language)s") % {"language": INTERPRETED.get(needs.language, "")}: needs.language != "",
    }
    return ", ".join(each for each, needed in words.items() if needed)
