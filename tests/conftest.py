"""What every kind of test may ask for: a migrated database, and the whole product as running processes."""

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation

from clinic import clock
from clinic.local import places
from clinic.local.postgres import Postgres
from clinic.local.processes import Children
from clinic.local.stack import PROGRAMS, Stack
from tests.emptying import empty_database
from tests.pages.staff import Ward, open_ward
from tests.plugin import NO_BROKER, STATE_VARIABLE

# How long an example takes says something of the machine, and nothing of the product.
hypothesis.settings.register_profile("ruleout", deadline=None)
hypothesis.settings.load_profile("ruleout")

TEMPLATE = "ruleout_template"
SEEDED_TEMPLATE = "ruleout_seeded"
MORNING_TEMPLATE = "ruleout_morning"
# A test is one client that sends what many would.
TEST_ENVIRONMENT = {"RULEOUT_ENV": "test", "PUBLIC_THROTTLE": "1000000/min", "LINK_GUESSES": "1000000"}


@pytest.fixture(autouse=True)
def _clock_of_its_own() -> None:
    """A test does not go on with the clock that the one before it moved."""
    clock.forget()


@pytest.fixture(autouse=True)
def _language_of_its_own() -> None:
    """A test does not go on in the language of the last page that the one before it asked for."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _guesses_of_its_own() -> None:
    """A test does not go on with the wrong tries that the one before it made from the same address."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """A test that commits leaves an empty database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_database())
        yield


@pytest.fixture(scope="session")
def server() -> Postgres:
    """The run's PostgreSQL, shared by its processes: create databases on it."""
    state = Path(os.environ[STATE_VARIABLE])
    return Postgres(state, Children(state), durable=False)


def _once(server: Postgres, name: str, source: str | None, *command: str) -> str:
    """Create a database and run a command on it, in whichever process of the run comes first."""
    with (server.state / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not server.has_database(name):
            unfinished = f"{name}_unfinished"
            server.drop_database(unfinished)
            url = server.create_database(unfinished, template=source)
            with Stack(_beside(name), database_url=url, redis_url=NO_BROKER, env=TEST_ENVIRONMENT) as stack:
                stack.manage(*command, capture=True)
            server.sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _beside(name: str) -> Path:
    return places.STATE / f"{Path(os.environ[STATE_VARIABLE]).name}-{name}"


@pytest.fixture(scope="session")
def migrated_template(server: Postgres) -> str:
    """The name of a migrated, empty database to copy."""
    return _once(server, TEMPLATE, None, "migrate")


@pytest.fixture(scope="session")
def seeded_template(server: Postgres, migrated_template: str) -> str:
    """The name of a database to copy that holds the demo's network and its visits: twelve centers, in the soak all."""
    part = () if os.environ.get("RULEOUT_SOAK") else ("--small", "12")
    return _once(server, SEEDED_TEMPLATE, migrated_template, "seed", *part)


@pytest.fixture(scope="session")
def morning_template(server: Postgres, migrated_template: str) -> str:
    """The name of a database to copy: twelve centers on a weekday's morning, and nothing booked."""
    words = ("seed", "--booked", "no", "--small", "12", "--from-morning")
    return _once(server, MORNING_TEMPLATE, migrated_template, *words)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, migrated_template: str) -> None:
    """Copy the migrated database for each process of the run, instead of migrating once more in each."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = migrated_template


@pytest.fixture(scope="session")
def new_stack(server: Postgres, worker_id: str) -> Iterator[Callable[..., Stack]]:
    """Start further stacks: `new_stack(template, parts=..., env=...)`, each with its own database and ports."""
    running: list[Stack] = []

    def start(template: str, *, parts: tuple[str, ...] = PROGRAMS, env: dict[str, str] | None = None) -> Stack:
        name = f"stack_{worker_id}_{len(running)}"
        server.drop_database(name)
        url = server.create_database(name, template=template)
        stack = Stack(
            _beside(name),
            database_url=url,
            parts=parts,
            durable=False,
            env={**TEST_ENVIRONMENT, **(env or {})},
        )
        running.append(stack.__enter__())
        stack.up()
        return stack

    yield start
    for stack in running:
        stack.close()
        places.remove(stack.state)


@pytest.fixture
def ward(db: None) -> Ward:
    """A center at noon of a day on which it is open, with one member of staff of each role."""
    return open_ward()
