"""Texts that no webhook brought: the provider tries once or twice, and then no more, though nobody was there."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from clinic import clock
from clinic.phones import E164
from notifications import provider
from notifications.models import Attempt, HeardUntil, Inbound
from notifications.provider import CantAsk, Heard
from notifications.senders import numbers_written_to
from notifications.services import hearing

logger = logging.getLogger(__name__)
#: What came so lately is still on its way by the webhook, which tells more: whether the provider took it for a STOP.
ON_ITS_WAY = timedelta(minutes=1)
#: So far before the last look the provider is asked again: its list may be behind, and its clock is not ours.
OVERLAP = timedelta(hours=2)
#: How far the first look at a number goes back, and any look at most: nothing older answers a question of ours.
AT_FIRST, AT_MOST = timedelta(hours=24), timedelta(days=7)


def fetch_missed() -> int:
    """Ask the provider what came to each of our numbers, and keep what we have not heard of; return how many."""
    return sum(_fetch(number) for number in numbers_written_to())


def _fetch(number: str) -> int:
    asked_at = clock.real_now()
    try:
        texts = provider.received(number, since=_since(number, asked_at))
    except CantAsk:
        logger.warning("The provider can't be asked what people wrote; asked again later.")
        return 0
    known = _known(texts)
    new = sum(_keep(text) for text in texts if text.sid not in known and asked_at - text.at >= ON_ITS_WAY)
    if new:
        logger.warning("%s texts came that no webhook brought: does the provider reach this server?", new)
    _heard_until(number, asked_at)
    return new


def _since(number: str, asked_at: datetime) -> datetime:
    row = HeardUntil.objects.filter(number=number).first()
    if row is not None:
        return max(row.until - OVERLAP, asked_at - AT_MOST)
    # What was written before we ever sent anything was not written to us.
    first = Attempt.objects.order_by("id").values_list("at", flat=True).first()
    return max(asked_at - AT_FIRST, first or asked_at)


def _known(texts: Iterable[Heard]) -> set[str]:
    sids = [text.sid for text in texts]
    return set(Inbound.objects.filter(provider_sid__in=sids).values_list("provider_sid", flat=True))


def _keep(text: Heard) -> bool:
    """Keep a text as its webhook would have; whoever is faster, it is kept once."""
    if not E164.match(text.phone):
        return False
    received_at = clock.now() - (clock.real_now() - text.at)
    return hearing.store(
        sid=text.sid,
        phone=text.phone,
        body=text.body,
        opt_out_type="",
        media=min(text.media, 99),
        received_at=received_at,
    )


def _heard_until(number: str, at: datetime) -> None:
    _, new = HeardUntil.objects.get_or_create(number=number, defaults={"until": at})
    if not new:
        # Never back: another worker may have asked later.
        HeardUntil.objects.filter(number=number, until__lt=at).update(until=at)
