"""The score of a run of mutants, and what makes it fail."""

from pathlib import Path

from tests.mutants.running import EXPLAINED, ROOT
from tests.mutants.scope import TESTS, is_idle, sources
from tests.mutants.verdict import Mutation, Verdict, explained, from_diff

DIFF = """--- mutation diff ---
--- atriage/wells.py
+++ btriage/wells.py
@@ -1,3 +1,3 @@
 def f():
-    return yes >= LIKELY
+    return yes > LIKELY
"""
ONE = Mutation("triage/wells.py", "return yes >= LIKELY", "return yes > LIKELY")
TWO = Mutation("triage/wells.py", "a", "b")


def test_a_survivor_is_named_by_its_module_and_the_changed_line() -> None:
    assert from_diff("triage/wells.py", DIFF) == ONE


def test_three_of_a_hundred_without_an_explanation_are_too_many() -> None:
    assert Verdict(97, (ONE, ONE, TWO), {}).fails
    assert not Verdict(98, (ONE, TWO), {}).fails
    assert not Verdict(97, (ONE, ONE, TWO), {ONE: "the same"}).fails


def test_a_run_that_tried_nothing_fails() -> None:
    assert Verdict(0, (), {}).fails


def test_the_report_lists_survivors_and_explanations_that_are_no_longer_needed() -> None:
    report = "\n".join(Verdict(98, (ONE,), {TWO: "gone"}, idle=5).lines())
    assert "99 mutants: 98 killed (99.0%), 1 survive." in report
    assert "Survive without an explanation: 1" in report
    assert "+ return yes > LIKELY" in report
    assert "do not survive (any more): 1" in report


def test_every_explanation_names_a_line_that_is_there_and_says_why() -> None:
    for mutation, reason in explained(EXPLAINED).items():
        lines = {line.strip() for line in (ROOT / mutation.module).read_text(encoding="utf-8").splitlines()}
        assert mutation.was in lines, mutation
        assert len(reason) > 20, mutation


def test_a_union_in_an_annotation_is_left_out_and_one_that_runs_is_not() -> None:
    source = "def f(a: int | None) -> str | None:\n    b: int | str = 1\n    return A | B\n"
    union = "core/ReplaceBinaryOperator_BitOr_Add"
    assert is_idle(union, (1, 13), (1, 14), source)
    assert is_idle(union, (1, 28), (1, 29), source)
    assert is_idle(union, (2, 11), (2, 12), source)
    assert not is_idle(union, (3, 13), (3, 14), source)
    assert not is_idle("core/NumberReplacer", (1, 9), (1, 10), source)


def test_to_be_at_most_the_first_member_is_to_be_it() -> None:
    compare = "core/ReplaceComparisonOperator_"
    assert is_idle(f"{compare}Is_Eq", (1, 2), (1, 4), "x is Limb.LEFT_LEG\n")
    assert is_idle(f"{compare}Is_LtE", (1, 2), (1, 4), "x is Tri.NO\n")
    assert is_idle(f"{compare}Is_GtE", (1, 2), (1, 4), "x is Tri.YES\n")
    assert is_idle(f"{compare}IsNot_Gt", (1, 2), (1, 8), "x is not Tri.NO\n")
    assert is_idle(f"{compare}IsNot_Lt", (1, 2), (1, 8), "x is not Limb.UNKNOWN\n")
    for operator, value in (("Is_LtE", "Tri.YES"), ("Is_GtE", "Tri.UNKNOWN"), ("Is_Lt", "Tri.NO"), ("Is_LtE", "None")):
        assert not is_idle(f"{compare}{operator}", (1, 2), (1, 4), f"x is {value}\n")


def test_all_that_is_mutated_and_all_that_must_notice_is_there() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in sources(ROOT)}
    assert {"triage/rules/table.py", "triage/answers/parsing.py", "triage/wells.py", "triage/worry.py"} < found
    assert all((ROOT / "tests" / "triage" / name).is_file() for name in TESTS)
    assert isinstance(EXPLAINED, Path)
