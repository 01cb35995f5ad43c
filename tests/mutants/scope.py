"""Which modules are mutated, and which tests must notice."""

from fnmatch import fnmatch

from triage.rules import version

# The text of the rules, save what decides nothing: the words and the questions that people read, which text a version
# stands for, which other versions are kept, and what a package hands on.
LEFT_OUT = ("words/*", "questionnaire/*", "rules/version.py", "rules/registry.py", "*/__init__.py")
# Which of the questions are asked, and what follows where one is not.
TAKEN_IN = ("questionnaire/flow.py",)

# The pure tests of these modules. Those that draw at random are left out: what they notice differs from run to run.
TESTS = (
    "test_rules.py",
    "test_boundaries.py",
    "test_measures.py",
    "test_parsing.py",
    "test_remedies.py",
    "test_each_item.py",
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
    "test_flow.py",
    "test_questionnaire.py",
)


def sources() -> list[str]:
    """The mutated files, from the checkout's root."""
    found = (
        path.relative_to(version.ROOT).as_posix()
        for pattern in version.RULE_TEXTS
        for path in sorted(version.ROOT.glob(pattern))
        if path.stat().st_size
    )
    return [
        f"{version.ROOT.name}/{name}"
        for name in found
        if name in TAKEN_IN or not any(fnmatch(name, pattern) for pattern in LEFT_OUT)
    ]
