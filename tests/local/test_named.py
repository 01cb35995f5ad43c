"""Servers that the environment names are tried before anything is begun, and what is wrong with them is said."""

import os

import psycopg
import pytest

from clinic.local import commands, named
from clinic.local.errors import LocalError

URL = os.environ.get("DATABASE_URL", "")


def test_a_server_that_answers_is_taken() -> None:
    named.require({"DATABASE_URL": URL})
    named.require({})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://host/name", "must look like postgresql://"),
        ("postgresql://user@127.0.0.1:1/name", "Connection refused"),
        ("postgresql://user@127.0.0.1/name?bogus=1", "can't be read"),
    ],
)
def test_a_database_that_can_not_be_used(url: str, words: str) -> None:
    with pytest.raises(LocalError, match=f"DATABASE_URL[\\s\\S]*{words}|{words}[\\s\\S]*DATABASE_URL"):
        named.require({"DATABASE_URL": url})


def test_a_user_who_may_not_create_tables() -> None:
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest_of_the_schema LOGIN")
        try:
            with pytest.raises(LocalError, match="may not create tables"):
                named.require({"DATABASE_URL": URL.replace("postgres@", "guest_of_the_schema@")})
        finally:
            connection.execute("DROP ROLE guest_of_the_schema")


@pytest.mark.parametrize(
    ("url", "words"), [("localhost", "must look like redis://"), ("redis://127.0.0.1:1/0", "can't be used")]
)
def test_a_broker_that_can_not_be_used(url: str, words: str) -> None:
    with pytest.raises(LocalError, match=f"REDIS_URL[\\s\\S]*{words}"):
        named.require({"REDIS_URL": url})


def test_a_demo_does_not_touch_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEOUT_ENV", "production")
    monkeypatch.setenv("DATABASE_URL", URL)
    with pytest.raises(LocalError, match="this is production"):
        commands._django("demo", ["manage.py", "demo"])


def test_production_is_given_no_embedded_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEOUT_ENV", "production")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert not commands.needs_embedded_database("migrate", ["manage.py", "migrate"])
