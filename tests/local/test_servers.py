"""The embedded servers start, answer, stop, and start again with what they held."""

from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinic.local import pids, places, register
from clinic.local.errors import AlreadyRunning
from clinic.local.programs import PROGRAMS, program
from clinic.local.stack import POSTGRES, REDIS, Stack

PATH_LENGTH = 150


def servers(state: Path) -> Stack:
    return Stack(state, durable=False, parts=())


def test_both_servers_answer_and_leave_no_process(state: Path) -> None:
    with servers(state) as stack:
        with psycopg.connect(stack.database_url) as connection:
            assert connection.info.server_version >= 180000
        broker = redis.Redis.from_url(stack.redis_url)
        assert broker.ping()
        broker.close()
        numbers = [stack.pid(POSTGRES), stack.pid(REDIS)]
    assert not [number for number in numbers if pids.started(number)]
    assert register.running(state) == {}
    assert not places.sockets(state).exists()


def test_records_survive_a_restart_and_a_kill(state: Path) -> None:
    with Stack(state, parts=()) as stack:
        assert stack.postgres
        stack.postgres.sql("CREATE TABLE kept AS SELECT 1 AS one", "ruleout")
        stack.kill(POSTGRES)
        stack.start(POSTGRES)
        assert stack.postgres.sql("SELECT one FROM kept", "ruleout") == "1"
    with Stack(state, parts=()) as stack:
        assert stack.postgres
        assert stack.postgres.sql("SELECT one FROM kept", "ruleout") == "1"


def test_a_long_path_is_no_obstacle(state: Path) -> None:
    long = state / ("a-long-name-" * 20)[: PATH_LENGTH - len(str(state)) - 1]
    assert len(str(long)) >= PATH_LENGTH or len(str(state)) >= PATH_LENGTH
    try:
        with servers(long) as stack, psycopg.connect(stack.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        places.remove(long)


def test_only_the_owner_may_enter_what_was_made(state: Path) -> None:
    before = state.parent.stat().st_mode
    with servers(state):
        for directory in (places.postgres_data(state), places.sockets(state)):
            assert directory.stat().st_mode & 0o077 == 0, directory
    assert state.parent.stat().st_mode == before


def test_a_copy_of_a_database_holds_what_its_template_held(state: Path) -> None:
    with servers(state) as stack:
        assert stack.postgres
        stack.postgres.sql("CREATE TABLE thing AS SELECT 7 AS seven", "ruleout")
        stack.postgres.create_database("another", template="ruleout")
        assert stack.postgres.sql("SELECT seven FROM thing", "another") == "7"


def test_a_second_run_on_the_same_state_is_refused(state: Path) -> None:
    with servers(state), pytest.raises(AlreadyRunning, match="Another run"), servers(state):
        pass


def test_a_fresh_run_finds_nothing_of_an_earlier_one_and_takes_nothing_from_a_live_one(state: Path) -> None:
    with Stack(state, parts=(), database_url="postgresql://unused", redis_url="redis://unused"):
        (state / "trace").touch()
        with pytest.raises(AlreadyRunning), Stack(state, fresh=True):
            pass
        assert (state / "trace").exists()
    with Stack(state, fresh=True, parts=(), database_url="postgresql://unused", redis_url="redis://unused"):
        assert not (state / "trace").exists()


def test_no_secret_stands_in_the_arguments_of_a_process(state: Path) -> None:
    with Stack(state, parts=(), database_url="postgresql://unused", redis_url="redis://unused") as stack:
        secrets = (stack.settings.auth_token, stack.environment()["SECRET_KEY"])
        for name in PROGRAMS:
            words = " ".join(program(name, stack.settings, stack.child_environment()).command)
            assert not [secret for secret in secrets if secret in words]


def test_broker_wants_its_password(state: Path) -> None:
    with Stack(state, parts=(), database_url="postgresql://unused") as stack:
        assert stack.redis
        stranger = redis.Redis(port=stack.redis.port, retry=Retry(NoBackoff(), 0))
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        stranger.close()
