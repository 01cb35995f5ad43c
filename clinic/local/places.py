"""Where the local runtime keeps its files."""

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
MARK = "RULEOUT_STATE"
"""The environment variable that every process of a run carries; its value is the state directory."""

# A socket path may have 103 bytes on the strictest system; ours adds 40 to the directory.
LONGEST_TEMPORARY = 60


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
            raise PermissionError(f"{directory} belongs to someone else.") from None
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
    return Path(base) / f"ruleout-{short_hash(f'{state}:{os.geteuid()}')}"


def root_home() -> Path:
    """Where PostgreSQL's files live when root runs it: the checkout may be closed to the user it runs as."""
    return Path("/var/tmp") / f"ruleout-{short_hash(str(CHECKOUT))}"


def postgres_data(state: Path) -> Path:
    """The data directory of the PostgreSQL that belongs to a state directory."""
    if is_root():
        return root_home() / short_hash(str(state)) / "postgres"
    return state / "postgres"


def remove(state: Path) -> None:
    """Erase all files of a run. It must not be running."""
    shutil.rmtree(state, ignore_errors=True)
    shutil.rmtree(sockets(state), ignore_errors=True)
    if is_root():
        shutil.rmtree(postgres_data(state).parent, ignore_errors=True)
