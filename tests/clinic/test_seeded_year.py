"""`manage.py seed --history-year`: a year that services could have written, with what goes wrong in one."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Min

from clinic import clock
from clinic.models import Center, Episode, Event, Report, Step, StepStatus
from clinic.seeding.year import part_of
from clinic.watchdog import LOSSES
from notifications.models import Attempt, Message
from notifications.selectors.turnaround import Figures, turnaround
from tests.invariants import episodes_without_step, fingerprint, taken_twice, wrong_masks


def seed() -> str:
    out = StringIO()
    call_command("seed", "--small", "1", "--bookings", "no", "--from-morning", "--history-year", "1", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One center's year, for all the tests of this file: they only look."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.forget()
        seed()
        yield
        transaction.set_rollback(True)
    clock.forget()


@pytest.fixture
def year() -> Figures:
    return turnaround(now=clock.now(), weeks=54).total


def test_a_second_run_changes_nothing() -> None:
    before = fingerprint("clinic_zipcode")
    assert "0 rule-outs of a year added" in seed()
    assert fingerprint("clinic_zipcode") == before


def test_the_database_holds_every_promise() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert (episodes_without_step(), taken_twice(), wrong_masks()) == ([], [], [])


def test_nobody_of_it_is_lost() -> None:
    with connection.cursor() as cursor:
        for loss in LOSSES:
            cursor.execute(loss.query, {"now": clock.now()})
            assert cursor.fetchall() == [], loss.code


def test_it_reaches_a_year_back_and_no_event_of_it_lies_ahead() -> None:
    first = Episode.objects.aggregate(at=Min("opened_at"))["at"]
    assert 355 <= (clock.now() - first).days <= 372
    assert not Event.objects.filter(at__gt=clock.now()).exists()


def test_most_keep_their_clocks_and_some_do_not(year: Figures) -> None:
    assert year.asked > 150
    for kept in (year.scan.kept, year.told.kept, year.result):
        assert kept.percent is not None
        assert 80 < kept.percent < 100
    assert year.treated.count > 3


def test_some_steps_were_missed_and_most_of_them_rescued(year: Figures) -> None:
    assert year.missed > 20
    assert year.missed >= year.rescued > 0.8 * year.missed
    assert Step.objects.filter(status=StepStatus.MISSED, successor__isnull=False).exists()


def test_some_texts_reached_nobody_and_every_text_that_was_tried_has_its_attempt(year: Figures) -> None:
    assert 0 < year.undelivered < 0.06 * year.texts
    tried = Message.objects.exclude(status="expired")
    assert Attempt.objects.count() == tried.count()
    assert not tried.filter(tries__outcomes=None).exists()


def test_several_categories_were_found() -> None:
    assert Report.objects.values("category").distinct().count() >= 4


def test_a_part_of_the_network_is_spread_over_it() -> None:
    centers = [Center(code=f"C{number}") for number in range(110)]
    assert [center.code for center in part_of(centers, 5)] == ["C0", "C22", "C44", "C66", "C88"]
    assert part_of(centers[:2], 10) == centers[:2]
