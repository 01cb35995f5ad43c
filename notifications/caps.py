"""How many texts that are not urgent one number may get: one a day and three a week (47 CFR 64.1200(a)(9)(iv)). Pure.

A day is a day where the patient is; a week is any seven days on end, so that no two of its edges let a fourth pass.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

A_WEEK = timedelta(days=7)
MOST_A_WEEK = 3


def next_under_caps(at: datetime, sent: Iterable[datetime], zones: Iterable[str]) -> datetime:
    """Return ``at``, or the first instant after it at which one more routine text keeps to both caps.

    ``sent`` is when routine texts left for the number, in any order; urgent ones are not among them. Where the zone is
    not known the day must be another one in every zone that the patient may be in.
    """
    latest_first = sorted(sent, reverse=True)
    if not latest_first:
        return at
    may_go = [at, *(_next_day(latest_first[0], ZoneInfo(zone)) for zone in zones)]
    if len(latest_first) >= MOST_A_WEEK:
        may_go.append(latest_first[MOST_A_WEEK - 1] + A_WEEK)
    return max(may_go)


def _next_day(sent: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight that ended the day on which a text left, or will."""
    on = sent.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(on, time(0), zone).astimezone(sent.tzinfo)
