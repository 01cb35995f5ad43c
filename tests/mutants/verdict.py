"""What a run of mutants came to: its score, the survivors, and which of them are explained."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# As many may survive without an explanation before the run fails.
TOLERATED = 0.03


@dataclass(frozen=True, slots=True)
class Mutation:
    """One changed line of a module: as it was, and as it became."""

    module: str
    was: str
    becomes: str

    def __str__(self) -> str:
        """The change as people read it."""
        return f"{self.module}\n    - {self.was}\n    + {self.becomes}"


def from_diff(module: str, diff: str) -> Mutation:
    """The mutation that a unified diff shows."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Mutation(module, was, becomes)


def explained(path: Path) -> dict[Mutation, str]:
    """The mutations that may survive, each with its reason."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return {Mutation(row["module"], row["was"], row["becomes"]): row["because"] for row in rows}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a run."""

    killed: int
    survivors: tuple[Mutation, ...]
    reasons: dict[Mutation, str]
    idle: int = 0

    @property
    def generated(self) -> int:
        """How many mutants were tried."""
        return self.killed + len(self.survivors)

    @property
    def unexplained(self) -> list[Mutation]:
        """Survivors without a reason."""
        return [each for each in self.survivors if each not in self.reasons]

    @property
    def fails(self) -> bool:
        """Whether too many survive that nobody has explained, or none was tried at all."""
        return not self.generated or len(self.unexplained) >= TOLERATED * self.generated

    def lines(self) -> Iterator[str]:
        """The report."""
        alive = len(self.survivors)
        share = 100 * self.killed / self.generated if self.generated else 0.0
        yield f"{self.generated} mutants: {self.killed} killed ({share:.1f}%), {alive} survive."
        yield f"{self.idle} more were left out: they can't change what the rules do."
        yield from _listed("Survive, and are explained", (each for each in self.survivors if each in self.reasons))
        yield from _listed("Survive without an explanation", self.unexplained)
        gone = [each for each in self.reasons if each not in self.survivors]
        yield from _listed("Explained, but they do not survive (any more)", gone)


def _listed(title: str, mutations: Iterable[Mutation]) -> Iterator[str]:
    found = list(mutations)
    if found:
        yield f"{title}: {len(found)}"
        yield from (f"  {each}" for each in found)
