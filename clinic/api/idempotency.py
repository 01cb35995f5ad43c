"""`Idempotency-Key`: a POST that was sent twice acts once, and answers the same.

The key is locked for the transaction (a second one in flight gets 409), and the answer is stored in the same
transaction as what it tells, for 24 hours. Only 2xx answers are stored: a refusal changed nothing and may be retried.
"""

import functools
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response

from clinic import clock
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Conflict, DomainError, Invalid
from clinic.models import IdempotencyKey

LIFE = timedelta(hours=24)
HEADER = "Idempotency-Key"
View = Callable[..., Response]


class KeyReused(DomainError):
    """The same key came with another request."""

    code, status, title = (
        "idempotency_key_reused",
        422,
        "This Idempotency-Key was used for a different request.",
    )


def idempotent(view: View) -> View:
    """Let a view method honor the header. Without the header it acts each time."""

    @functools.wraps(view)
    def wrapped(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return view(self, request, *args, **kwargs)
        if not 1 <= len(key) <= 128 or not key.isprintable():
            raise Invalid("Use a printable key of 1 to 128 characters, such as a UUID.", code="idempotency_key_invalid")
        caller = request.auth.key if isinstance(request.auth, Actor) else "public"
        fingerprint = _fingerprint(request)
        try:
            return in_transaction(lambda: _once(caller, key, fingerprint, lambda: view(self, request, *args, **kwargs)))
        except DomainError as refusal:
            # The key's transaction took the event of the refusal with it.
            if refusal.note is not None:
                refusal.note()
            raise

    wrapped.honors_key = True  # type: ignore[attr-defined]
    return wrapped


def honors_key(view: object) -> bool:
    """Whether a view method honors the header."""
    return getattr(view, "honors_key", False)


def _fingerprint(request: Request) -> str:
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(b"\0".join([str(request.method).encode(), request.path.encode(), body])).hexdigest()


def _once(caller: str, key: str, fingerprint: str, act: Callable[[], Response]) -> Response:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{caller}\0{key}".replace("\0", "|")],
        )
        if not cursor.fetchone()[0]:
            raise Conflict("A request with this key is being handled. Try again shortly.", code="idempotency_in_flight")
    stored = IdempotencyKey.objects.filter(caller=caller, key=key, created_at__gt=clock.real_now() - LIFE).first()
    if stored is not None:
        if stored.fingerprint != fingerprint:
            raise KeyReused
        answer = Response(orjson.loads(stored.response) if stored.response else None, status=stored.status)
        answer["Idempotent-Replayed"] = "true"
        return answer
    response = act()
    if 200 <= response.status_code < 300:
        IdempotencyKey.objects.update_or_create(
            caller=caller,
            key=key,
            defaults={
                "fingerprint": fingerprint,
                "status": response.status_code,
                "response": orjson.dumps(response.data, default=str).decode() if response.data is not None else "",
                "created_at": clock.real_now(),
            },
        )
    return response
