"""Letters that the built-in fonts of a PDF have. Pure."""

import unicodedata


def printable(words: str) -> str:
    """Return words in letters that the font has: "Nguyễn" becomes "Nguyen", what has no such form a question mark."""
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", words))


def _letter(letter: str) -> str:
    if letter.encode("latin-1", "ignore"):
        return letter
    plain = unicodedata.normalize("NFKD", letter).encode("latin-1", "ignore").decode("latin-1")
    return plain or "?"
