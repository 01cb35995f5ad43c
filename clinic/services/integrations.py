"""Programs that call the API: each with a token of its own, which is shown once."""

import hashlib
import secrets

from clinic import clock, events
from clinic.access import SIGNATURES, SYSTEM, Permission
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid
from clinic.models import Integration

NAME_LENGTH = 80


def make_integration(*, name: str, scopes: list[str]) -> str:
    """Let a program in, for whoever has the server's command line, and return its token: only a hash of it is kept.

    Raises `Invalid` by field, for a scope that is none and for what takes a person's signature, and `Conflict` where a
    program of that name is there.
    """
    said = " ".join(name.split())
    wrong: dict[str, str] = {}
    if not said or len(said) > NAME_LENGTH:
        wrong["name"] = f"Give a name of at most {NAME_LENGTH} characters."
    unknown = sorted(set(scopes) - {each.value for each in set(Permission) - SIGNATURES})
    if unknown or not scopes:
        wrong["scopes"] = f"No program may be given: {', '.join(unknown)}." if unknown else "Name what it may do."
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    token = secrets.token_urlsafe(32)

    def work() -> None:
        digest = hashlib.sha256(token.encode()).hexdigest()
        row, made = Integration.objects.get_or_create(
            name=said, defaults={"digest": digest, "scopes": sorted(set(scopes)), "created_at": clock.now()}
        )
        if not made:
            raise Conflict("A program of this name is there already. Choose another name.", code="integration_there")
        events.record("integration.made", actor=SYSTEM, subject=row, codes={"scopes": row.scopes})

    in_transaction(work)
    return token
