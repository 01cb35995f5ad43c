"""Rows by statements that are built once, for what every booking and every search wait for.

Django builds each query anew, which takes longer than PostgreSQL needs to answer one that reads or writes a row. What
is read comes in PostgreSQL's binary form.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
Parameters = Mapping[str, Any] | Sequence[Any]


def fetch(query: str, parameters: Parameters, *, prepare: bool | None = None) -> Sequence[tuple[Any, ...]]:
    """Run a query on Django's own connection and return its rows as tuples.

    As a cursor of Django's would, it makes sure that the connection stands, and raises Django's errors. What is asked
    often is planned once a connection, unless ``prepare`` is False: where parameters may mean one row or thousands.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(query, parameters, binary=True, prepare=prepare)
        return cursor.fetchall() if cursor.description is not None else ()


@cache
def columns(model: type[Model], alias: str) -> str:
    """Name a table's columns as a query selects them for `made`. Raises `TypeError` where Django would convert one."""
    if any(hasattr(field, "from_db_value") for field in _fields(model)):
        raise TypeError(f"{model.__name__} can't be read as it is stored.")
    return ", ".join(f'{alias}."{field.column}"' for field in _fields(model))


def made(model: type[M], values: Sequence[Any]) -> M:
    """Return a row of a model, read by its `columns`."""
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), values)


def read(model: type[M], where: str, **parameters: object) -> list[M]:
    """Return the rows of which ``where`` holds: SQL that calls the table ``t``; an order or a lock may follow it."""
    return [made(model, values) for values in fetch(_select(model, where), parameters)]


def side_by_side(query: str, parameters: Parameters, *models: type[Model]) -> list[tuple[Any, ...]]:
    """Run a query that selects the `columns` of several models, and return their rows; None for one that an outer join
    did not find."""
    ends = list(accumulate(len(_names(model)) for model in models))
    spans = [(model, end - len(_names(model)), end) for model, end in zip(models, ends, strict=True)]
    return [
        tuple(made(model, row[start:end]) if row[start] is not None else None for model, start, end in spans)
        for row in fetch(query, parameters)
    ]


def relate(row: Model, name: str, other: Model | None) -> None:
    """Let a row know what it points to, or is pointed to by, or that nothing is there: it is not read again."""
    field: Any = type(row)._meta.get_field(name)  # noqa: SLF001 - Django's own name for it
    field.set_cached_value(row, other)


def insert(*rows: Model, unless_there: bool = False) -> None:
    """Write new rows of one model by one statement, and give them their keys.

    ``unless_there``: a row that some unique key has already is left as it stands; then nobody learns the keys.
    """
    fields = _fields(type(rows[0]))[1:]
    # What Django itself asks of a field when it writes a row.
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    keys = fetch(_insert(type(rows[0]), len(rows), unless_there), values)
    if not unless_there:
        for row, (key,) in zip(rows, keys, strict=True):
            row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS  # noqa: SLF001 - it stands now


def change(row: Model, values: Mapping[str, Any], *, where: str, **parameters: object) -> bool:
    """Change a row by one UPDATE, as long as ``where`` holds of it (SQL, with these parameters), and return whether it
    did. Then the object is what the row is now, whatever else had changed in it."""
    model = type(row)
    new = {
        f"new_{name}": _field(model, name).get_db_prep_save(getattr(value, "pk", value), connection)
        for name, value in values.items()
    }
    found = fetch(_update(model, tuple(values), where), {**parameters, **new, "key": row.pk})
    if not found:
        return False
    for name, value in values.items():
        # With the rows that it points to, which need not be read again.
        setattr(row, name, value)
    for name, value in zip(_names(model), found[0], strict=True):
        setattr(row, name, value)
    return True


@cache
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    """Return what a table stores, its key first."""
    return tuple(model._meta.local_concrete_fields)  # noqa: SLF001 - Django's own name for it


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in _fields(model))


@cache
def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return next(field for field in _fields(model) if name in (field.name, field.attname))


@cache
def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'  # noqa: SLF001 - Django's own name for it


@cache
def _select(model: type[Model], where: str) -> str:
    return f"SELECT {columns(model, 't')} FROM {_table(model)} t WHERE {where}"  # noqa: S608 - of names and constants


@cache
def _insert(model: type[Model], count: int, unless_there: bool) -> str:
    key, *others = (f'"{field.column}"' for field in _fields(model))
    rows = ", ".join([f"({', '.join(['%s'] * len(others))})"] * count)
    end = "ON CONFLICT DO NOTHING" if unless_there else f"RETURNING {key}"
    return f"INSERT INTO {_table(model)} ({', '.join(others)}) VALUES {rows} {end}"  # noqa: S608 - as above


@cache
def _update(model: type[Model], names: tuple[str, ...], where: str) -> str:
    new = ", ".join(f'"{_field(model, name).column}" = %(new_{name})s' for name in names)
    key = f't."{_fields(model)[0].column}" = %(key)s'
    return f"UPDATE {_table(model)} t SET {new} WHERE {key} AND ({where}) RETURNING {columns(model, 't')}"  # noqa: S608
