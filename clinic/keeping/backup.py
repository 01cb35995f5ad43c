"""Backup and restore: one file of all records, of one instant, and the way back into an empty database."""

import tempfile
from functools import partial
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from clinic import clock
from clinic.keeping import archive, database
from clinic.keeping.archive import FORMAT, Manifest
from clinic.keeping.errors import BackupError, Incomplete, NewerSchema, NotEmpty
from clinic.local import dumping


def back_up(path: Path) -> Manifest:
    """Write all records, as they are at one instant, into one file; return what is in it.

    The product goes on meanwhile. Nobody else may read the file; an older one of the name is replaced once the new one
    is whole. Raises `BackupError` where it can't be written.
    """
    if not path.parent.is_dir():
        raise BackupError(f"There is no folder {path.parent}. Make it, or name another file.")
    program = dumping.program("pg_dump", database.server_major(connection))
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
        records = Path(folder) / archive.RECORDS
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()
            dumping.dump(program, database.target(connection), snapshot=snapshot, to=records)
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
            manifest = Manifest(
                format=FORMAT,
                made_at=clock.real_now().isoformat(timespec="seconds"),
                server_version=database.server_major(connection),
                migrations=[list(row) for row in cursor.fetchall()],
                rows=database.rows(connection),
                records_sha256=archive.checksum_of(records),
            )
        archive.write(path, manifest, records)
    return manifest


def restore(path: Path) -> Manifest:
    """Restore a backup into the empty database that the settings name, all of it or nothing; return what it holds.

    Raises `NotABackup`, `Damaged`, `NewerSchema` or `NotEmpty` before anything is written, and `Incomplete` where what
    came back is not what was counted: it is taken out again.
    """
    manifest = archive.read(path)
    unknown = sorted(manifest.schema - known_schema())
    if unknown:
        raise NewerSchema(
            f"{path} was made by a later version: its schema has seen {'.'.join(unknown[0])}, which this version does"
            f" not know ({len(unknown)} of them). Install the version that made it, or a later one; then restore."
        )
    if database.things(connection):
        raise NotEmpty(
            f"The database {connection.settings_dict['NAME']} is not empty, and nothing in it was touched. Make a new"
            " one (createdb), name it in DATABASE_URL, and restore into that; don't migrate it first."
        )
    program = dumping.program("pg_restore", database.server_major(connection))
    dumping.restore(program, database.target(connection), send=partial(archive.send_records, path))
    if (found := database.rows(connection)) != manifest.rows:
        _take_out()
        wrong = sorted(set(found.items()) ^ set(manifest.rows.items()))
        raise Incomplete(f"The counts of {', '.join({table for table, _ in wrong})} are not the backup's. All undone.")
    return manifest


def known_schema() -> set[tuple[str, str]]:
    """The migrations that this version of the product brings, as (app, name)."""
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _take_out() -> None:
    """Empty the database again: it was empty a moment ago, and all that is in it came from the backup."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
