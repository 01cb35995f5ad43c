"""What the kernel keeps for a short time only: sessions, stored answers, links."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from clinic import clock
from clinic.keeping.erasing import append_only_ignored
from clinic.keeping.retention import Early, register
from clinic.models import ChartRead, IdempotencyKey, Link

_ANSWERS_FOR = timedelta(hours=24)
_LINKS_FOR = timedelta(days=365)
_READS_FOR = timedelta(days=6 * 366)


def deletes(name: str, why: str, rows: "Callable[[datetime], QuerySet[Any]]") -> None:
    """Enter a rule that deletes the rows which are past their time."""
    register(Early(name, why, lambda now, _: rows(now).count(), lambda now, _: rows(now).delete()[0]))


def _old_reads(now: datetime) -> "QuerySet[ChartRead]":
    return ChartRead.objects.filter(at__lt=now - _READS_FOR)


def _erase_reads(now: datetime, _: int) -> int:
    with append_only_ignored():
        return _old_reads(now).delete()[0]


def register_early() -> None:
    """Enter the kernel's rules."""
    deletes(
        "sessions",
        "log-ins and visits of the web that have run out",
        lambda _: Session.objects.filter(expire_date__lt=clock.real_now()),
    )
    deletes(
        "stored_answers",
        "answers kept for repeated requests, after a day",
        lambda _: IdempotencyKey.objects.filter(created_at__lt=clock.real_now() - _ANSWERS_FOR),
    )
    register(
        Early(
            "chart_reads",
            "who read which chart, after six years (45 CFR 164.316(b)(2))",
            lambda now, _: _old_reads(now).count(),
            _erase_reads,
        )
    )
    deletes(
        "links",
        "links of texts, a year after they ran out",
        lambda now: Link.objects.filter(expires_at__lt=now - _LINKS_FOR),
    )
