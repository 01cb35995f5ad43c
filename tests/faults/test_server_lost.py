"""The server is lost with all its records: a backup comes back into an empty one, and nobody is lost with it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from clinic.keeping import archive
from clinic.local import places
from clinic.local.errors import LocalError
from clinic.local.postgres import Postgres
from clinic.local.stack import BEAT, TWILIO, WORKER, Stack
from tests.conftest import TEST_ENVIRONMENT
from tests.faults.conftest import IMPATIENT
from tests.lost import lost_in
from tests.outage import eventually
from tests.plugin import NO_BROKER

LIVED, EMPTY = "keeping_lived", "keeping_empty"
#: A text that a worker was about to send when the backup was made: claimed an hour ago, no answer written.
_CLAIM = """
WITH one AS (
    UPDATE notifications_message SET status = 'sending', claimed_at = now() - interval '1 hour',
        due_at = now(), expires_at = now() + interval '1 day', sent_at = NULL, ended_at = NULL, end_code = ''
    WHERE id = (SELECT max(id) FROM notifications_message WHERE purpose = 'booking_confirmation')
    RETURNING id
)
INSERT INTO notifications_attempt (message_id, number, body_sha256, segments, sender, at)
SELECT id, 9, repeat('0', 64), 1, '+12025550100', now() - interval '1 hour' FROM one RETURNING message_id
"""
_CLAIMED = """
SELECT m.status FROM notifications_message m JOIN notifications_attempt a ON a.message_id = m.id WHERE a.number = 9
"""
_KINDS = """
SELECT 'step ' || status FROM clinic_step UNION SELECT 'visit ' || status FROM scheduling_appointment
UNION SELECT 'episode ' || status FROM clinic_episode UNION SELECT 'report ' || status FROM clinic_report
"""


class Machine:
    """One database, and the commands that an operator gives on it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def manage(self, *words: str) -> str:
        """What a command prints; LocalError with its words where it fails."""
        state = places.STATE / f"keeping-{os.getpid()}"
        try:
            with Stack(state, database_url=self.url, redis_url=NO_BROKER, env=TEST_ENVIRONMENT) as stack:
                return stack.manage(*words, capture=True)
        finally:
            places.remove(state)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the database."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {str(name): int(str(self.rows(f'SELECT count(*) FROM "{name}"')[0][0])) for (name,) in tables}


@pytest.fixture(scope="module")
def lived(server: Postgres, morning_template: str) -> Iterator[Machine]:
    """A network in the middle of its year, with one text on its way."""
    server.drop_database(LIVED)
    machine = Machine(server.create_database(LIVED, template=morning_template))
    machine.manage("seed", "--small", "2", "--booked-days", "3", "--history-year", "1")
    assert len(machine.rows(_CLAIM)) == 1
    yield machine
    server.drop_database(LIVED)


@pytest.fixture(scope="module")
def backup(lived: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of that network."""
    path = tmp_path_factory.mktemp("kept") / "ruleout.backup"
    lived.manage("backup", "--to", str(path))
    return path


@pytest.fixture
def empty(server: Postgres) -> Iterator[Machine]:
    """A new database on a server that knows nothing of the lost one."""
    server.drop_database(EMPTY)
    yield Machine(server.create_database(EMPTY))
    server.drop_database(EMPTY)


def test_a_lost_server_comes_back_whole_and_its_text_on_the_way_is_settled(
    lived: Machine, backup: Path, empty: Machine, server: Postgres, new_stack: Callable[..., Stack]
) -> None:
    before, kinds = lived.counts(), {str(kind) for (kind,) in lived.rows(_KINDS)}
    assert {"episode open", "episode closed", "step open", "step done", "visit booked", "visit completed"} <= kinds
    server.drop_database(LIVED)
    said = empty.manage("restore", "--from", str(backup))
    assert "1 texts were being sent" in said
    assert empty.counts() == before
    assert {str(kind) for (kind,) in empty.rows(_KINDS)} == kinds
    assert "0 lost" in empty.manage("reconcile")
    with pytest.raises(psycopg.errors.RaiseException):
        empty.rows("DELETE FROM clinic_event RETURNING id")
    stack = new_stack(EMPTY, parts=(WORKER, BEAT, TWILIO), env=IMPATIENT)
    eventually(lambda: Machine(stack.database_url).rows(_CLAIMED)[0][0] not in ("sending", "unknown"), seconds=60)
    assert lost_in(stack.database_url) == []
    stack.close()


def test_a_database_that_holds_something_is_left_as_it_is(backup: Path, empty: Machine) -> None:
    empty.manage("restore", "--from", str(backup))
    before = empty.counts()
    with pytest.raises(LocalError, match="is not empty, and nothing in it was touched"):
        empty.manage("restore", "--from", str(backup))
    assert empty.counts() == before


def test_a_dump_that_breaks_off_leaves_an_empty_database(backup: Path, empty: Machine, tmp_path: Path) -> None:
    """The checksums are right and PostgreSQL's own dump is not: it was cut before it was sealed."""
    manifest = archive.read(backup)
    records = tmp_path / "records"
    with records.open("wb") as file:
        archive.send_records(backup, file)
    records.write_bytes(records.read_bytes()[: records.stat().st_size * 2 // 3])
    cut = tmp_path / "cut.backup"
    archive.write(cut, replace(manifest, records_sha256=archive.checksum_of(records)), records)
    with pytest.raises(LocalError, match="pg_restore failed, and the database is as it was"):
        empty.manage("restore", "--from", str(cut))
    assert empty.counts() == {}
