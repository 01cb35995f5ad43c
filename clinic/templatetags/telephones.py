"""Telephone numbers on pages: never broken in two, and in a sentence that a patient reads one tap away."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from clinic.phones import national, normalize

register = template.Library()
#: How our sentences write a number: 877-722-6388.
_WRITTEN = re.compile(r"\b\d{3}-\d{3}-\d{4}\b")


@register.filter
def phone(number: str) -> str:
    """A number as a reader expects it, on one line."""
    return format_html('<span class="number-shown">{}</span>', national(number)) if number else ""


@register.filter
def numbers_to_call(sentence: str) -> SafeString:
    """A sentence in which every telephone number is a link that calls it."""
    return mark_safe(_WRITTEN.sub(_link, conditional_escape(sentence)))  # noqa: S308 - escaped before


def _link(found: re.Match[str]) -> str:
    return f'<a href="tel:{normalize(found[0])}">{found[0]}</a>'
