"""Where the local runtime keeps its files."""

import errno
import hashlib
import os
import pwd
import shutil
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
VENV = CHECKOUT / ".venv"
STATE = CHECKOUT / ".state"
DEMO_STATE = STATE / "demo"
LOCK = "lock"
"""The file in a state directory whose lock the run holds that owns the directory."""
MARK = "RULEOUT_STATE"
"""The environment variable that every process of a run carries; its value is the state directory."""

# A socket path may have 103 bytes on the strictest system; ours adds 40 to the directory.
LONGEST_TEMPORARY = 60
_OUTSIDE = "ruleout-"  # how the names begin of what lies outside of the checkout


def short_hash(text: str) -> str:
    """Twelve hexadecimal digits that stand for a text in a path."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def make_private(directory: Path) -> Path:
    """Create a directory that only its owner may enter, and its parents.

    Raises PermissionError when it exists and is a link or belongs to someone else: a name in a shared temporary
    directory can be taken by anybody.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        found = directory.lstat()
        if directory.is_symlink() or found.st_uid not in _trusted():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(directory)) from None
        directory.chmod(0o700)
    return directory


def _trusted() -> set[int]:
    # As root, PostgreSQL runs as nobody, and so owns what an earlier run left.
    return {os.getuid(), pwd.getpwnam("nobody").pw_uid} if is_root() else {os.getuid()}


def is_root() -> bool:
    """Whether this process is root, which PostgreSQL refuses to run as."""
    return os.geteuid() == 0


def sockets(state: Path) -> Path:
    """The directory of a run's sockets: short, because a socket path is limited to about 100 bytes."""
    base = tempfile.gettempdir()
    if len(base) > LONGEST_TEMPORARY:
        base = "/tmp"
    return Path(base) / f"{_OUTSIDE}{short_hash(f'{state}:{os.geteuid()}')}"


def root_home() -> Path:
    """Where PostgreSQL's files live when root runs it: the checkout may be closed to the user it runs as."""
    return Path("/var/tmp") / f"{_OUTSIDE}{short_hash(str(CHECKOUT))}"


def is_ours(place: Path) -> bool:
    """Whether a place is the checkout, or one that the local runtime makes outside of it, or lies in one."""
    return place.is_relative_to(CHECKOUT) or any(part.startswith(_OUTSIDE) for part in place.parts)


def postgres_data(state: Path) -> Path:
    """The data directory of the PostgreSQL that belongs to a state directory."""
    if is_root():
        return root_home() / short_hash(str(state)) / "postgres"
    return state / "postgres"


def remove(state: Path) -> None:
    """Erase all files of a run. It must not be running."""
    shutil.rmtree(state, ignore_errors=True)
    _remove_outside(state)


def empty(state: Path) -> None:
    """Erase all files of a run but its lock, which the caller holds."""
    for entry in state.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK:
            entry.unlink()
    _remove_outside(state)


def _remove_outside(state: Path) -> None:
    shutil.rmtree(sockets(state), ignore_errors=True)
    if is_root():
        shutil.rmtree(postgres_data(state).parent, ignore_errors=True)
