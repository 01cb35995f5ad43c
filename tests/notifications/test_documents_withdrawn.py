"""A document that was on its way when it ceased to be right is not sent again: not to a wrong number, nor as it was."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.models import Report
from clinic.services.referrers import Notice, Office, record_notice, record_referrer
from clinic.services.reports import Finding, amend
from notifications.documents.settling import BETWEEN_JOBS
from notifications.local_carrier.server import LocalCarrier
from tests.kernel import acting
from tests.notifications.documents import FAX, TOKEN, deliveries, owed_step, running_carrier, sends, signed, told

pytestmark = pytest.mark.django_db
CORRECTED = "+13015550188"


@pytest.fixture(autouse=True)
def carrier(settings: LazySettings) -> Iterator[LocalCarrier]:
    """The carrier, of which the product knows."""
    with running_carrier() as running:
        settings.DOCUMENT_CARRIER_URL, settings.DOCUMENT_CARRIER_TOKEN = running.url, TOKEN
        yield running


def _busy(report: Report) -> None:
    """The first job comes to nothing, as the line was busy; the time of the next one comes."""
    told(deliveries(report)[0], "failed", "busy", job=1)
    clock.advance(BETWEEN_JOBS)
    sends()


def test_a_wrong_number_that_was_busy_is_not_dialed_again_once_it_was_corrected() -> None:
    report = signed()
    sends()
    office = Office(name="Dr. Rey", phone="301-555-0150", fax=CORRECTED)
    record_referrer(acting("representative"), episode_id=report.episode_id, office=office)
    _busy(report)
    assert [(row.address, row.status, row.job) for row in deliveries(report)] == [
        (FAX, "cancelled", 2),
        (CORRECTED, "sent", 1),
    ]
    assert deliveries(report)[0].end_code == "corrected"


def test_a_former_version_whose_line_was_busy_is_not_sent_again_once_it_was_amended() -> None:
    report = signed()
    sends()
    finding = Finding(impression="", category="no_dvt_complete", side="left", reason="A word was missing")
    amend(acting("physician"), report_id=report.pk, finding=finding)
    _busy(report)
    assert [(row.version, row.status) for row in deliveries(report)] == [(2, "cancelled"), (3, "sent")]


def _corrected(report: Report) -> None:
    office = Office(name="Dr. Rey", phone="301-555-0150", fax=CORRECTED)
    record_referrer(acting("representative"), episode_id=report.episode_id, office=office)


def test_what_comes_out_at_a_number_that_was_corrected_meanwhile_confirms_nothing() -> None:
    report = signed()
    sends()
    _corrected(report)
    told(deliveries(report)[0], "delivered")
    assert owed_step(report) is not None
    assert [(row.address, row.status) for row in deliveries(report)] == [(FAX, "confirmed"), (CORRECTED, "due")]
    sends()
    told(deliveries(report)[1], "delivered")
    assert owed_step(report) is None


@pytest.mark.parametrize("corrected_first", [True, False])
def test_where_only_a_wrong_number_got_it_and_the_right_one_does_not_answer_a_person_sends_it(
    *, corrected_first: bool
) -> None:
    report = signed()
    sends()
    if corrected_first:
        _corrected(report)
        told(deliveries(report)[0], "delivered")
    else:
        told(deliveries(report)[0], "delivered")
        _corrected(report)
    sends()
    told(deliveries(report)[1], "failed", "number_invalid")
    step = owed_step(report)
    assert step is not None
    assert step.due_at is not None
    assert clock.now() < step.due_at
    record_notice(
        acting("representative"), report_id=report.pk, notice=Notice(how="fax", sent_to=CORRECTED, confirmed_by="Ann")
    )
    assert owed_step(report) is None
