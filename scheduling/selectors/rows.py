"""Raw rows, in PostgreSQL's binary form: for the two queries that read thousands of masks."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def fetch(query: str, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """Run a query with named parameters on Django's own connection and return its rows as tuples."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(query, parameters, binary=True).fetchall()
