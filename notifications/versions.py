"""The version of each template, pinned beside the words: a text that was changed unawares is found out.

``versions.txt`` has one line a template and language: the name, the language and the version. A version follows from
the words, so that the line of a text that somebody means to change is one of the change.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from notifications.wording import CALLED, LANGUAGES, VARIABLES, version_of

PINNED = Path(__file__).with_name("versions.txt")
#: A template in a language.
Text = tuple[str, str]


def every_text() -> Iterator[Text]:
    """Yield each template in each language, what is said by telephone last."""
    return ((name, language) for name in (*VARIABLES, *CALLED) for language in LANGUAGES)


def present() -> dict[Text, str]:
    """The versions of the words as they stand. Raises `OSError` where a file is missing."""
    return {text: version_of(*text) for text in every_text()}


def pinned(path: Path = PINNED) -> dict[Text, str]:
    """The versions that were pinned."""
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return {(name, language): version for name, language, version in map(str.split, lines)}


def pin(path: Path = PINNED) -> None:
    """Write the versions of the words as they stand."""
    lines = (f"{name} {language} {version}\n" for (name, language), version in sorted(present().items()))
    path.write_text("".join(lines), encoding="ascii")


def differing(before: Mapping[Text, str], now: Mapping[Text, str]) -> list[str]:
    """Return the files whose words are not those that were pinned, and those that came or went."""
    return [".".join(text) for text in sorted({*before, *now}) if before.get(text) != now.get(text)]
