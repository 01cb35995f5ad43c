"""The embedded PostgreSQL: our own start and stop around the programs of a wheel.

The server is a child of the run, reachable only through a socket in a directory that only its owner may enter.
PostgreSQL refuses to run as root; for root it runs as `nobody`, from a copy below /var/tmp that only that user may
enter, because the checkout may be closed to it and nobody's directories are to be opened.
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from clinic.local import cluster, pids, places, wheel
from clinic.local.errors import LocalError
from clinic.local.processes import Children, Program
from clinic.local.stopping import POSTGRES

SUPERUSER = "postgres"
PORT = 5432
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_START_SECONDS = 60.0


def server_url(sockets: Path, database: str) -> str:
    """The URL of a database behind a socket directory."""
    return f"postgresql://{SUPERUSER}@{quote(str(sockets), safe='')}:{PORT}/{database}"


def psql() -> Path:
    """The `psql` program; LocalError when the embedded PostgreSQL is not installed."""
    return wheel.postgres().program("psql")


class Postgres:
    """The PostgreSQL server of one state directory.

    ``durable`` False trades crash safety for speed, for tests only.
    """

    def __init__(self, state: Path, children: Children, *, durable: bool = True, connections: int = 200) -> None:
        self.state = state
        self.children = children
        self.durable = durable
        self.connections = connections
        self.sockets = places.sockets(state)
        self.user: int | None = None
        self.group: int | None = None

    def url(self, database: str = "ruleout") -> str:
        """The URL of one of the server's databases."""
        return server_url(self.sockets, database)

    def start(self) -> None:
        """Start the server, making its files first where there are none; returns when it answers."""
        programs = wheel.postgres()
        data = places.postgres_data(self.state)
        places.make_private(self.sockets)
        if places.is_root():
            programs = self._become_nobody(programs, data)
        cluster.prepare(programs, data, state=self.state, user=self.user, group=self.group, durable=self.durable)
        cluster.clear_stale_lock(data)
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
        ]
        options += [
            f"port={PORT}",
            f"max_connections={self.connections}",
            "logging_collector=off",
            "timezone=UTC",
        ]
        options += [] if self.durable else _FAST
        command = [str(programs.program("postgres")), "-D", str(data)]
        command += [word for option in options for word in ("-c", option)]
        # From the data directory: that is also how a later run knows the server as its own.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        program = Program(command, Path("/"), environment, self.user, self.group)
        pid = self.children.launch(POSTGRES, program)
        self._wait_ready(data, pid)

    def _become_nobody(self, programs: wheel.PostgresPrograms, data: Path) -> wheel.PostgresPrograms:
        nobody = pwd.getpwnam("nobody")
        self.user, self.group = nobody.pw_uid, nobody.pw_gid
        home = places.root_home()
        try:
            for directory in (home, data.parent):
                directory.mkdir(mode=0o700, exist_ok=True)
                if directory.is_symlink() or directory.stat().st_uid not in {0, self.user}:
                    raise LocalError(f"{directory} belongs to another user. Remove it and try again.")
                os.chown(directory, self.user, self.group)
            os.chown(self.sockets, self.user, self.group)
            return programs.copy_to(home)
        except OSError as error:
            raise LocalError(cluster.explain_os_error(error, home)) from error

    def _wait_ready(self, data: Path, pid: int) -> None:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if cluster.ready_pid(data) == pid:
                return
            self.require_alive()
            time.sleep(0.02)
        raise LocalError(f"PostgreSQL did not become ready in {_START_SECONDS:.0f} s. Its log: {self._log()}")

    def require_alive(self) -> None:
        """Raise LocalError, with the reason, if the server that was started has stopped by itself."""
        if not self.children.alive(POSTGRES):
            data = places.postgres_data(self.state)
            raise LocalError(cluster.explain_start(self.children.output(POSTGRES), data))

    def _log(self) -> Path:
        return self.children.log(POSTGRES)

    def stop(self) -> None:
        """Stop the server and remove its sockets."""
        self.children.stop(POSTGRES)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def sql(self, statement: str, database: str = SUPERUSER) -> str:
        """Run one statement through psql and return its unadorned output; LocalError with the server's words."""
        command = [str(psql()), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, env=without_pg_variables(dict(os.environ)))
        if done.returncode:
            raise LocalError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def has_database(self, name: str) -> bool:
        """Whether a database of this name exists."""
        return name in self.sql("SELECT datname FROM pg_database").splitlines()

    def ensure_database(self, name: str) -> None:
        """Create a database unless it exists; LocalError when the server's files are too broken for that."""
        try:
            if not self.has_database(name):
                self.create_database(name)
        except LocalError as error:
            data = places.postgres_data(self.state)
            raise LocalError(f"The records in {data} can't be used. {error}\n{cluster.AFRESH}") from error

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or as a copy of another that nobody is connected to; return its URL."""
        source = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self.sql(f'CREATE DATABASE "{name}"{source}')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending the sessions on it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def without_pg_variables(environment: dict[str, str]) -> dict[str, str]:
    """The environment without the PG* variables that would bend a connection to the embedded server elsewhere."""
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def running_url(state: Path, database: str = "ruleout") -> str:
    """The URL of a state directory's server if it is up, else nothing."""
    data = places.postgres_data(state)
    pid = cluster.ready_pid(data)
    if not pid or not pids.started(pid):
        return ""
    return server_url(Path(cluster.lock_lines(data)[4]), database)
