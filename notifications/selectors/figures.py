"""Figures of the texts for operators: what waits and since when, what arrived, who opted out. Counts and codes only."""

from datetime import timedelta

from django.db.models import Count, Min, QuerySet

from clinic import clock
from clinic.models import Consent, ConsentScope
from notifications.models import Channel, Inbound, Message, MessageStatus

A_DAY = timedelta(days=1)
_ENDED = (MessageStatus.DELIVERED, MessageStatus.UNDELIVERED, MessageStatus.FAILED)
_UNSETTLED = (MessageStatus.SENDING, MessageStatus.UNKNOWN)


def _due() -> QuerySet[Message]:
    return Message.objects.filter(status=MessageStatus.DUE, due_at__lte=clock.now())


def queue_depth() -> dict[str, int]:
    """Return how many messages are due now and have not left, by urgency."""
    counts = dict(_due().values_list("urgent").annotate(Count("pk")))
    return {"urgent": counts.get(True, 0), "routine": counts.get(False, 0)}


def queue_age() -> dict[str, float]:
    """Return for how many seconds the oldest of them has been due, by urgency; 0 where none is."""
    now = clock.now()
    oldest = dict(_due().values_list("urgent").annotate(Min("due_at")))
    return {
        name: max((now - oldest[urgent]).total_seconds(), 0.0) if urgent in oldest else 0.0
        for name, urgent in (("urgent", True), ("routine", False))
    }


def ended_by_code() -> dict[str, int]:
    """Return how many messages ended within the last day, by how: ``delivered``, or the code for which they did not."""
    rows = Message.objects.filter(status__in=_ENDED, ended_at__gt=clock.now() - A_DAY).exclude(channel=Channel.PERSON)
    counts: dict[str, int] = {}
    for status, code, count in rows.values_list("status", "end_code").annotate(Count("pk")):
        # What was delivered may have a code of an earlier try.
        how = status if status == MessageStatus.DELIVERED else code or status
        counts[how] = counts.get(how, 0) + count
    return counts


def share_by_code() -> dict[str, float]:
    """Return the share of each of these ends, from 0 to 1; ``delivered`` is the delivery rate. Empty where none was."""
    counts = ended_by_code()
    total = sum(counts.values())
    return {how: count / total for how, count in counts.items()}


def opt_outs() -> dict[str, int]:
    """Return how many revocations of consent to texts came within the last day, by the way on which they came."""
    revoked = Consent.objects.filter(scope=ConsentScope.CARE_TEXTS, granted=False, at__gt=clock.now() - A_DAY)
    return dict(revoked.values_list("channel").annotate(Count("pk")))


def unknowns() -> dict[str, int]:
    """Return how many messages are at the provider, or may be, without our knowing what became of the call."""
    found = Message.objects.filter(status__in=_UNSETTLED)
    counts = dict(found.values_list("status").annotate(Count("pk")))
    return {status.value: counts.get(status, 0) for status in _UNSETTLED}


def unknown_age() -> dict[str, float]:
    """Return for how many seconds the oldest of them has been so, by status, in real time; 0 where none is."""
    now = clock.real_now()
    oldest = dict(Message.objects.filter(status__in=_UNSETTLED).values_list("status").annotate(Min("claimed_at")))
    return {
        status.value: max((now - oldest[status]).total_seconds(), 0.0) if status in oldest else 0.0
        for status in _UNSETTLED
    }


def _unanswered() -> QuerySet[Inbound]:
    return Inbound.objects.filter(waits_for_person=True, attended_at=None)


def unanswered() -> dict[str, int]:
    """Return how many texts wait for a person's answer, by urgency."""
    counts = dict(_unanswered().values_list("urgent").annotate(Count("pk")))
    return {"urgent": counts.get(True, 0), "routine": counts.get(False, 0)}


def unanswered_age() -> dict[str, float]:
    """Return for how many seconds the oldest of them has waited, by urgency; 0 where none does."""
    now = clock.now()
    oldest = dict(_unanswered().values_list("urgent").annotate(Min("received_at")))
    return {
        name: max((now - oldest[urgent]).total_seconds(), 0.0) if urgent in oldest else 0.0
        for name, urgent in (("urgent", True), ("routine", False))
    }
