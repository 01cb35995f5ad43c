"""The plots of the turnaround page: what is drawn as a line, what as a dot, and from where an axis begins."""

from datetime import date, timedelta

from clinic.plotting import scale_of_counts, scale_of_percent
from notifications.pages.turnaround_plots import FEW, Plot, plots_of
from notifications.selectors.turnaround import Figures, Kept, Span, Turnaround


def _figures(count: int, met: int = 0) -> Figures:
    kept = Kept(met, count)
    span = Span(count=count, median=10.0, ninetieth=20.0, kept=kept)
    return Figures(asked=count, scan=span, told=span, treated=span, result=kept)


def _plots(weekly: list[Figures]) -> dict[str, Plot]:
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(len(weekly))]
    found = Turnaround(weeks, [], {(None, week): figures for week, figures in zip(weeks, weekly, strict=True)})
    return {str(plot.kind.title): plot for plot in plots_of(found)}


def test_a_week_of_few_is_a_dot_that_no_line_joins() -> None:
    plot = _plots([_figures(count) for count in (FEW, FEW, FEW - 1, FEW, FEW)])["Scan to told"]
    assert [(len(curve.pieces), len(curve.few)) for curve in plot.curves] == [(2, 1), (2, 1)]
    assert plot.few == FEW


def _heights(plot: Plot) -> list[str]:
    return [point.split(",")[1] for point in plot.curves[0].pieces[0].split()]


def test_over_many_weeks_a_share_is_that_of_four_weeks_together() -> None:
    kept_every_second = [_figures(9, met=9 * (number % 2)) for number in range(20)]
    few = _plots(kept_every_second[:10])["Within the clinical clocks"]
    many = _plots(kept_every_second)["Within the clinical clocks"]
    assert len(set(_heights(few))) == 2
    # Two of any four: after the first weeks the line stands.
    assert len(set(_heights(many)[3:])) == 1
    assert "four weeks" in str(many.kind.unit)
    assert "four weeks" not in str(few.kind.unit)


def test_lines_of_shares_near_all_stay_apart() -> None:
    assert scale_of_percent([97, 99.5]) == (80, 100, 5)
    assert scale_of_percent([64, 100]) == (60, 100, 10)
    assert scale_of_percent([0, 100]) == (0, 100, 20)


def test_no_bar_reaches_the_top() -> None:
    for highest in range(1, 60):
        low, high, step = scale_of_counts([highest])
        assert low == 0
        assert highest < high <= highest + 2 * step
