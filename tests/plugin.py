"""Gives a test run its PostgreSQL before Django reads its settings: one server for all of the run's processes."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic.local import places, register
from clinic.local.lock import StateLock
from clinic.local.stack import Stack

STATE_VARIABLE = "RULEOUT_TEST_STATE"
# Nothing listens there: a request that needs a broker fails at once instead of finding somebody's.
NO_BROKER = "redis://127.0.0.1:1/0"
_ASKS_ONLY = {"--help", "-h", "--version", "-V", "--collect-only", "--co", "--fixtures", "--markers"}
_run: list[Stack] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    """Start the run's server, unless this is a worker of a run that has one."""
    os.environ["RULEOUT_ENV"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings"
    os.environ["REDIS_URL"] = NO_BROKER
    if STATE_VARIABLE not in os.environ:
        _remove_leftovers()
        os.environ["DATABASE_URL"] = "postgresql://postgres@%2Fnonexistent/ruleout"
        if not _ASKS_ONLY & set(args):
            _start()
    yield


def _start() -> None:
    state = places.STATE / f"test-{os.getpid()}"
    stack = Stack(state, durable=False, parts=(), redis_url=NO_BROKER)
    stack.__enter__()
    _run.append(stack)
    os.environ[STATE_VARIABLE] = str(state)
    os.environ["DATABASE_URL"] = stack.database_url


def pytest_unconfigure() -> None:
    """Stop the server and erase its files."""
    while _run:
        stack = _run.pop()
        stack.close()
        places.remove(stack.state)
        for beside in places.STATE.glob(f"{stack.state.name}-*"):
            shutil.rmtree(beside, ignore_errors=True)
        os.environ.pop(STATE_VARIABLE, None)


def _remove_leftovers() -> None:
    # A run that was killed had its processes stopped by the guardian; its files are still there.
    for state in places.STATE.glob("test-*"):
        lock = StateLock(state)
        if not _is_live(state) and lock.try_take("supervisor"):
            register.sweep(state)
            places.remove(state)
            lock.release()


def _is_live(state: Path) -> bool:
    number = state.name.split("-")[1]
    return number.isdigit() and Path(f"/proc/{number}").exists()
