"""How easily an English text is read: the Flesch-Kincaid grade (Kincaid et al., 1975), as textstat counts it."""

import re
import sys
from types import ModuleType

# textstat opens its word lists, of which the grade needs none, with a module that setuptools no longer brings.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))

import textstat  # noqa: E402

HIGHEST_GRADE = 7
# Of a word or two the formula says nothing: "Continue" would be grade 20. Labels are read in the text around them.
SENTENCE_WORDS = 4

_TAG = re.compile(r"<[^>]+>")
_VALUE = re.compile(r"%\(\w+\)[sd]|\{\{[^}]*\}\}|\{\w*\}")
_END = re.compile(r"[.!?:]$")


def grade(text: str) -> float:
    """The school grade at which ``text`` can be read."""
    return float(textstat.flesch_kincaid_grade(plain(text)))


def is_sentence(text: str) -> bool:
    """Whether a text is long enough to have a grade of its own."""
    return len(plain(text).split()) >= SENTENCE_WORDS


def plain(text: str) -> str:
    """The words of a text as they are read: without tags, a short name for each value that is filled in."""
    return " ".join(_VALUE.sub("Ana", _TAG.sub(" ", text)).split())


def together(texts: list[str]) -> str:
    """Texts of one screen, read one after the other: each ends a sentence."""
    return " ".join(text if _END.search(text) else f"{text}." for text in map(plain, texts) if text)
