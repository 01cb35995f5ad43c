"""Erasing rows that the database otherwise refuses to lose: used by retention, and by nothing else.

The exception is the triggers' own: `pgtrigger.ignore` names the append-only trigger of each table for the length of one
transaction on one connection. The triggers stay installed, everybody else's statements are refused meanwhile, and the
promise of the next step is checked as ever.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql

APPEND_ONLY = "append_only"


@contextmanager
def append_only_ignored() -> Iterator[None]:
    """Let this transaction delete from append-only tables. Must run within one."""
    if not connection.in_atomic_block:
        raise RuntimeError("What is erased past a trigger is erased in one transaction, or not at all.")
    with pgtrigger.ignore(*_append_only()):
        yield


def _append_only() -> list[str]:
    return [
        f"{model._meta.label}:{APPEND_ONLY}"  # noqa: SLF001 - Django's own name for it
        for model in apps.get_models()
        if any(trigger.name == APPEND_ONLY for trigger in getattr(model._meta, "triggers", ()))  # noqa: SLF001 - as above
    ]


def delete(model: type[Model], ids: Iterable[Any]) -> int:
    """Delete rows by id, in one statement that asks no other table first; return how many there were.

    Foreign keys are checked at the end of the transaction, so that tables may go in any order.
    """
    table = model._meta.db_table  # noqa: SLF001 - Django's own name for it
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table)), [list(ids)])
        return int(cursor.rowcount)
