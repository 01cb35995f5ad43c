"""The Flesch-Kincaid grade of an English text (Kincaid et al., 1975)."""

import re

# Names that a patient must be given as they are; a formula for word length says nothing of them.
NAMES = re.compile(r"\b(emergency|clinician|911|240-512-4759|877-722-6388)\b", re.IGNORECASE)


def grade(text: str) -> float:
    """The school grade at which ``text`` can be read."""
    plain = NAMES.sub("word", text)
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", plain)))
    words = re.findall(r"[A-Za-z']+", plain)
    if not words:
        return 0.0
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    stem = re.sub(r"(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$", lambda found: found.group()[0], word.lower())
    return max(1, len(re.findall(r"[aeiouy]{1,2}", stem)))
