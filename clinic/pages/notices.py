"""What all staff must know now, on top of each of their pages. Each app registers its own."""

from collections.abc import Callable

#: Returns the words of a notice, or "" where there is nothing to say.
Say = Callable[[], str]
_says: list[Say] = []


def register(say: Say) -> None:
    """Add a notice."""
    if say not in _says:
        _says.append(say)


def notices() -> list[str]:
    """Return what there is to say now."""
    return [words for say in _says if (words := say())]
