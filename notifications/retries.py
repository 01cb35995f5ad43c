"""When a text is tried again that the provider took and did not deliver. Pure.

Twilio's error dictionary: 30001 the sender's queue was full, 30003 the handset could not be reached (it is off, or out
of range), 30008 an unknown error, 30036 the validity passed before a carrier took it. All others will fail again.
"""

from datetime import timedelta

MINUTE = timedelta(minutes=1)
#: How long after each failure the next try is, by its code. An unknown error gets one: the text may have arrived.
_AFTER: dict[str, tuple[timedelta, ...]] = {
    "30001": (MINUTE, 5 * MINUTE),
    "30003": (5 * MINUTE, 30 * MINUTE),
    "30008": (5 * MINUTE,),
    "30036": (timedelta(0),),
}
#: What is urgent waits no longer than so between two tries: then somebody calls.
_AT_MOST = 2 * MINUTE
#: Not tried again: what is called about at once, what has its next way owed already, and what the patient waits for on
#: the page, where they ask for another.
_NEVER = frozenset({"seek_emergency_care", "result_waiting", "one_time_code", "reply"})
_AGAIN = "again"


def next_try_after(*, purpose: str, code: str, tried_again: int, urgent: bool) -> timedelta | None:
    """Return how long after its failure a text is tried again; None where the next way follows.

    ``tried_again``: how many times it was, for whatever reason.
    """
    waits = () if purpose in _NEVER else _AFTER.get(code, ())
    if tried_again >= len(waits):
        return None
    return min(waits[tried_again], _AT_MOST) if urgent else waits[tried_again]


def tried_again(dedupe_key: str) -> int:
    """Return how many times a text with this key was tried again before."""
    head = dedupe_key.split(":", 1)[0]
    return int(head.removeprefix(_AGAIN)) if head.startswith(_AGAIN) else 0


def key_of_next_try(dedupe_key: str) -> str:
    """Return the key of the next try: that of the first one behind the number of the try. The end stays the end."""
    before = tried_again(dedupe_key)
    first = dedupe_key.split(":", 1)[1] if before else dedupe_key
    return f"{_AGAIN}{before + 1}:{first}"


def keys_of_later_tries(dedupe_key: str) -> list[str]:
    """Return the keys of all tries that may have followed this one."""
    most = max(len(waits) for waits in _AFTER.values())
    keys = [dedupe_key]
    while tried_again(keys[-1]) < most:
        keys.append(key_of_next_try(keys[-1]))
    return keys[1:]
