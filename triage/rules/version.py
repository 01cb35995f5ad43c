"""Which rules these are: a version that people approve, and a fingerprint of the very text.

The fingerprint covers all that can change a decision: how answers are read, which questions are asked and what follows
where they are not, what is asked back, the scores, the table, the roster, who may decide otherwise, and the words. It
leaves out the registry, which only keeps other versions beside this one.
"""

import hashlib
from functools import cache
from pathlib import Path

RULES_VERSION = "2026.1"

ROOT = Path(__file__).resolve().parent.parent
RULE_TEXTS = (
    "answers/*.py",
    "questionnaire/*.py",
    "rules/*.py",
    "words/*.py",
    "constans.py",
    "contradictions.py",
    "decision.py",
    "overriding.py",
    "roster.py",
    "suspicion.py",
    "urgency.py",
    "wells.py",
    "worry.py",
)
NOT_RULES = frozenset({"rules/registry.py"})


@cache
def fingerprint() -> str:
    """The SHA-256 of the rule modules' names and text, as 64 hexadecimal digits: any edit changes it."""
    digest = hashlib.sha256()
    for pattern in RULE_TEXTS:
        for path in sorted(ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            if name in NOT_RULES:
                continue
            digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
