"""Transactions: one wrapper that retries, one that turns the database's refusals into domain errors."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection, transaction

from clinic.errors import DomainError, NoNextStep
from clinic.models.safety_net import NEXT_STEP_CONSTRAINT

T = TypeVar("T")
logger = logging.getLogger(__name__)

#: Deadlock and serialization failure: the database asks for the transaction to be tried again.
RETRIED = {"40P01", "40001"}
#: What the database says of the row that it was given: of others it says nothing, and it is there.
REFUSALS = (IntegrityError, DataError)
TRIES = 3


def constraint_of(error: DatabaseError) -> str:
    """Return the name of the constraint that an error names, or an empty string."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


@contextmanager
def refusing(**errors: type[DomainError] | DomainError) -> Iterator[None]:
    """Turn a violation of a constraint, named as the keyword, into its domain error."""
    try:
        yield
    except IntegrityError as error:
        match = errors.get(constraint_of(error))
        if match is None:
            raise
        raise match from error


def in_transaction(work: Callable[[], T]) -> T:
    """Run ``work`` in one transaction; try again where PostgreSQL says that trying again is the answer.

    Inside an outer transaction nothing is retried: only the outermost one can be. A refusal leaves nothing behind but
    what it has to tell ``afterwards``.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return work()
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except DomainError as refused:
            _tell_afterwards(refused)
            raise
        except OperationalError as error:
            state = error.__cause__.sqlstate if isinstance(error.__cause__, psycopg.Error) else None
            if state not in RETRIED or attempt == TRIES:
                raise
            time.sleep(random.uniform(0.005, 0.02) * attempt)  # noqa: S311 - spreads rivals, hides nothing
    raise AssertionError("unreachable")


def _tell_afterwards(refused: DomainError) -> None:
    """Write what a refusal has to tell. It is told all the same where that can't be written."""
    tell, refused.afterwards = refused.afterwards, None
    if tell is None:
        return
    try:
        with transaction.atomic():
            tell()
    except DatabaseError as error:
        logger.warning("A refusal (%s) can't be written down: %s", refused.code, type(error).__name__)


def settle() -> None:
    """Check the deferred constraints now, so that the service that broke one is the one that hears of it.

    Raises `NoNextStep` where an open episode is left without a step.
    """
    with refusing(**{NEXT_STEP_CONSTRAINT: NoNextStep}), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
