"""A backup's file: PostgreSQL's own dump, what must be in it, and the checksums of both.

A plain tar, so that without this product too `tar xf` and `pg_restore` get at the records: ``manifest.json``,
``manifest.sha256``, ``records.dump``.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from clinic.keeping.errors import Damaged, NotABackup

FORMAT = "ruleout-backup-1"
MANIFEST, CHECKSUM, RECORDS = "manifest.json", "manifest.sha256", "records.dump"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was made, of which schema, and how many rows of each table."""

    format: str
    made_at: str
    server_version: int
    migrations: list[list[str]]
    rows: dict[str, int]
    records_sha256: str

    @property
    def schema(self) -> set[tuple[str, str]]:
        """The migrations that its schema has seen, as (app, name)."""
        return {(app, name) for app, name in self.migrations}


def checksum_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return _sum(file)


def write(path: Path, manifest: Manifest, records: Path) -> None:
    """Write a backup's file, all of it or none: it takes its name only once it is on disk. For its owner's eyes."""
    half = path.with_name(f"{path.name}.part")
    words = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - its mode
            with tarfile.open(fileobj=file, mode="w") as tar:
                _add(tar, MANIFEST, words)
                _add(tar, CHECKSUM, f"{hashlib.sha256(words).hexdigest()}  {MANIFEST}\n".encode())
                tar.add(records, RECORDS, filter=_plain)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def read(path: Path) -> Manifest:
    """Return a backup's manifest, once every byte of the file has been checked.

    Raises `NotABackup` where it is another kind of file, `Damaged` where it is not as it was written.
    """
    try:
        with tarfile.open(path, mode="r:") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST:
                raise NotABackup(_NONE.format(path))
            return _checked_whole(tar, path)
    except FileNotFoundError as error:
        raise NotABackup(f"There is no file {path}. Name a file that `manage.py backup` wrote.") from error
    except tarfile.ReadError as error:
        raise NotABackup(_NONE.format(path)) from error


_NONE = "{} is no backup of ours, or its beginning is damaged. Name a file that `manage.py backup` wrote."
_DAMAGED = (
    "{} is damaged: its checksum is not that of what was written. Nothing was restored. Take another copy of it, or"
    " another backup."
)


def _checked_whole(tar: tarfile.TarFile, path: Path) -> Manifest:
    try:
        return _checked(tar, path)
    except (tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise Damaged(_DAMAGED.format(path)) from error


def _checked(tar: tarfile.TarFile, path: Path) -> Manifest:
    words = _member(tar, MANIFEST).read()
    if _member(tar, CHECKSUM).read().split()[:1] != [hashlib.sha256(words).hexdigest().encode()]:
        raise Damaged(_DAMAGED.format(path))
    found = json.loads(words)
    if found.get("format") != FORMAT:
        raise NotABackup(f"{path} is of the format {found.get('format')!r}; this version reads {FORMAT}.")
    manifest = Manifest(**found)
    if _sum(_member(tar, RECORDS)) != manifest.records_sha256 or _goes_on(path, tar.getmember(RECORDS)):
        raise Damaged(_DAMAGED.format(path))
    return manifest


def _goes_on(path: Path, last: tarfile.TarInfo) -> bool:
    """Whether anything but the zeros that fill a tar up stands after its last member."""
    with path.open("rb") as file:
        file.seek(last.offset_data + last.size)
        return any(any(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    found = tar.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _sum(file: IO[bytes]) -> str:
    total = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        total.update(chunk)
    return total.hexdigest()


def send_records(path: Path, to: IO[bytes]) -> None:
    """Write the dump within a backup's file to a pipe."""
    with tarfile.open(path, mode="r:") as tar:
        shutil.copyfileobj(_member(tar, RECORDS), to, _CHUNK)
