"""The decision table of clinical.md section 3: R1 to R11, with R3 and a stat order competing.

``decide(answers)`` is the whole table with what the network can offer (``answers.site``); ``needed(answers)`` is what
it asks for before the search; ``fallback(answers, decision, next_result_min)`` is what it says once the search is over;
``ask_again(answers)`` is what the danger signs of a later contact lead to; ``rule_set(version)`` is another version.
"""

from triage.rules.registry import RuleSet, UnknownRuleSet, rule_set
from triage.rules.table import ask_again, decide, fallback, needed, wants_search, without_slot
from triage.rules.version import RULES_VERSION, fingerprint

__all__ = [
    "RULES_VERSION",
    "RuleSet",
    "UnknownRuleSet",
    "ask_again",
    "decide",
    "fallback",
    "fingerprint",
    "needed",
    "rule_set",
    "wants_search",
    "without_slot",
]
