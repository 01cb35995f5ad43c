"""Which modules are mutated, how, and which tests must notice."""

import ast
from collections.abc import Iterator
from pathlib import Path

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
    "test_examination.py",
    "test_examples.py",
)

# The values compared with ``is`` are members of enumerations and None: ``==`` says the same of them.
SAME_MEANING = ("core/ReplaceComparisonOperator_Is_Eq", "core/ReplaceComparisonOperator_IsNot_NotEq")
UNION = "core/ReplaceBinaryOperator_BitOr_"


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


def is_idle(operator: str, at: tuple[int, int], annotations: Annotations) -> bool:
    """Whether a mutation can't change what the program does, whatever it is tested with."""
    return operator in SAME_MEANING or (operator.startswith(UNION) and annotations.hold(at))


def sources(root: Path) -> list[Path]:
    """The files that are mutated."""
    places = [root / name for name in MODULES]
    found = [path for place in places for path in (sorted(place.glob("*.py")) if place.is_dir() else [place])]
    left_out = {root / name for name in LEFT_OUT}
    return [path for path in found if path not in left_out and path.stat().st_size]
