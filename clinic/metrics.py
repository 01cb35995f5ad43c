"""Figures for operators, counted in the database when they are asked for: true for all processes at once."""

from collections.abc import Callable, Iterator, Mapping

from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from clinic import agenda, clock
from clinic.models import LIVE_STEP, Episode, Step, StepKind

#: Figures by their label.
Figures = Callable[[], Mapping[str, float]]
#: Further gauges, which apps above register: name → (help, label, counts by label).
_gauges: dict[str, tuple[str, str, Figures]] = {}


def register(name: str, explanation: str, label: str, counts: Figures) -> None:
    """Add a gauge with one label."""
    _gauges[name] = (explanation, label, counts)


class _Counts(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _family(
            "ruleout_open_episodes", "Open episodes.", "kind", _by(Episode.objects.filter(status="open"), "kind")
        )
        live = Step.objects.filter(status__in=LIVE_STEP)
        yield _family("ruleout_live_steps", "Live steps.", "kind", _by(live, "kind"))
        late = live.filter(due_at__lt=clock.now())
        yield _family("ruleout_overdue_steps", "Live steps past their time.", "kind", _by(late, "kind"))
        lost = live.filter(kind=StepKind.LOOSE_END)
        yield _family("ruleout_lost", "Losses that a manager must mend.", "loss", _by(lost, "plan_code"))
        yield _family("ruleout_due_work", "Work due and not done.", "source", agenda.waiting())
        for name, (explanation, label, counts) in _gauges.items():
            yield _family(name, explanation, label, counts())


def _by(rows: object, column: str) -> dict[str, int]:
    return dict(rows.values_list(column).annotate(Count("pk")))  # type: ignore[attr-defined]


def _family(name: str, explanation: str, label: str, counts: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, explanation, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def exposition() -> bytes:
    """Return the figures in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(_Counts())
    return generate_latest(registry)
