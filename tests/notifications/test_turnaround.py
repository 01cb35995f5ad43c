"""Turnaround: medians and 90th percentiles by center and week, the clocks that were kept, and what was missed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic import clock
from clinic.models import Center, StepStatus
from notifications.models import Message, MessageStatus, Purpose
from notifications.selectors.turnaround import Kept, Turnaround, turnaround
from scheduling.models import VisitKind, VisitType
from scheduling.visit_types import ensure_visit_types
from tests.factories import phone_of
from tests.kernel import make_center, make_patient
from tests.notifications.rule_outs import amended, late_step, minutes, rule_out

pytestmark = pytest.mark.django_db

#: A Wednesday noon in Greenbelt, and the Monday of its week.
NOON = datetime(2026, 3, 11, 16, tzinfo=UTC)
NOW = NOON + timedelta(days=2)
MONDAY = date(2026, 3, 9)
WEEK = timedelta(days=7)


@pytest.fixture
def scan(db: None) -> VisitType:
    return ensure_visit_types()[VisitKind.DVT_SCAN]


@pytest.fixture
def center(db: None) -> Center:
    return make_center()


def asked(center: Center | None = None, *, now: datetime = NOW, weeks: int = 4) -> Turnaround:
    return turnaround(now=now, weeks=weeks, center=center)


def text_to(center: Center, scan: VisitType, status: str) -> None:
    episode = rule_out(center, scan, NOON, to_scan=None)
    Message.objects.create(
        purpose=Purpose.RESULT_READY,
        patient=episode.patient,
        episode=episode,
        about_kind="report",
        about_id=episode.pk,
        dedupe_key=f"test:{episode.pk}",
        phone=phone_of(episode.patient),
        language="en",
        status=status,
        due_at=NOON,
        sent_at=NOON,
        expires_at=NOON + WEEK,
        created_at=NOON,
    )


def test_medians_and_ninetieth_percentiles_are_those_of_the_minutes(center: Center, scan: VisitType) -> None:
    for number in range(1, 12):
        rule_out(center, scan, NOON, to_scan=10 * number, to_told=2 * number, to_treated=3 * number)
    total = asked().total
    assert (total.scan.median, total.scan.ninetieth) == (60, 100)
    assert (total.told.median, total.told.ninetieth) == (12, 20)
    assert (total.treated.median, total.treated.ninetieth) == (18, 30)
    assert (total.asked, total.scan.count, total.told.count, total.treated.count) == (11, 11, 11, 11)


def test_each_center_and_week_has_its_own_figures(center: Center, scan: VisitType) -> None:
    other = make_center()
    rule_out(center, scan, NOON, to_scan=40)
    rule_out(center, scan, NOON - WEEK, to_scan=80)
    rule_out(other, scan, NOON, to_scan=120)
    found = asked()
    assert found.of(center, MONDAY).scan.median == 40
    assert found.of(center, MONDAY - WEEK).scan.median == 80
    assert found.of(center=other).scan.median == 120
    assert found.of(week=MONDAY).scan.median == 80
    assert found.centers == [center, other]
    assert asked(other).total.scan.count == 1


def test_a_week_begins_on_monday_where_the_center_is(scan: VisitType) -> None:
    sunday_night = datetime(2026, 3, 9, 5, tzinfo=UTC)
    west = make_center(zone="America/Los_Angeles")
    rule_out(west, scan, sunday_night)
    assert asked().of(week=MONDAY - WEEK).asked == 1
    assert asked().of(week=MONDAY).asked == 0


def test_a_clock_is_kept_to_the_minute_and_not_a_minute_later(center: Center, scan: VisitType) -> None:
    rule_out(center, scan, NOON, to_scan=180, to_told=60, to_treated=60)
    rule_out(center, scan, NOON, to_scan=181, to_told=61, to_treated=61)
    total = asked().total
    assert (total.scan.kept, total.told.kept, total.treated.kept) == (Kept(1, 2), Kept(1, 2), Kept(1, 2))
    assert total.result == Kept(0, 2)


def test_who_was_never_scanned_told_or_treated_counts_once_the_clock_ran_out(center: Center, scan: VisitType) -> None:
    rule_out(center, scan, NOON, to_scan=None)
    rule_out(center, scan, NOON, to_told=None)
    rule_out(center, scan, NOON, treatment_owed=True)
    total = asked().total
    assert (total.scan.kept, total.told.kept, total.treated.kept) == (Kept(2, 3), Kept(1, 2), Kept(0, 1))
    assert (total.scan.count, total.told.count, total.treated.count) == (2, 1, 0)
    early = asked(now=NOON + minutes(100)).total
    assert (early.scan.kept, early.told.kept, early.treated.kept) == (Kept(2, 2), Kept(1, 1), Kept(0, 0))


def test_an_amendment_that_is_told_later_does_not_make_the_first_telling_late(center: Center, scan: VisitType) -> None:
    episode = rule_out(center, scan, NOON, to_told=25)
    amended(episode, NOON + timedelta(days=1))
    assert asked().total.told.median == 25


def test_a_missed_step_counts_once_and_is_rescued_when_it_was_done_after_all(center: Center, scan: VisitType) -> None:
    episode = rule_out(center, scan, NOON)
    late_step(episode, NOON, StepStatus.DONE)
    missed = late_step(episode, NOON, StepStatus.MISSED)
    again = late_step(episode, NOON + WEEK, StepStatus.MISSED, succeeds=missed)
    late_step(episode, NOON + 2 * WEEK, StepStatus.DONE, succeeds=again)
    late_step(episode, NOON, StepStatus.ESCALATED)
    late_step(episode, NOON, StepStatus.CANCELLED)
    total = asked(now=NOW + 2 * WEEK).of(week=MONDAY)
    assert (total.missed, total.rescued, total.still_open, total.given_up) == (4, 2, 1, 1)
    assert asked(now=NOW + 2 * WEEK).total.missed == 4


def test_a_step_that_was_done_in_time_is_no_missed_one(center: Center, scan: VisitType) -> None:
    rule_out(center, scan, NOON, to_treated=20)
    assert asked().total.missed == 0


def test_undelivered_texts_are_told_from_those_that_were_withdrawn(center: Center, scan: VisitType) -> None:
    for status in (MessageStatus.DELIVERED, MessageStatus.UNDELIVERED, MessageStatus.FAILED, MessageStatus.EXPIRED):
        text_to(center, scan, status)
    text_to(center, scan, MessageStatus.CANCELLED)
    text_to(center, scan, MessageStatus.SUPPRESSED)
    total = asked().of(center, MONDAY)
    assert (total.texts, total.undelivered) == (4, 3)


def test_a_network_without_a_past_has_empty_figures() -> None:
    make_patient()
    found = turnaround(now=clock.now(), weeks=13)
    assert found.total.empty
    assert found.total.scan.kept.percent is None
    assert found.centers == []
    assert len(found.weeks) == 13
