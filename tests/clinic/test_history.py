"""What happened cannot be rewritten."""

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.access import SYSTEM
from clinic.models import Event
from tests.kernel import make_episode

pytestmark = pytest.mark.django_db

APPEND_ONLY = [
    "clinic_event",
    "clinic_consent",
    "clinic_reportversion",
    "clinic_resultcall",
    "triage_assessment",
    "triage_decision",
    "notifications_attempt",
    "notifications_attemptoutcome",
    "notifications_receipt",
]


@pytest.mark.parametrize("change", ["UPDATE clinic_event SET kind = 'other'", "DELETE FROM clinic_event"])
def test_an_event_can_neither_be_changed_nor_removed(change: str) -> None:
    make_episode(SYSTEM)
    before = Event.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Event.objects.count() == before > 0


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_every_table_of_history_has_its_guard(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_append_only%%'",
            [table],
        )
        assert cursor.fetchone() == (1,)
