"""The whole product as processes on this machine: for the demo, the story, the tests and the benches."""

import hashlib
import os
import secrets
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from clinic.local import places, ports, programs, register
from clinic.local.errors import LocalError
from clinic.local.guardian import Guardian
from clinic.local.lock import StateLock
from clinic.local.postgres import Postgres, without_pg_variables
from clinic.local.processes import Children, Program
from clinic.local.programs import BEAT, CARRIER, PROGRAMS, TWILIO, WEB, WORKER, Settings
from clinic.local.redis import Redis
from clinic.local.stopping import POSTGRES, REDIS

__all__ = ["BEAT", "CARRIER", "POSTGRES", "PROGRAMS", "REDIS", "TWILIO", "WEB", "WORKER", "Stack"]

TWILIO_FROM = "+12025550100"


class Stack:
    """PostgreSQL, Redis, a local Twilio, a local carrier of documents, web, worker and beat, from one state directory.

    Entering it starts the two servers and creates the database; `up` starts the product's processes, once the caller
    has migrated (`manage("migrate")`). Leaving it stops everything; so does the guardian if this process is killed.

    ``web_port`` and ``twilio_port`` 0 mean any free port. ``durable`` False is for tests. ``fresh`` erases what an
    earlier run left. ``parts`` are the processes that `up` starts. ``database_url`` and ``redis_url`` name servers to
    use instead of the embedded ones. ``env`` is added to the environment of every process.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        web_port: int = 0,
        twilio_port: int = 0,
        durable: bool = True,
        fresh: bool = False,
        web_workers: int = 2,
        env: Mapping[str, str] | None = None,
        parts: Collection[str] = PROGRAMS,
        database_url: str = "",
        redis_url: str = "",
        database: str = "ruleout",
    ) -> None:
        self.state = state_dir.resolve()
        self.parts = tuple(name for name in PROGRAMS if name in parts)
        self.children = Children(self.state)
        self.database = database
        self.postgres = None if database_url else Postgres(self.state, self.children, durable=durable)
        self.redis = None if redis_url else Redis(self.state, self.children)
        self._database_url = database_url
        self._redis_url = redis_url
        self._ports = (web_port, twilio_port)
        self._workers = web_workers
        self._fresh = fresh
        self._env = dict(env or {})
        self._lock = StateLock(self.state)
        self._guardian = Guardian(self.state)
        self._settings: Settings | None = None

    def __enter__(self) -> Self:
        places.make_private(self.state)
        self._lock.take()
        try:
            register.sweep(self.state)
            if self._fresh:
                places.empty(self.state)
            self._guardian.start()
            self._settings = self._choose()
            if self.postgres:
                self.postgres.start()
                self.postgres.ensure_database(self.database)
            if self.redis:
                self.redis.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything and give the state directory back."""
        self.children.stop_all()
        if self.postgres:
            self.postgres.stop()
        self._lock.release()
        self._guardian.release()

    def _choose(self) -> Settings:
        secret = self._secret()
        web, twilio = self._ports
        return Settings(
            state=self.state,
            web_port=ports.choose(web),
            twilio_port=ports.choose(twilio),
            carrier_port=ports.choose(0),
            web_workers=self._workers,
            account_sid="AC" + hashlib.sha256(f"sid:{secret}".encode()).hexdigest()[:32],
            auth_token=hashlib.sha256(f"token:{secret}".encode()).hexdigest()[:32],
        )

    def _secret(self) -> str:
        # Kept, so that a second run of the demo reads the sessions and the texts of the first.
        path = self.state / "secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        return path.read_text()

    @property
    def settings(self) -> Settings:
        """The ports and the account of this run; LocalError before it was entered."""
        if self._settings is None:
            raise LocalError("The stack has not been started.")
        return self._settings

    @property
    def web_url(self) -> str:
        """Where the pages and the API are, without a slash at the end."""
        return f"http://{ports.HOST}:{self.settings.web_port}"

    @property
    def twilio_url(self) -> str:
        """Where the local Twilio is, without a slash at the end."""
        return f"http://{ports.HOST}:{self.settings.twilio_port}"

    @property
    def carrier_url(self) -> str:
        """Where the local carrier of documents is, without a slash at the end; empty where none is started."""
        return f"http://{ports.HOST}:{self.settings.carrier_port}" if CARRIER in self.parts else ""

    @property
    def database_url(self) -> str:
        """The URL of the database that the processes use."""
        return self.postgres.url(self.database) if self.postgres else self._database_url

    @property
    def redis_url(self) -> str:
        """The URL of the broker."""
        return self.redis.url if self.redis else self._redis_url

    def environment(self) -> dict[str, str]:
        """The settings that the product's processes get, as environment variables."""
        return {
            "DJANGO_SETTINGS_MODULE": "clinic.settings",
            "RULEOUT_ENV": "demo",
            "SECRET_KEY": hashlib.sha256(f"key:{self._secret()}".encode()).hexdigest(),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "TWILIO_ACCOUNT_SID": self.settings.account_sid,
            "TWILIO_AUTH_TOKEN": self.settings.auth_token,
            "TWILIO_API_BASE": self.twilio_url,
            "TWILIO_FROM": TWILIO_FROM,
            "DOCUMENT_CARRIER_URL": self.carrier_url,
            "DOCUMENT_CARRIER_TOKEN": hashlib.sha256(f"carrier:{self._secret()}".encode()).hexdigest(),
            "PUBLIC_BASE_URL": self.web_url,
            "STATIC_ROOT": str(self.state / "static"),
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            **self._env,
        }

    def child_environment(self) -> dict[str, str]:
        """The whole environment of a child process: ours over that of this process."""
        return {**without_pg_variables(dict(os.environ)), **self.environment()}

    def manage(self, *arguments: str, capture: bool = False) -> str:
        """Run a `manage.py` command against this stack; return its output if captured. LocalError if it fails."""
        command = [sys.executable, str(places.CHECKOUT / "manage.py"), *arguments]
        program = Program(command, places.CHECKOUT, self.child_environment())
        done = self.children.run(f"manage-{arguments[0]}", program, capture=capture)
        if done.returncode:
            if self.postgres:
                self.postgres.require_alive()
            words = f":\n{done.stdout}{done.stderr}" if capture else ", as told above."
            raise LocalError(f"`manage.py {' '.join(arguments)}` failed{words}")
        return done.stdout

    def up(self, seconds: float = 60.0) -> None:
        """Start the product's processes and wait until each does its work."""
        Path(self.environment()["STATIC_ROOT"]).mkdir(exist_ok=True)
        for name in self.parts:
            self._launch(name)
        self.wait_ready(seconds)

    def _launch(self, name: str) -> None:
        if name == POSTGRES and self.postgres:
            self.postgres.start()
        elif name == REDIS and self.redis:
            self.redis.start()
        elif name in PROGRAMS:
            self.children.launch(name, programs.program(name, self.settings, self.child_environment()))
        else:
            raise LocalError(f"This run has no {name} of its own.")

    def wait_ready(self, seconds: float = 60.0, names: Collection[str] = PROGRAMS) -> None:
        """Wait until every started process does its work; LocalError, with its last words, if one does not."""
        until = time.monotonic() + seconds
        waiting = [name for name in PROGRAMS if name in names and name in self.running()]
        while waiting:
            waiting = [name for name in waiting if not self._is_ready(name)]
            if waiting and time.monotonic() > until:
                raise LocalError(f"{waiting[0]} is not ready after {seconds:.0f} s:\n{self.last_words(waiting[0])}")
            time.sleep(0.05 if waiting else 0)

    def _is_ready(self, name: str) -> bool:
        if not self.children.alive(name):
            raise LocalError(f"{name} ended with code {self.children.exit_code(name)}:\n{self.last_words(name)}")
        return programs.is_ready(name, self.settings, self.children)

    def renew_guardian(self) -> None:
        """See to it that somebody stops everything if this process is killed; for runs that last."""
        self._guardian.renew()

    def last_words(self, name: str, lines: int = 25) -> str:
        """The last lines that a process printed since its start."""
        return self.children.output(name, lines)

    def start(self, name: str, *, wait: bool = True) -> int:
        """Start one process (also `postgres` and `redis`); return its number."""
        self._launch(name)
        if wait:
            self.wait_ready(names=(name,))
        return self.pid(name)

    def stop(self, name: str) -> None:
        """Stop one process politely."""
        self.children.stop(name)

    def kill(self, name: str) -> None:
        """Kill -9 one process and its group."""
        self.children.kill(name)

    def restart(self, name: str) -> int:
        """Stop and start one process; return its new number."""
        self.stop(name)
        return self.start(name)

    def alive(self, name: str) -> bool:
        """Whether a process of this run lives."""
        return self.children.alive(name)

    def running(self) -> list[str]:
        """The names of the processes that this run has started and not stopped, dead ones included."""
        return self.children.names()

    def pid(self, name: str) -> int:
        """The number of a running process."""
        return self.children.pid(name)
