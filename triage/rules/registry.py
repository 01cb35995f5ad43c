"""Rule sets by their version: the one in force, and those kept beside it to be compared (``manage.py replay``).

A change of the rules is a new version. Its functions are registered here; a former version stays as long as somebody
wants to rerun assessments under it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from triage.answers import Answers
from triage.decision import Decision
from triage.rules.table import decide
from triage.rules.version import RULES_VERSION


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the rules: its table, as a pure function of the answers."""

    version: str
    decide: Callable[[Answers], Decision]


class UnknownRuleSet(LookupError):
    """No rule set of this version is kept here."""


RULE_SETS: Mapping[str, RuleSet] = {RULES_VERSION: RuleSet(RULES_VERSION, decide)}


def rule_set(version: str) -> RuleSet:
    """The rule set of a version. Raises ``UnknownRuleSet`` with a sentence that names those known."""
    found = RULE_SETS.get(version)
    if found is None:
        raise UnknownRuleSet(f"There are no rules of version {version!r} here. Known: {', '.join(sorted(RULE_SETS))}.")
    return found
