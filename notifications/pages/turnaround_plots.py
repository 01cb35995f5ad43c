"""The plots of the turnaround page, week by week: where lines and bars lie. The template draws them as SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.plotting import scale_of_counts, scale_of_minutes, scale_of_percent
from clinic.result_rules import TELL_WITHIN_MINUTES
from notifications.selectors.turnaround import TREAT_WITHIN_MINUTES, Figures, Kept, Span, Turnaround

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 34
#: Labels below the axis of weeks that stand beside each other.
MOST_LABELS = 13
#: A median or percentile of fewer is a dot that no line joins: it says something of them, and little of the week.
FEW = 5
#: Over many weeks a share is that of so many weeks together, the last of them where it stands.
POOLED = 4

Words = str | Promise
Read = Callable[[Figures], float | None]


@dataclass(frozen=True)
class Series:
    """One line, or one kind of bar: its words, its color's number, the figure that it shows, and of how many."""

    name: Words
    number: int
    read: Read
    count: Callable[[Figures], int] | None = None


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
    """A line in pieces, broken where a week has no figure or one of few, with a dot where a figure stands alone."""

    series: Series
    pieces: list[str]
    dots: list[tuple[str, str]]
    few: list[tuple[str, str]]


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
    few: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


MEDIAN, NINETIETH = _("median"), _("90th percentile")
POOLED_UNIT = _("% of those due, over four weeks")
KINDS = (
    Kind(
        _("First answer to scan"),
        _("minutes, to the scan's start"),
        (
            Series(MEDIAN, 1, lambda f: f.scan.median, lambda f: f.scan.count),
            Series(NINETIETH, 2, lambda f: f.scan.ninetieth, lambda f: f.scan.count),
        ),
    ),
    Kind(
        _("Scan to told"),
        _("minutes, from the scan's end until the patient is told"),
        (
            Series(MEDIAN, 1, lambda f: f.told.median, lambda f: f.told.count),
            Series(NINETIETH, 2, lambda f: f.told.ninetieth, lambda f: f.told.count),
        ),
        clock=TELL_WITHIN_MINUTES,
    ),
    Kind(
        _("Told to treated"),
        _("minutes, where treatment starts at once"),
        (
            Series(MEDIAN, 1, lambda f: f.treated.median, lambda f: f.treated.count),
            Series(NINETIETH, 2, lambda f: f.treated.ninetieth, lambda f: f.treated.count),
        ),
        clock=TREAT_WITHIN_MINUTES,
    ),
    Kind(
        _("Within the clinical clocks"),
        _("% of those due"),
        (
            Series(_("scanned in time"), 1, lambda f: f.scan.kept.percent, lambda f: f.scan.kept.due),
            Series(_("result in time"), 2, lambda f: f.result.percent, lambda f: f.result.due),
            Series(_("told in an hour"), 3, lambda f: f.told.kept.percent, lambda f: f.told.kept.due),
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
    if len(weekly) <= MOST_LABELS:
        return [_drawn(kind, found.weeks, weekly) for kind in KINDS]
    pooled = _pooled(weekly)
    return [
        _drawn(replace(kind, unit=POOLED_UNIT), found.weeks, pooled)
        if kind.percent
        else _drawn(kind, found.weeks, weekly)
        for kind in KINDS
    ]


def _pooled(weekly: Sequence[Figures]) -> list[Figures]:
    """The shares of each week together with those of the weeks before it: week by week they are noise."""

    def together(kept: Sequence[Kept]) -> Kept:
        return Kept(sum(each.met for each in kept), sum(each.due for each in kept))

    spans = [weekly[max(0, number + 1 - POOLED) : number + 1] for number in range(len(weekly))]
    return [
        Figures(
            scan=Span(kept=together([each.scan.kept for each in span])),
            told=Span(kept=together([each.told.kept for each in span])),
            result=together([each.result for each in span]),
        )
        for span in spans
    ]


def _drawn(kind: Kind, weeks: Sequence[date], weekly: Sequence[Figures]) -> Plot:
    known = [value for each in kind.series for figures in weekly if (value := each.read(figures)) is not None]
    low, high, step = _axis(kind, weekly, known)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - low) / (high - low)

    slot = (WIDTH - LEFT - RIGHT) / len(weeks)
    middles = [LEFT + slot * (number + 0.5) for number in range(len(weeks))]
    values = [low + step * number for number in range(round((high - low) / step) + 1)]
    curves = [] if kind.bars else [_curve(each, middles, weekly, y) for each in kind.series]
    return Plot(
        kind=kind,
        ticks=[Mark(_at(y(value)), f"{value:g}") for value in values],
        weeks=_labels(weeks, middles),
        curves=curves,
        bars=_bars(kind.series, middles, slot * 0.7, weekly, y) if kind.bars else [],
        clock=_at(y(kind.clock)) if kind.clock is not None else "",
        empty=not any(known) if kind.bars else not known,
        few=FEW if any(curve.few for curve in curves) else 0,
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
    pieces: list[list[tuple[str, str]]] = [[]]
    few: list[tuple[str, str]] = []
    for x, figures in zip(middles, weekly, strict=True):
        value = series.read(figures)
        at = None if value is None else (_at(x), _at(y(value)))
        if at is None:
            pieces.append([])
        elif series.count is not None and series.count(figures) < FEW:
            few.append(at)
            pieces.append([])
        else:
            pieces[-1].append(at)
    lines = [" ".join(",".join(at) for at in piece) for piece in pieces if len(piece) > 1]
    return Curve(series, lines, [piece[0] for piece in pieces if len(piece) == 1], few)


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
