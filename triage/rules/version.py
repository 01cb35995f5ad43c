"""Which rules these are: a version that people approve, and a fingerprint of the very text."""

import hashlib
from functools import cache
from pathlib import Path

RULES_VERSION = "2026.1"

ROOT = Path(__file__).resolve().parent.parent
RULE_TEXTS = (
    "answers/*.py",
    "rules/*.py",
    "words/*.py",
    "constans.py",
    "decision.py",
    "roster.py",
    "suspicion.py",
    "urgency.py",
    "wells.py",
)


@cache
def fingerprint() -> str:
    """The SHA-256 of the rule modules' names and text, as 64 hexadecimal digits: any edit changes it."""
    digest = hashlib.sha256()
    for pattern in RULE_TEXTS:
        for path in sorted(ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
