"""Which modules are mutated, how, and which tests must notice."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from triage.answers import Alternative, Anticoagulant, Limb, Tri
from triage.urgency import Disposition

MODULES = (
    "triage/answers",
    "triage/rules",
    "triage/constans.py",
    "triage/contradictions.py",
    "triage/decision.py",
    "triage/overriding.py",
    "triage/roster.py",
    "triage/suspicion.py",
    "triage/urgency.py",
    "triage/wells.py",
    "triage/worry.py",
)
# They decide nothing: which text a version stands for, and which other versions are kept.
LEFT_OUT = ("triage/rules/version.py", "triage/rules/registry.py")

# The pure tests of these modules, those first that notice most.
TESTS = (
    "test_rules.py",
    "test_boundaries.py",
    "test_measures.py",
    "test_parsing.py",
    "test_scores.py",
    "test_overriding.py",
    "test_roster.py",
    "test_urgency.py",
    "test_worry.py",
    "test_contradictions.py",
    "test_limits.py",
    "test_fired.py",
    "test_after_the_table.py",
    "test_decision.py",
    "test_immutable.py",
    "test_examination.py",
    "test_examples.py",
)

COMPARISON = "core/ReplaceComparisonOperator_"
UNION = "core/ReplaceBinaryOperator_BitOr_"
# The values compared with ``is`` are members of enumerations and None: ``==`` says the same of them.
SAME_MEANING = (f"{COMPARISON}Is_Eq", f"{COMPARISON}IsNot_NotEq")
# Members are texts, so they have an order. To be at most the first of them is to be the first: no fault either.
FIRST = (f"{COMPARISON}Is_LtE", f"{COMPARISON}IsNot_Gt")
LAST = (f"{COMPARISON}Is_GtE", f"{COMPARISON}IsNot_Lt")
ENUMERATIONS: dict[str, type[StrEnum]] = {
    each.__name__: each for each in (Alternative, Anticoagulant, Disposition, Limb, Tri)
}
_MEMBER = re.compile(r"\s*(\w+)\.(\w+)")


class Annotations:
    """Where a module's type annotations stand: a union there decides nothing while the program runs."""

    def __init__(self, source: str) -> None:
        self._spans = [
            ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
            for node in _annotations(ast.parse(source))
        ]

    def hold(self, at: tuple[int, int]) -> bool:
        """Whether this line and column are in one of them."""
        return any(start <= at < end for start, end in self._spans)


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield node.returns


def is_idle(operator: str, start: tuple[int, int], end: tuple[int, int], source: str) -> bool:
    """Whether a mutation can't change what the program does, whatever it is tested with.

    ``start`` and ``end`` are the line and column of the operator that is mutated.
    """
    if operator in SAME_MEANING:
        return True
    if operator.startswith(UNION):
        return Annotations(source).hold(start)
    if operator not in {*FIRST, *LAST}:
        return False
    member = _MEMBER.match(source.splitlines()[end[0] - 1][end[1] :])
    if member is None or member[1] not in ENUMERATIONS:
        return False
    enumeration = ENUMERATIONS[member[1]]
    return enumeration[member[2]] is (min if operator in FIRST else max)(enumeration)


def sources(root: Path) -> list[Path]:
    """The files that are mutated."""
    places = [root / name for name in MODULES]
    found = [path for place in places for path in (sorted(place.glob("*.py")) if place.is_dir() else [place])]
    left_out = {root / name for name in LEFT_OUT}
    return [path for path in found if path not in left_out and path.stat().st_size]
