"""What a run of mutants came to: its score, the survivors, and why each of them may survive."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

# So large a share of all that were tried must not survive, explained or not.
LIMIT = 0.03


@dataclass(frozen=True, slots=True)
class Mutation:
    """One changed line of a module: as it was, and as it became."""

    module: str
    was: str
    becomes: str

    def __str__(self) -> str:
        """The change as people read it."""
        return f"{self.module}\n    - {self.was}\n    + {self.becomes}"


def from_diff(module: str, diff: Iterable[str]) -> Mutation:
    """The mutation that the lines of a unified diff show."""
    lines = [line for line in diff if not line.startswith(("---", "+++"))]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Mutation(module, was, becomes)


def between(module: str, source: str, mutated: str) -> Mutation:
    """The mutation that makes one text of a module the other."""
    return from_diff(module, unified_diff(source.splitlines(), mutated.splitlines(), n=0, lineterm=""))


def explained(path: Path) -> dict[Mutation, str]:
    """The mutations that may survive, each with its reason."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return {Mutation(row["module"], row["was"], row["becomes"]): row["because"] for row in rows}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many mutants of one kind were tried, and which of them no test noticed."""

    kind: str
    tried: int
    survivors: tuple[Mutation, ...]

    def __str__(self) -> str:
        """The figures of this kind."""
        killed = self.tried - len(self.survivors)
        return f"{self.kind}: {self.tried} tried, {killed} noticed, {len(self.survivors)} survive"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcomes of a run, beside the reasons for which a mutant may survive."""

    outcomes: tuple[Outcome, ...]
    reasons: dict[Mutation, str]

    @property
    def tried(self) -> int:
        """How many mutants were tried in all."""
        return sum(outcome.tried for outcome in self.outcomes)

    @property
    def survivors(self) -> list[Mutation]:
        """Those that no test noticed, explained or not."""
        return [mutation for outcome in self.outcomes for mutation in outcome.survivors]

    @property
    def unexplained(self) -> list[Mutation]:
        """Survivors without a reason."""
        return [each for each in self.survivors if each not in self.reasons]

    @property
    def fails(self) -> bool:
        """Whether a survivor is unexplained, too many survive all the same, or a kind was not tried at all."""
        untried = not self.outcomes or not all(outcome.tried for outcome in self.outcomes)
        return untried or bool(self.unexplained) or len(self.survivors) >= LIMIT * self.tried

    def lines(self) -> Iterator[str]:
        """The report."""
        yield from map(str, self.outcomes)
        share = 100 * len(self.survivors) / self.tried if self.tried else 100.0
        yield f"Together: {self.tried} tried, {len(self.survivors)} survive ({share:.1f}%)"
        for each in self.survivors:
            yield f"  {each}\n    {self.reasons.get(each, 'NOT EXPLAINED')}"
        for each in self.reasons:
            if each not in self.survivors:
                yield f"Explained, but noticed by a test now:\n  {each}"
