"""Rules that change without a new version are found out, with a sentence that says what to do."""

from pathlib import Path

import pytest

from triage.pinned import RulesChanged, pin, pinned, require_pinned
from triage.rules import RULES_VERSION, fingerprint
from triage.rules.version import NOT_RULES, ROOT, RULE_TEXTS

COVERED = {path.relative_to(ROOT).as_posix() for pattern in RULE_TEXTS for path in ROOT.glob(pattern)} - NOT_RULES


def test_the_rules_are_those_that_their_version_was_pinned_to() -> None:
    require_pinned(RULES_VERSION, fingerprint(), pinned())


def test_every_pure_module_that_can_change_a_decision_is_in_the_fingerprint() -> None:
    assert {
        "answers/parsing.py",
        "questionnaire/flow.py",
        "questionnaire/risk.py",
        "rules/table.py",
        "rules/version.py",
        "words/reasons.py",
        "contradictions.py",
        "overriding.py",
        "roster.py",
        "wells.py",
    } < COVERED
    assert all((ROOT / name).is_file() for name in NOT_RULES)


def test_another_text_under_the_same_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "pinned.txt"
    pin("1.0", "a" * 64, again=False, path=file)
    with pytest.raises(RulesChanged, match=r"RULES_VERSION in triage.rules.version.py a new value"):
        require_pinned("1.0", "b" * 64, pinned(file))
    with pytest.raises(RulesChanged, match="pin_rules"):
        pin("1.0", "b" * 64, again=False, path=file)
    assert pinned(file) == {"1.0": "a" * 64}


def test_a_new_version_is_pinned_beside_the_former_one(tmp_path: Path) -> None:
    file = tmp_path / "pinned.txt"
    pin("1.0", "a" * 64, again=False, path=file)
    with pytest.raises(RulesChanged, match="are new"):
        require_pinned("1.1", "b" * 64, pinned(file))
    pin("1.1", "b" * 64, again=False, path=file)
    pin("1.1", "b" * 64, again=False, path=file)
    assert pinned(file) == {"1.0": "a" * 64, "1.1": "b" * 64}


def test_a_version_that_nobody_used_yet_may_be_pinned_again(tmp_path: Path) -> None:
    file = tmp_path / "pinned.txt"
    pin("1.0", "a" * 64, again=False, path=file)
    pin("1.0", "b" * 64, again=True, path=file)
    assert pinned(file) == {"1.0": "b" * 64}
