"""The product's own processes: how each is started, and how it shows that it is ready."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clinic.local import places, ports
from clinic.local.processes import Children, Program

TWILIO = "twilio"
CARRIER = "carrier"
WEB = "web"
WORKER = "worker"
BEAT = "beat"
PROGRAMS = (TWILIO, CARRIER, WEB, WORKER, BEAT)
# Words in the log, for the processes that have no port to knock on.
_READY_WORDS = {WORKER: " ready.", BEAT: "beat: Starting..."}


@dataclass(frozen=True)
class Settings:
    """What the commands of the product's processes depend on."""

    state: Path
    web_port: int
    twilio_port: int
    carrier_port: int
    web_workers: int
    account_sid: str
    auth_token: str


def program(name: str, settings: Settings, environment: Mapping[str, str]) -> Program:
    """How to start one of the product's processes."""
    words = {
        WEB: "gunicorn clinic.wsgi:application --preload --worker-class gthread --threads 4 --keep-alive 5"
        f" --timeout 60 --graceful-timeout 3 --backlog 512 --no-control-socket --workers {settings.web_workers}"
        f" --bind {ports.HOST}:{settings.web_port} --worker-tmp-dir {_memory_folder()}",
        WORKER: "celery -A clinic.celery worker --pool=threads -Q urgent,celery"
        " --without-gossip --without-mingle --loglevel=INFO -n worker@%h",
        # The base scheduler keeps its schedule in memory: every beat is a sweep, so nothing needs to be remembered.
        BEAT: "celery -A clinic.celery beat --scheduler celery.beat:Scheduler --loglevel=INFO --pidfile=",
        # Its account and token come in the environment: any user of the machine can read a process's arguments.
        TWILIO: f"notifications.local_twilio --port {settings.twilio_port} --journal",
        CARRIER: f"notifications.local_carrier --port {settings.carrier_port} --journal",
    }[name].split()
    if name == TWILIO:
        words.append(str(settings.state / "twilio-journal.jsonl"))
    if name == CARRIER:
        words.append(str(settings.state / "carrier-journal.jsonl"))
    return Program([sys.executable, "-m", *words], places.CHECKOUT, environment)


def _memory_folder() -> str:
    # The web server's heartbeat must not wait for a disk.
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"


def is_ready(name: str, settings: Settings, children: Children) -> bool:
    """Whether a started process does its work by now."""
    if name == WEB:
        return ports.serves(settings.web_port, "/healthz")
    if name == TWILIO:
        return ports.answers(settings.twilio_port)
    if name == CARRIER:
        return ports.answers(settings.carrier_port)
    return _READY_WORDS[name] in children.output(name)
