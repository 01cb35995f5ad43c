"""How the page of turnaround says spans and shares."""

from django import template

from notifications.selectors.turnaround import Kept, Span

register = template.Library()

NONE = "–"
#: Percent from which a clock counts as kept, and below which it is not.
CALM, URGENT = 95, 85


@register.filter
def minutes(value: float | None) -> str:
    """So many minutes, as the clinical clocks count them."""
    return NONE if value is None else f"{round(value)} min"


@register.filter
def took(span: Span) -> str:
    """The median and the 90th percentile: "34 / 58"."""
    if span.median is None or span.ninetieth is None:
        return NONE
    return f"{round(span.median)} / {round(span.ninetieth)}"


@register.filter
def share(kept: Kept) -> str:
    """The share that kept a clock. 100% is said only where all did."""
    if kept.percent is None:
        return NONE
    return f"{kept.percent:.0f}%" if kept.met == kept.due else f"{min(kept.percent, 99.9):.1f}%"


@register.filter
def tone(kept: Kept) -> str:
    """The color of a share, as a class beside others."""
    if kept.percent is None:
        return ""
    return " tone-calm" if kept.percent >= CALM else " tone-soon" if kept.percent >= URGENT else " tone-urgent"
