"""What a backup asks of a database: its tables, its rows, its schema, and how programs reach it."""

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from psycopg.conninfo import make_conninfo

from clinic.local.dumping import Target

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
#: Tables, views, sequences and functions: what an empty database has none of.
_THINGS = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def target(database: BaseDatabaseWrapper) -> Target:
    """How programs reach the database that a connection is to."""
    database.ensure_connection()
    info = database.connection.info
    return Target(make_conninfo("", **info.get_parameters()), info.password)


def server_major(database: BaseDatabaseWrapper) -> int:
    """The server's major version."""
    database.ensure_connection()
    return int(database.connection.info.server_version) // 10_000


def rows(database: BaseDatabaseWrapper) -> dict[str, int]:
    """Return how many rows each table has."""
    with database.cursor() as cursor:
        cursor.execute(_TABLES)
        counted = {}
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            counted[table] = int(cursor.fetchone()[0])
        return counted


def things(database: BaseDatabaseWrapper) -> int:
    """Return how many tables, sequences, views and functions there are: none in an empty database."""
    with database.cursor() as cursor:
        cursor.execute(_THINGS)
        return len(cursor.fetchall())
