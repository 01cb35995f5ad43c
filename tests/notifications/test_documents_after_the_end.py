"""What an office is owed outlives the episode: with an owner and a time, and found where nobody has it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.models import LIVE_STEP, Report, Step
from clinic.services.episodes import close_episode
from clinic.services.loose_ends import take_up_lost
from clinic.services.referrers import Notice, Office, record_notice, record_referrer
from clinic.watchdog import find_lost
from notifications.local_carrier.server import LocalCarrier
from tests.kernel import acting
from tests.notifications.documents import TOKEN, deliveries, owed_step, running_carrier, sends, signed, states, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def carrier(settings: LazySettings) -> Iterator[LocalCarrier]:
    """The carrier, of which the product knows; it answers at once or after the product's patience."""
    with running_carrier() as running:
        settings.DOCUMENT_CARRIER_URL, settings.DOCUMENT_CARRIER_TOKEN = running.url, TOKEN
        settings.DOCUMENT_CARRIER_TIMEOUT_SECONDS = 0.3
        yield running


def _closed(report: Report, reason: str = "transferred") -> None:
    close_episode(acting("clinician"), episode_id=report.episode_id, reason=reason)


def test_an_episode_that_ends_leaves_what_the_office_is_owed_with_an_owner_and_a_time() -> None:
    report = signed()
    _closed(report)
    step = owed_step(report)
    assert step is not None
    assert (step.owner_role, step.due_at is not None) == ("representative", True)


def test_a_fax_that_fails_after_the_end_is_a_persons_and_soon(carrier: LocalCarrier) -> None:
    report = signed()
    sends()
    Step.objects.filter(episode=report.episode, kind="referrer").delete()
    _closed(report)
    [row] = deliveries(report)
    told(row, "failed", "no_such_number")
    step = owed_step(report)
    assert step is not None
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(minutes=30)


def test_what_arrives_after_the_end_ends_the_step_and_opens_nothing(carrier: LocalCarrier) -> None:
    report = signed()
    sends()
    _closed(report)
    [row] = deliveries(report)
    told(row, "delivered")
    assert owed_step(report) is None
    assert not Step.objects.filter(episode=report.episode, status__in=LIVE_STEP).exists()


def test_a_number_that_is_corrected_after_the_end_is_used(carrier: LocalCarrier) -> None:
    report = signed()
    sends()
    _closed(report)
    [row] = deliveries(report)
    told(row, "failed", "no_such_number")
    office = Office(name="Dr. Rey", phone="301-555-0150", fax="301-555-0177")
    record_referrer(acting("representative"), episode_id=report.episode_id, office=office)
    assert states(report) == [("fax", "failed"), ("fax", "due")]
    sends()
    told(deliveries(report)[1], "delivered")
    assert owed_step(report) is None


def test_of_an_episode_that_was_an_error_nothing_leaves_and_nobody_is_asked() -> None:
    report = signed()
    _closed(report, "duplicate")
    assert states(report) == [("fax", "cancelled")]
    assert sends() == 0
    assert owed_step(report) is None


@pytest.mark.django_db(transaction=True)
def test_the_check_finds_a_report_that_nobody_sends_and_a_manager_has_it(carrier: LocalCarrier) -> None:
    report = signed()
    sends()
    _closed(report)
    [row] = deliveries(report)
    told(row, "failed", "no_such_number")
    assert _lost(report) == []
    Step.objects.filter(episode=report.episode, kind="referrer").update(
        status="cancelled", outcome="lost", ended_at=clock.now()
    )
    clock.advance(timedelta(minutes=11))
    assert _lost(report) == ["office_not_told"]
    take_up_lost()
    taken = Step.objects.get(episode=report.episode, kind="loose_end")
    assert (taken.owner_role, taken.plan_code) == ("manager", "office_not_told")
    notice = Notice(how="fax", sent_to="301-555-0177", confirmed_by="Lena")
    record_notice(acting("representative"), report_id=report.pk, notice=notice)
    assert _lost(report) == []
    take_up_lost()
    taken.refresh_from_db()
    assert (taken.status, taken.outcome) == ("done", "mended")


def _lost(report: Report) -> list[str]:
    return [each.loss.code for each in find_lost() if each.episode_id == report.episode_id]
