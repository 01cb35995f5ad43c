"""The Celery application. A task carries ids only; what is owed is a row in the database."""

import os
import sys
from threading import BoundedSemaphore
from typing import Any

from celery import Celery, Task
from celery.signals import task_prerun, worker_init
from django.db import close_old_connections

from clinic.beat import AT_ONCE, SCHEDULE
from clinic.broker import outlive_the_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

outlive_the_broker()

#: How long, in seconds, a thread that could go on waits before it asks the one that computes to let it.
SWITCH_AFTER = 0.0005


class _Places(dict[str, BoundedSemaphore]):
    """For each sweep, the places of this process."""

    def __missing__(self, name: str) -> BoundedSemaphore:
        # Of two threads that ask for the first time the slower gets what the faster made.
        return self.setdefault(name, BoundedSemaphore(AT_ONCE.get(name, 1)))


_places = _Places()


class Sweep(Task):  # type: ignore[type-arg]  # generic for the type checker only
    """A task that this process does so many times at once as the table of the sweeps says, and once more does nothing.

    A sweep that hangs, or has much to do, would otherwise take a further thread with every beat, until none is left.
    """

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Do it, unless enough threads are at it."""
        place = _places[self.name]
        if not place.acquire(blocking=False):
            return None
        try:
            return super().__call__(*arguments, **named)
        finally:
            place.release()


app = Celery("ruleout", task_cls=Sweep)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@task_prerun.connect
def drop_dead_connections(**_: object) -> None:
    """Let a task begin with a connection that works, as a request does: the database may have been restarted."""
    close_old_connections()


@worker_init.connect
def take_turns_soon(**_: object) -> None:
    """Let a thread whose query was answered go on soon, though another one computes.

    With Python's own 5 ms, once for each statement, the threads that send wait for each other longer than for the
    provider. The web server keeps it: nothing was won there.
    """
    sys.setswitchinterval(SWITCH_AFTER)
