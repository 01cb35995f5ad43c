"""What an operating system or a database refuses for want of room or of rights, told so that a person can act."""

import errno
import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path

from clinic.local import places
from clinic.local.errors import LocalError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_DISK_FULL = "53100"  # PostgreSQL's own code
# What is left of a full disk once the program that filled it has removed its half-made files.
_LEFTOVER_MEGABYTES = 20


def explain(error: BaseException) -> str:
    """What to do about a full disk, or a place of ours that can't be written; empty for any other error."""
    for each in _causes(error):
        if getattr(each, "sqlstate", None) == _DISK_FULL or (isinstance(each, OSError) and each.errno in _NO_ROOM):
            return full(Path(_name(each) or places.CHECKOUT))
        if isinstance(each, OSError) and each.errno in _NO_RIGHT and places.is_ours(Path(_name(each))):
            return _closed(Path(_name(each)), each.strerror or str(each))
    return ""


def full(place: Path) -> str:
    """That the disk of this place is full."""
    return f"The disk is full: {place} can't be written. What was stored is kept. Make room and try again."


def is_full(place: Path) -> bool:
    """Whether next to nothing is free at a place, or at the nearest directory above it that exists."""
    return free_megabytes(place) < _LEFTOVER_MEGABYTES


def free_megabytes(place: Path) -> int:
    """How much is free at a place, or at the nearest directory above it that exists."""
    return shutil.disk_usage(_nearest(place)).free // 1_000_000


def require_room(place: Path, megabytes: int, what: str) -> None:
    """Raise LocalError unless so much is free at a place, before anything is begun that would stop halfway."""
    free = free_megabytes(place)
    if free < megabytes:
        raise LocalError(
            f"The disk is full: {free} MB are free at {place}, and {what} need {megabytes} MB. Make room and try again."
        )


def owner(place: Path) -> str:
    """The name of the user whom a place, or the nearest directory above it that exists, belongs to."""
    number = _nearest(place).lstat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"number {number}"


def _closed(place: Path, reason: str) -> str:
    return (
        f"{place} can't be used: {reason}. It belongs to the user {owner(place)}. Go on as that user, or in a checkout "
        "of your own; that user's `make clean` removes what was made here."
    )


def _nearest(place: Path) -> Path:
    # A directory that may not be entered hides what is in it.
    for each in (place, *place.parents):
        if os.path.lexists(each):
            return each
    return Path("/")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _name(error: BaseException) -> str:
    name = getattr(error, "filename", None)
    return os.fsdecode(name) if isinstance(name, str | bytes) else ""
