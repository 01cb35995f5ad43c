"""The rate of each sender: what is not urgent leaves only while its sender is hardly behind.

The provider takes more than a sender may send, and sends it in the order in which it came: an urgent text would wait
there behind every reminder that was handed over before it. So reminders wait here, where what is urgent passes them.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import floor
from typing import Any

from django.db import connection

from clinic import clock
from notifications.models import Channel, Pace
from notifications.senders import rates, senders_of

#: How far a sender may be behind for one more text that is not urgent. An urgent one waits so long, and for that one.
MOST_BEHIND = timedelta(seconds=1)
# One statement: of two that hand over at the same moment the second sees what the first has added.
_ADD = """
    INSERT INTO notifications_pace AS pace (sender, busy_until) VALUES (%(sender)s, %(now)s + %(takes)s)
    ON CONFLICT (sender) DO UPDATE SET busy_until = GREATEST(pace.busy_until, %(now)s) + %(takes)s
    WHERE %(at_once)s OR pace.busy_until <= %(now)s + %(most)s
"""


def room(senders: Sequence[str]) -> int | None:
    """Return for how many texts that are not urgent these senders have room together; None where no rate is set."""
    if not (limits := rates()):
        return None
    late, most = behind(), MOST_BEHIND.total_seconds()
    free = {each: most - late[each] for each in senders if each in late}
    return sum(floor(seconds * limits[each]) + 1 for each, seconds in free.items() if seconds >= 0)


def hand_over(senders: Sequence[str], segments: int, *, at_once: bool) -> str | None:
    """Return the first of these senders that has room for a text, and count it; None where none has.

    What leaves ``at_once`` then leaves by the one that is the least behind. Call it in the transaction that writes the
    attempt.
    """
    for each in senders:
        if _add(each, segments, at_once=False):
            return each
    if not at_once:
        return None
    late = behind()
    soonest = min(senders, key=lambda each: late.get(each, 0.0))
    _add(soonest, segments, at_once=True)
    return soonest


def _add(sender: str, segments: int, *, at_once: bool) -> bool:
    if (rate := rates().get(sender)) is None:
        return True
    values: dict[str, Any] = {
        "sender": sender,
        "now": clock.real_now(),
        "takes": timedelta(seconds=segments / rate),
        "at_once": at_once,
        "most": MOST_BEHIND,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values)
        return bool(cursor.rowcount)


def room_in(senders: Sequence[str]) -> timedelta:
    """Return in what time the first of these senders has room again."""
    late = behind()
    soonest = timedelta(seconds=min(late.get(each, 0.0) for each in senders))
    return max(soonest - MOST_BEHIND, timedelta(0))


def behind() -> dict[str, float]:
    """Return by how many seconds each sender that has a rate is behind."""
    now, limited = clock.real_now(), rates()
    if not limited:
        return {}
    until = dict(Pace.objects.filter(sender__in=limited).values_list("sender", "busy_until"))
    return {each: max((until.get(each, now) - now).total_seconds(), 0.0) for each in limited}


def rate_by_place() -> dict[str, float]:
    """Return the rate of each of our senders of texts, by its place in the order: ``sms 1``."""
    return _by_place(rates())


def behind_by_place() -> dict[str, float]:
    """Return by how many seconds each of them is behind, likewise."""
    return _by_place(behind())


def _by_place(figures: dict[str, float]) -> dict[str, float]:
    ours = enumerate(senders_of(Channel.SMS), start=1)
    return {f"{Channel.SMS.value} {place}": figures[each] for place, each in ours if each in figures}
