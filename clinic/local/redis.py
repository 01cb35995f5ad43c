"""The embedded Redis: a broker that keeps nothing, behind a password, on the loopback interface."""

import os
import secrets
import time
from pathlib import Path

from clinic.local import ports, wheel
from clinic.local.errors import LocalError
from clinic.local.processes import Children, Program
from clinic.local.stopping import REDIS

_START_SECONDS = 15.0


class Redis:
    """The Redis server of one state directory. Its port and password stay the same over restarts within a run."""

    def __init__(self, state: Path, children: Children) -> None:
        self.home = state / "redis"
        self.children = children
        self.port = ports.choose()
        self._password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        """The URL for Celery and for any Redis client."""
        return f"redis://:{self._password}@{ports.HOST}:{self.port}/0"

    def start(self) -> None:
        """Start the server; returns when it accepts connections."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration = self.home / "redis.conf"
        configuration.touch(mode=0o600)
        # In a file, not in arguments: any user of the machine can read a process's arguments.
        configuration.write_text(
            f"bind {ports.HOST}\nport {self.port}\nrequirepass {self._password}\nprotected-mode yes\n"
            'save ""\nappendonly no\ndaemonize no\n'
        )
        command = [str(wheel.redis_server()), configuration.name]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        self.children.launch(REDIS, Program(command, self.home, environment))
        until = time.monotonic() + _START_SECONDS
        while not ports.answers(self.port):
            if not self.children.alive(REDIS) or time.monotonic() > until:
                raise LocalError(f"Redis did not start:\n{self.children.output(REDIS, lines=8)}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server; what it held is lost, by design."""
        self.children.stop(REDIS)
