"""The replay's plot: what a larger reserve gives rule-outs, and what it takes from routine scans. An SVG by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from clinic.plotting import scale
from scheduling.simulation.table import ALL, Line

WIDTH, HEIGHT = 1080, 490
_PANEL, _TALL = 260, 250
_LEFT, _TOP, _GAP = 70, 132, 90
_DARK, _GREY, _PALE = "#1b2a33", "#5a6b75", "#dfe6ea"
_COLORS = ("#0b6e6e", "#b3541e", "#6a4fa3", "#2f5aa8")


@dataclass(frozen=True)
class Panel:
    """One small chart: its title, the unit of its axis, and the figures drawn, by their names."""

    title: str
    unit: str
    series: tuple[tuple[str, Callable[[Line], float | None]], ...]
    full: float | None = None


PANELS = (
    Panel(
        "Rule-outs scanned in time",
        "% of those that could be",
        (
            ("all", lambda line: line.in_time),
            ("tier 1", lambda line: line.tier_1_in_time),
            ("tier 2", lambda line: line.tier_2_in_time),
        ),
        full=100,
    ),
    Panel(
        "Routine scans moved",
        "% not in the wanted half-day",
        (("all", lambda line: line.not_in_wanted_half_day),),
    ),
    Panel("Delay of routine scans", "days past the wanted day, mean", (("all", lambda line: line.delay_mean),)),
)


def as_svg(lines: Sequence[Line], *, about: str) -> str:
    """Return the plot of the lines that hold for all centers, by size. ``about`` says what was replayed."""
    of_all = [line for line in lines if line.scanners == ALL]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' aria-labelledby="t d" font-family="system-ui, sans-serif">',
        '<title id="t">What a same-day reserve does</title>',
        f'<desc id="d">{escape(_told(of_all))}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 34, "What a same-day reserve gives, and what it costs", size=20, weight=600),
        _text(_LEFT, 58, about, size=13, color=_GREY),
    ]
    for number, panel in enumerate(PANELS):
        parts += _panel(panel, of_all, _LEFT + number * (_PANEL + _GAP))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _panel(panel: Panel, lines: Sequence[Line], left: int) -> list[str]:
    known = [value for _, read in panel.series for line in lines if (value := read(line)) is not None]
    low, high, step = scale(known, panel.full)
    bottom = _TOP + _TALL

    def x(size: int) -> float:
        sizes = [line.size for line in lines]
        return left + _PANEL * (size - sizes[0]) / max(1, sizes[-1] - sizes[0])

    def y(value: float) -> float:
        return bottom - _TALL * (value - low) / (high - low)

    parts = [
        _text(left, _TOP - 28, panel.title, size=15, weight=600),
        _text(left, _TOP - 11, panel.unit, size=12, color=_GREY),
    ]
    for tick in range(round((high - low) / step) + 1):
        value = low + tick * step
        parts.append(
            f'<line x1="{left}" y1="{y(value):.1f}" x2="{left + _PANEL}" y2="{y(value):.1f}" stroke="{_PALE}"/>'
        )
        parts.append(_text(left - 8, y(value) + 4, f"{value:g}", size=12, anchor="end", color=_GREY))
    parts += [_text(x(line.size), bottom + 20, str(line.size), size=12, anchor="middle") for line in lines]
    parts.append(
        _text(left + _PANEL / 2, bottom + 42, "scans kept a half-day, at each center", size=12, anchor="middle")
    )
    for number, (name, read) in enumerate(panel.series):
        points = [(x(line.size), y(value), value) for line in lines if (value := read(line)) is not None]
        parts += _curve(points, _COLORS[number], dashed=number > 0)
        if len(panel.series) > 1:
            parts += _key(name, left + number * 80, bottom + 70, _COLORS[number], dashed=number > 0)
        elif points:
            parts += [
                _text(px - 5, py - 9, f"{value:g}", size=11, anchor="end" if px > left else "start")
                for px, py, value in points
            ]
    return parts


def _curve(points: Sequence[tuple[float, float, float]], color: str, *, dashed: bool) -> list[str]:
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py, _ in points)
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    drawn = [f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2.5"{dash}/>']
    return drawn + [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{color}"/>' for px, py, _ in points]


def _figure(x: float, y: float, value: float, *, first: bool) -> str:
    """Return a point's value, beside the curve that rises through it."""
    return _text(x + 4 if first else x - 5, y - 9, f"{value:g}", size=11, anchor="start" if first else "end")


def _key(name: str, left: float, top: float, color: str, *, dashed: bool) -> list[str]:
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    line = f'<line x1="{left}" y1="{top}" x2="{left + 26}" y2="{top}" stroke="{color}" stroke-width="2.5"{dash}/>'
    return [line, _text(left + 32, top + 4, name, size=12)]


def _text(
    x: float, y: float, words: str, *, size: int, anchor: str = "start", color: str = _DARK, weight: int = 400
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}"'
        f' font-weight="{weight}">{escape(words)}</text>'
    )


def _told(lines: Sequence[Line]) -> str:
    """Say the curves in words, for whoever does not see them."""
    return " ".join(
        f"Reserve {line.size}: {line.in_time}% of rule-outs in time; {line.not_in_wanted_half_day}% of routine scans"
        f" moved, {line.delay_mean} days later on average."
        for line in lines
    )
