"""The fingerprint that each version of the rules was given: rules that change without a new version are found out.

``rules/pinned.txt`` has one line a version: the version and the SHA-256 of its text.
"""

from collections.abc import Mapping
from pathlib import Path

PINNED = Path(__file__).with_name("rules") / "pinned.txt"


class RulesChanged(ValueError):
    """The text of the rules is not the one that was pinned for their version."""


def pinned(path: Path = PINNED) -> dict[str, str]:
    """The fingerprints by version."""
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return dict(line.split() for line in lines if line)


def require_pinned(version: str, fingerprint: str, by_version: Mapping[str, str]) -> None:
    """Raise ``RulesChanged``, with what to do, unless this text is the one pinned for this version."""
    if version not in by_version:
        raise RulesChanged(f"Rules {version} are new. Pin their text: python3 manage.py pin_rules")
    if by_version[version] != fingerprint:
        raise RulesChanged(
            f"The text of the rules has changed, but they are still called {version}. Give RULES_VERSION in "
            "triage/rules/version.py a new value, then run: python3 manage.py pin_rules. While nobody has approved or "
            f"used {version} yet, keep its name: python3 manage.py pin_rules --again"
        )


def pin(version: str, fingerprint: str, *, again: bool, path: Path = PINNED) -> None:
    """Write the line of this version. Raises ``RulesChanged`` where it has another text already, unless ``again``."""
    by_version = pinned(path)
    if version in by_version and not again:
        require_pinned(version, fingerprint, by_version)
    lines = sorted(f"{name} {text}\n" for name, text in {**by_version, version: fingerprint}.items())
    path.write_text("".join(lines), encoding="ascii")
