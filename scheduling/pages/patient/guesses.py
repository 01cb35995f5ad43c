"""How often an address may guess: at links, and at the birth date behind one. What is right is never counted.

A link is 128 bits, and locks itself after five wrong answers; this stops who tries one link after the other. Counted
in each process, as all throttles are: a request never waits for Redis.
"""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from clinic.api.throttles import address_of
from clinic.errors import DomainError

#: For how many seconds a wrong try counts.
WITHIN = 3600


class TooManyGuesses(DomainError):
    """This address has guessed too often."""

    code, status, title = "too_many_guesses", 429, "Too many wrong tries. Wait an hour, or call us."


def refuse_guesser(request: HttpRequest) -> None:
    """Raise `TooManyGuesses` where this address has used up its tries."""
    if cache.get(_key(request), 0) >= settings.LINK_GUESSES:
        raise TooManyGuesses


def count_guess(request: HttpRequest) -> None:
    """Count one wrong try of this address."""
    key = _key(request)
    if not cache.add(key, 1, WITHIN):
        cache.incr(key)


def _key(request: HttpRequest) -> str:
    return f"guesses:{address_of(request)}"
