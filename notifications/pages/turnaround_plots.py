"""The plots of the turnaround page, week by week: where lines and bars lie. The template draws them as SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.plotting import scale_of_counts, scale_of_minutes, scale_of_percent
from clinic.result_rules import TELL_WITHIN_MINUTES
from notifications.selectors.turnaround import TREAT_WITHIN_MINUTES, Figures, Turnaround

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 34
#: Labels below the axis of weeks that stand beside each other.
MOST_LABELS = 13

Words = str | Promise
Read = Callable[[Figures], float | None]


@dataclass(frozen=True)
class Series:
    """One line, or one kind of bar: its words, its color's number, and the figure that it shows."""

    name: Words
    number: int
    read: Read


@dataclass(frozen=True)
class Kind:
    """One plot before it is drawn. ``clock`` is a line at so many minutes; ``percent`` an axis to 100."""

    title: Words
    unit: Words
    series: tuple[Series, ...]
    clock: float | None = None
    percent: bool = False
    bars: bool = False


@dataclass(frozen=True)
class Mark:
    """A label of an axis, and where it stands."""

    at: str
    label: str


@dataclass(frozen=True)
class Curve:
    """A line in pieces, broken where a week has no figure, with a dot where a figure stands alone."""

    series: Series
    pieces: list[str]
    dots: list[tuple[str, str]]


@dataclass(frozen=True)
class Bar:
    """A part of a week's bar."""

    number: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Plot:
    """A plot, ready to be drawn: all coordinates are words already."""

    kind: Kind
    ticks: list[Mark]
    weeks: list[Mark]
    curves: list[Curve]
    bars: list[Bar]
    clock: str
    empty: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


MEDIAN, NINETIETH = _("median"), _("90th percentile")
KINDS = (
    Kind(
        _("First answer to scan"),
        _("minutes, to the scan's start"),
        (Series(MEDIAN, 1, lambda f: f.scan.median), Series(NINETIETH, 2, lambda f: f.scan.ninetieth)),
    ),
    Kind(
        _("Scan to told"),
        _("minutes, from the scan's end until the patient is told"),
        (Series(MEDIAN, 1, lambda f: f.told.median), Series(NINETIETH, 2, lambda f: f.told.ninetieth)),
        clock=TELL_WITHIN_MINUTES,
    ),
    Kind(
        _("Told to treated"),
        _("minutes, where treatment starts at once"),
        (Series(MEDIAN, 1, lambda f: f.treated.median), Series(NINETIETH, 2, lambda f: f.treated.ninetieth)),
        clock=TREAT_WITHIN_MINUTES,
    ),
    Kind(
        _("Within the clinical clocks"),
        _("% of those whose clock ran out or who were served"),
        (
            Series(_("scanned in time"), 1, lambda f: f.scan.kept.percent),
            Series(_("result in time"), 2, lambda f: f.result.percent),
            Series(_("told in an hour"), 3, lambda f: f.told.kept.percent),
        ),
        percent=True,
    ),
    Kind(
        _("Missed steps"),
        _("steps whose time passed, by what became of them"),
        (
            Series(_("rescued"), 1, lambda f: f.rescued),
            Series(_("still open"), 2, lambda f: f.still_open),
            Series(_("given up"), 3, lambda f: f.given_up),
        ),
        bars=True,
    ),
    Kind(
        _("Undelivered texts"),
        _("texts that reached nobody"),
        (Series(_("undelivered"), 2, lambda f: f.undelivered),),
        bars=True,
    ),
)


def plots_of(found: Turnaround) -> list[Plot]:
    """Return the plots of a span of weeks."""
    weekly = [found.of(week=week) for week in found.weeks]
    return [_drawn(kind, found.weeks, weekly) for kind in KINDS]


def _drawn(kind: Kind, weeks: Sequence[date], weekly: Sequence[Figures]) -> Plot:
    known = [value for each in kind.series for figures in weekly if (value := each.read(figures)) is not None]
    low, high, step = _axis(kind, weekly, known)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - low) / (high - low)

    slot = (WIDTH - LEFT - RIGHT) / len(weeks)
    middles = [LEFT + slot * (number + 0.5) for number in range(len(weeks))]
    values = [low + step * number for number in range(round((high - low) / step) + 1)]
    return Plot(
        kind=kind,
        ticks=[Mark(_at(y(value)), f"{value:g}") for value in values],
        weeks=_labels(weeks, middles),
        curves=[] if kind.bars else [_curve(each, middles, weekly, y) for each in kind.series],
        bars=_bars(kind.series, middles, slot * 0.7, weekly, y) if kind.bars else [],
        clock=_at(y(kind.clock)) if kind.clock is not None else "",
        empty=not any(known) if kind.bars else not known,
    )


def _axis(kind: Kind, weekly: Sequence[Figures], known: Sequence[float]) -> tuple[float, float, float]:
    """Return the axis's lowest and highest value and its step."""
    if kind.percent:
        return scale_of_percent(known)
    if kind.bars:
        return scale_of_counts([sum(each.read(figures) or 0 for each in kind.series) for figures in weekly])
    return scale_of_minutes([*known, kind.clock or 0])


def _labels(weeks: Sequence[date], middles: Sequence[float]) -> list[Mark]:
    """Name each week, or each month's first one where there are many."""
    named = zip(weeks, middles, strict=True)
    if len(weeks) <= MOST_LABELS:
        every = 1 + len(weeks) // 8
        return [Mark(_at(x), date_format(on, "M j")) for number, (on, x) in enumerate(named) if number % every == 0]
    return [Mark(_at(x), date_format(on, "M")) for on, x in named if on.day <= 7]


def _curve(series: Series, middles: Sequence[float], weekly: Sequence[Figures], y: Callable[[float], float]) -> Curve:
    pieces: list[list[str]] = [[]]
    for x, figures in zip(middles, weekly, strict=True):
        value = series.read(figures)
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{_at(x)},{_at(y(value))}")
    alone = [piece[0].split(",") for piece in pieces if len(piece) == 1]
    return Curve(series, [" ".join(piece) for piece in pieces if len(piece) > 1], [(x, y) for x, y in alone])


def _bars(
    series: Sequence[Series],
    middles: Sequence[float],
    width: float,
    weekly: Sequence[Figures],
    y: Callable[[float], float],
) -> list[Bar]:
    found = []
    for x, figures in zip(middles, weekly, strict=True):
        below = 0.0
        for each in series:
            value = each.read(figures) or 0
            if value:
                top, height = y(below + value), y(below) - y(below + value)
                found.append(Bar(each.number, _at(x - width / 2), _at(top), _at(width), _at(height)))
            below += value
    return found


def _at(place: float) -> str:
    return f"{place:.1f}"
