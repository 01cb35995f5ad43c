"""Raw rows, in PostgreSQL's binary form: for the queries of a search, which read thousands of masks and must not wait
for a query to be built."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def fetch(query: str, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """Run a query with named parameters on Django's own connection and return its rows as tuples.

    As a cursor of Django's would, it makes sure that the connection stands, and raises Django's errors.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(query, parameters, binary=True).fetchall()
