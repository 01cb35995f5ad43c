"""What `manage.py restore` refuses before it touches anything, each by its own words."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from clinic.keeping import archive
from clinic.keeping.archive import FORMAT, Manifest
from clinic.keeping.backup import back_up, known_schema, restore
from clinic.keeping.errors import BackupError, Damaged, NewerSchema, NotABackup, NotEmpty
from clinic.local import dumping
from clinic.local.errors import LocalError
from tests.invariants import fingerprint

pytestmark = pytest.mark.django_db


def written(folder: Path, **changes: object) -> Path:
    """A file as a backup writes it; what PostgreSQL would read of it is never reached here."""
    records = folder / "records"
    records.write_bytes(b"records " * 4000)
    schema = [list(each) for each in sorted(known_schema())]
    manifest = Manifest(FORMAT, "2026-01-05T14:00:00+00:00", 18, schema, {"clinic_patient": 3}, "")
    path = folder / "ruleout.backup"
    manifest = replace(manifest, records_sha256=archive.checksum_of(records), **changes)  # type: ignore[arg-type]
    archive.write(path, manifest, records)
    return path


@pytest.mark.parametrize("part", [0.02, 0.1, 0.5, 0.9])
def test_one_changed_byte_is_a_damaged_file(tmp_path: Path, part: float) -> None:
    path = written(tmp_path)
    content = bytearray(path.read_bytes())
    start = content.index(b"{") if part < 0.05 else int(len(content) * part)
    content[start + 1] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(Damaged, match="Nothing was restored"):
        restore(path)


def test_a_file_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(Damaged):
        restore(path)


def test_another_kind_of_file_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all")
    with pytest.raises(NotABackup, match="no backup of ours"):
        restore(path)
    with pytest.raises(NotABackup, match="There is no file"):
        restore(tmp_path / "nothing")


def test_a_backup_of_a_later_version_names_what_this_one_does_not_know(tmp_path: Path) -> None:
    later = [*([*each] for each in sorted(known_schema())), ["clinic", "9999_of_next_year"]]
    with pytest.raises(NewerSchema, match=r"clinic\.9999_of_next_year"):
        restore(written(tmp_path, migrations=later))


def test_a_migrated_database_is_not_an_empty_one(tmp_path: Path) -> None:
    before = fingerprint()
    with pytest.raises(NotEmpty, match="createdb"):
        restore(written(tmp_path))
    assert fingerprint() == before


def test_a_backup_is_for_its_owners_eyes(tmp_path: Path) -> None:
    assert stat.S_IMODE(written(tmp_path).stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no folder"):
        back_up(tmp_path / "nowhere" / "ruleout.backup")


def test_a_server_newer_than_every_program_at_hand_is_told_what_to_install() -> None:
    with pytest.raises(LocalError, match="postgresql-client-99"):
        dumping.program("pg_dump", 99)
