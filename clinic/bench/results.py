"""What the bench tells: a table that grows while it measures, or one document for a machine at the end."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from clinic.bench.turns import Timing

_WIDE, _NARROW = 44, 13


@dataclass(frozen=True)
class Measured:
    """One thing done several ways, each with its timing; the first way is the one that the others are held against."""

    name: str
    title: str
    clients: int
    timings: Mapping[str, Timing]

    @property
    def first(self) -> Timing:
        """The timing of the first way."""
        return next(iter(self.timings.values()))

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as long as each other way the first one takes, by medians."""
        others = list(self.timings)[1:]
        return {name: round(self.first.median_ms / self.timings[name].median_ms, 2) for name in others}

    def document(self) -> dict[str, object]:
        """The measurement as JSON tells it."""
        return {
            "name": self.name,
            "title": self.title,
            "clients": self.clients,
            "ways": {name: _document(timing) for name, timing in self.timings.items()},
            "ratios": self.ratios,
        }


@dataclass(frozen=True)
class Figure:
    """One number that is compared with nothing."""

    name: str
    title: str
    value: float
    unit: str


class Results:
    """Prints each measurement as it is made; with ``as_json`` it keeps silent and prints one document at the end."""

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self.out = out
        self.as_json = as_json
        self.measured: list[Measured] = []
        self.figures: list[Figure] = []

    def say(self, line: str, *, end: str = "\n") -> None:
        """Tell how far it has come."""
        if not self.as_json:
            print(line, file=self.out, end=end, flush=True)

    def head(self, ways: Sequence[str], ratios: Sequence[str]) -> None:
        """Begin a table."""
        columns = [f"{way}, ms" for way in ways] + list(ratios) + ["a second"]
        self.say("\n" + "".ljust(_WIDE) + "".join(column.rjust(_NARROW) for column in columns))

    def begin(self, title: str) -> None:
        """Name what is measured now; its figures follow on the same line."""
        self.say(title.ljust(_WIDE), end="")

    def add(self, measured: Measured) -> None:
        """Finish the line."""
        self.measured.append(measured)
        medians = [f"{timing.median_ms:.2f}" for timing in measured.timings.values()]
        ratios = [f"{ratio:.2f} x" for ratio in measured.ratios.values()]
        figures = [*medians, *ratios, f"{measured.first.per_second:,.0f}"]
        self.say("".join(figure.rjust(_NARROW) for figure in figures))

    def tell(self, figure: Figure) -> None:
        """Add a figure that stands for itself."""
        self.figures.append(figure)
        self.say(f"\n{figure.title}: {figure.value:,.0f} {figure.unit}")

    def finish(self, about: Mapping[str, object], failure: str = "") -> None:
        """Say how it all went."""
        if self.as_json:
            document = {
                "passed": not failure,
                "failure": failure or None,
                **about,
                "measured": [measured.document() for measured in self.measured],
                "figures": {each.name: {"value": round(each.value, 1), "unit": each.unit} for each in self.figures},
            }
            print(json.dumps(document, indent=2), file=self.out)
        elif failure:
            self.say(f"\nThe bench failed: {failure}")


def _document(timing: Timing) -> dict[str, object]:
    return {
        "median_ms": round(timing.median_ms, 3),
        "p95_ms": round(timing.p95_ms, 3),
        "per_second": round(timing.per_second, 1),
        "acts": len(timing.acts),
    }
