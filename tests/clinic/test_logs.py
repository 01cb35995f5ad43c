"""A fault in the log says what is wrong, and nothing about anybody."""

import logging
import sys
from types import TracebackType

import pytest
from django.db import IntegrityError, transaction

from clinic.logs import Discreet
from tests.kernel import make_patient

pytestmark = pytest.mark.django_db
#: Named here, so that no line of source in the traceback holds it.
NAME = "Unheard"
Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def _fault() -> tuple[Raised, BaseException]:
    """A refusal of the database, whose words quote the row, and what followed from it."""
    try:
        try:
            with transaction.atomic():
                make_patient(family_name=NAME, phone=None)
        except IntegrityError as error:
            raise RuntimeError("The page fell over.") from error
    except RuntimeError as raised:
        kind, value, trace = sys.exc_info()
        assert kind is not None
        assert value is not None
        cause = raised.__cause__
        assert cause is not None
        assert NAME in str(cause)
        return (kind, value, trace), cause
    raise AssertionError("unreachable")


def test_the_values_of_a_refused_row_stay_out_of_the_log() -> None:
    assert any(isinstance(handler.formatter, Discreet) for handler in logging.getLogger().handlers)
    raised, cause = _fault()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Task raised: %r; next line", (cause,), raised)
    line = Discreet("%(message)s").format(record)
    assert NAME not in line
    assert "patient_can_be_reached" in line
    assert "The page fell over." in line
    assert "test_logs.py" in line
