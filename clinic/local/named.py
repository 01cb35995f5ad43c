"""The servers that the environment names instead of the embedded ones: looked at before anything is begun."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from clinic.local.errors import LocalError

DATABASE = "DATABASE_URL"
REDIS = "REDIS_URL"
OLDEST_POSTGRES = 15
_PATIENCE_SECONDS = 5
_UNSET = "or unset {0} to use the embedded one."


def require(environment: Mapping[str, str]) -> None:
    """Return when the servers that are named answer and can be used; LocalError says what is wrong with one."""
    if environment.get(DATABASE):
        _require_postgres(environment[DATABASE])
    if environment.get(REDIS):
        _require_redis(environment[REDIS])


def _require_postgres(url: str) -> None:
    import psycopg

    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise LocalError(f"{DATABASE} must look like postgresql://user:password@host/name, {_UNSET.format(DATABASE)}")
    try:
        with psycopg.connect(url, connect_timeout=_PATIENCE_SECONDS) as connection:
            version = connection.info.server_version // 10_000
            encoding = connection.info.parameter_status("server_encoding")
            may_create = "SELECT has_schema_privilege(current_schema(), 'CREATE')"
            row = connection.execute(may_create).fetchone()
    except psycopg.OperationalError as error:
        raise LocalError(
            f"The PostgreSQL server that {DATABASE} names can't be used: {error}\nStart it, create what is "
            f"missing, {_UNSET.format(DATABASE)}"
        ) from error
    except psycopg.ProgrammingError as error:
        raise LocalError(
            f"{DATABASE} can't be read as an address of PostgreSQL. Correct it, {_UNSET.format(DATABASE)}"
        ) from error
    if version < OLDEST_POSTGRES:
        raise LocalError(f"{DATABASE} names a PostgreSQL {version}; the product needs {OLDEST_POSTGRES} or later.")
    if encoding != "UTF8":
        raise LocalError(
            f"The database that {DATABASE} names is encoded in {encoding}; create one in UTF8: "
            "createdb --encoding=UTF8 --template=template0 NAME"
        )
    if not (row and row[0]):
        raise LocalError(
            f"The user in {DATABASE} may not create tables in that database. As its owner: "
            "ALTER DATABASE name OWNER TO user, or GRANT CREATE ON SCHEMA public TO user"
        )


def _require_redis(url: str) -> None:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        client = redis.Redis.from_url(url, socket_timeout=_PATIENCE_SECONDS, retry=Retry(NoBackoff(), 0))
    except ValueError as error:
        raise LocalError(f"{REDIS} must look like redis://:password@host:6379/0, {_UNSET.format(REDIS)}") from error
    try:
        client.ping()
    except redis.RedisError as error:
        raise LocalError(
            f"The Redis server that {REDIS} names can't be used: {error}\nStart it, correct the address, "
            f"{_UNSET.format(REDIS)}"
        ) from error
    finally:
        client.close()
