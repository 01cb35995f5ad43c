"""What a run of mutants comes to, what makes it fail, and what is mutated."""

import ast
from enum import StrEnum

from tests.mutants import functions, tables
from tests.mutants.copies import ROOT, TEST_PATHS
from tests.mutants.running import EXPLAINED
from tests.mutants.scope import sources
from tests.mutants.verdict import Mutation, Outcome, Verdict, between, explained, from_diff

DIFF = """# triage.wells.x_f__mutmut_1: survived
--- triage/wells.py
+++ triage/wells.py
@@ -1,3 +1,3 @@
 def f():
-    return yes >= LIKELY
+    return yes > LIKELY
"""
ONE = Mutation("triage/wells.py", "return yes >= LIKELY", "return yes > LIKELY")
TWO = Mutation("triage/wells.py", "a", "b")


class Told(StrEnum):
    """An enumeration for a module of two lines."""

    YES = "yes"
    UNKNOWN = "unknown"


def verdict(tried: int, *survivors: Mutation, reasons: dict[Mutation, str] | None = None) -> Verdict:
    return Verdict((Outcome("Anywhere", tried, survivors),), reasons or {})


def mutants(source: str) -> set[str]:
    return set(tables.mutants(source, {"Told": Told, "U": Told.UNKNOWN}))


def test_a_survivor_is_named_by_its_module_and_the_changed_line() -> None:
    assert from_diff("triage/wells.py", DIFF.splitlines()) == ONE
    assert between("triage/wells.py", "x = 1\nreturn yes >= LIKELY\n", "x = 1\nreturn yes > LIKELY\n") == ONE


def test_three_of_a_hundred_are_too_many_even_with_a_reason() -> None:
    reasons = {ONE: "the same", TWO: "the same"}
    assert verdict(100, ONE, ONE, TWO, reasons=reasons).fails
    assert not verdict(101, ONE, ONE, TWO, reasons=reasons).fails


def test_one_without_a_reason_is_too_many() -> None:
    assert verdict(1000, ONE, TWO, reasons={ONE: "the same"}).fails
    assert not verdict(1000).fails


def test_a_run_that_left_a_kind_untried_fails() -> None:
    assert Verdict((), {}).fails
    assert Verdict((Outcome("Here", 9, ()), Outcome("There", 0, ())), {}).fails


def test_the_report_lists_survivors_with_their_reasons_and_reasons_that_are_no_longer_needed() -> None:
    report = "\n".join(verdict(100, ONE, TWO, reasons={TWO: "says the same", Mutation("m", "c", "d"): "old"}).lines())
    assert "Anywhere: 100 tried, 98 noticed, 2 survive" in report
    assert "+ return yes > LIKELY\n    NOT EXPLAINED" in report
    assert "+ b\n    says the same" in report
    assert "noticed by a test now:\n  m" in report


def test_every_reason_names_lines_that_are_there_and_says_why() -> None:
    for mutation, reason in explained(EXPLAINED).items():
        source = (ROOT / mutation.module).read_text(encoding="utf-8")
        assert mutation.was in " ".join(line.strip() for line in source.splitlines()), mutation
        assert len(reason) > 20, mutation


def test_numbers_lists_and_defaults_outside_functions_are_mutated() -> None:
    assert mutants("DAYS: int = 28\n") == {"DAYS: int = 29\n", "DAYS: int = 27\n"}
    assert mutants("SIGNS = ('a', 'b')\n") == {"SIGNS = ('b',)\n", "SIGNS = ('a',)\n"}
    assert mutants("AT = {'a': True}\n") == {"AT = {}\n", "AT = {'a' + \"XX\": True}\n", "AT = {'a': False}\n"}
    assert mutants("class C:\n    cough: Told = U\n") == {"class C:\n    cough: Told = Told.YES\n"}
    assert mutants("N = tuple(x for x in M if x != y)\n") == {"N = tuple(x for x in M if x == y)\n"}
    assert mutants("MINUTES = A * B\n") == {"MINUTES = A\n", "MINUTES = B\n"}


def test_what_stands_in_functions_and_types_is_left_to_others() -> None:
    assert (
        mutants('"""Says."""\nText = tuple[str, 1]\nT = TypeVar("T")\ndef f(a: int = 1) -> int:\n    b = 2\n') == set()
    )


def test_a_property_becomes_a_function_that_can_be_mutated_and_stays_a_property() -> None:
    source = "class C:\n    @property\n    def days(self):\n        return 14\n\n@cache\ndef read():\n    return 1\n"
    plain = functions.undecorated(source)
    assert not [node for node in ast.walk(ast.parse(plain)) if getattr(node, "decorator_list", None)]
    names: dict[str, type] = {}
    exec(plain, names)
    assert names["C"]().days == 14


def test_all_that_is_mutated_and_all_that_must_notice_is_there() -> None:
    found = set(sources())
    assert {"triage/rules/table.py", "triage/answers/parsing.py", "triage/wells.py"} < found
    assert "triage/questionnaire/flow.py" in found
    assert not found & {"triage/rules/version.py", "triage/words/reasons.py", "triage/questionnaire/risk.py"}
    assert all((ROOT / name).is_file() for name in (*found, *TEST_PATHS))
