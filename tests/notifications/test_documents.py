"""A signed report reaches the office that referred: once, confirmed, or a person sends it."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import ReferrerNotice
from clinic.services.referrers import Office, owed_ways, record_referrer
from clinic.services.reports import Finding, amend
from notifications.documents import reconciling
from notifications.documents.owing import OnItsWay, send_again
from notifications.documents.report_sheet import document_of
from notifications.documents.settling import BETWEEN_JOBS, MOST_JOBS
from notifications.local_carrier.server import LocalCarrier
from notifications.models import Delivery
from tests.kernel import acting
from tests.notifications.documents import (
    DIRECT,
    FAX,
    TOKEN,
    arrived,
    asks,
    deliveries,
    owed_step,
    plan,
    referred,
    running_carrier,
    sends,
    signed,
    states,
    told,
)
from tests.outage import eventually

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def carrier(settings: LazySettings) -> Iterator[LocalCarrier]:
    """The carrier, of which the product knows; it answers at once or after the product's patience."""
    with running_carrier() as running:
        settings.DOCUMENT_CARRIER_URL, settings.DOCUMENT_CARRIER_TOKEN = running.url, TOKEN
        settings.DOCUMENT_CARRIER_TIMEOUT_SECONDS = 0.3
        yield running


def test_a_signed_report_is_faxed_once_and_its_confirmation_ends_the_step(carrier: LocalCarrier) -> None:
    report = signed()
    assert states(report) == [("fax", "due")]
    assert sends() == 1
    [row] = deliveries(report)
    assert row.status == "sent"
    eventually(lambda: len(arrived(carrier)) == 1)
    told(row, "delivered")
    assert states(report) == [("fax", "confirmed")]
    assert owed_step(report) is None
    assert sends() == 0
    [notice] = ReferrerNotice.objects.filter(report=report)
    assert (notice.how, notice.sent_to, notice.confirmed, notice.by) == ("fax", FAX, True, None)


def test_nothing_unsigned_leaves(carrier: LocalCarrier) -> None:
    report = referred()
    assert sends() == 0
    assert states(report) == []


def test_a_positive_result_is_still_told_by_voice() -> None:
    report = signed("acute_proximal_dvt")
    sends()
    told(deliveries(report)[0], "delivered")
    assert owed_ways(report) == ["voice"]
    step = owed_step(report)
    assert step is not None
    assert step.owner_role == "clinician"


def test_a_direct_message_goes_before_a_fax_and_a_fax_where_there_is_no_such_mailbox(carrier: LocalCarrier) -> None:
    report = signed(direct_address=DIRECT)
    assert states(report) == [("direct", "due")]
    plan(carrier, "refuse:address_unknown")
    sends()
    assert states(report) == [("direct", "failed"), ("fax", "sent")]


def test_what_arrived_by_direct_after_all_does_not_lie_in_the_tray_of_a_fax_as_well(carrier: LocalCarrier) -> None:
    report = signed(direct_address=DIRECT)
    sends()
    [direct] = deliveries(report)
    told(direct, "failed", "address_unknown")
    assert states(report) == [("direct", "failed"), ("fax", "due")]
    told(direct, "delivered")
    sends()
    assert states(report) == [("direct", "confirmed"), ("fax", "cancelled")]
    assert owed_step(report) is None


def test_where_every_way_fails_a_person_sends_it_soon(carrier: LocalCarrier) -> None:
    report = signed()
    plan(carrier, "refuse:number_invalid")
    sends()
    assert states(report) == [("fax", "failed")]
    step = owed_step(report)
    assert step is not None
    assert step.due_at is not None
    assert step.due_at - clock.now() <= timedelta(minutes=10)


def test_a_busy_line_is_tried_again_by_another_job_and_then_is_a_persons() -> None:
    report = signed()
    keys = set()
    for job in range(1, MOST_JOBS + 1):
        sends()
        [row] = deliveries(report)
        keys.add(row.job_key)
        told(row, "failed", "busy", job=job)
        clock.advance(BETWEEN_JOBS * job)
    assert len(keys) == MOST_JOBS
    assert states(report) == [("fax", "failed")]
    assert owed_step(report) is not None


def test_an_amended_report_is_sent_anew_and_the_former_one_stays_where_it_has_not_left() -> None:
    report = signed()
    amended = Finding(impression="", category="no_dvt_complete", side="left", reason="A word was missing")
    amend(acting("physician"), report_id=report.pk, finding=amended)
    assert [(row.version, row.status) for row in deliveries(report)] == [(2, "cancelled"), (3, "due")]
    sends()
    told(deliveries(report)[1], "delivered")
    assert owed_step(report) is None


def test_a_former_version_that_arrives_late_does_not_end_what_the_amendment_owes() -> None:
    report = signed()
    sends()
    amended = Finding(impression="", category="no_dvt_complete", side="left", reason="A word was missing")
    amend(acting("physician"), report_id=report.pk, finding=amended)
    told(deliveries(report)[0], "delivered")
    assert owed_ways(report) == ["report"]
    assert owed_step(report) is not None


def test_a_corrected_number_gets_what_has_not_left_to_the_wrong_one() -> None:
    report = signed()
    office = Office(name="Dr. Rey", phone="301-555-0150", fax="301-555-0188")
    record_referrer(acting("representative"), episode_id=report.episode_id, office=office)
    assert [(row.address, row.status) for row in deliveries(report)] == [(FAX, "cancelled"), ("+13015550188", "due")]


def test_an_office_without_fax_or_mailbox_is_a_persons_from_the_start() -> None:
    report = signed(fax="")
    assert states(report) == []
    assert owed_step(report) is not None


def test_without_a_carrier_a_person_sends_it(settings: LazySettings) -> None:
    settings.DOCUMENT_CARRIER_URL = ""
    report = signed()
    assert states(report) == []
    assert owed_step(report) is not None


@pytest.mark.parametrize("fault", ["hang_after:2", "reset_after", "500_after"])
def test_an_answer_that_was_lost_is_asked_about_and_never_sent_twice(carrier: LocalCarrier, fault: str) -> None:
    report = signed()
    plan(carrier, fault)
    sends()
    assert states(report) == [("fax", "unknown")]
    asks(report)
    eventually(lambda: len(arrived(carrier)) == 1)
    asks(report)
    assert states(report) == [("fax", "confirmed")]
    assert [job.arrived for job in carrier.jobs.all()] == [1]


@pytest.mark.parametrize("fault", ["hang_before:2", "reset_before", "500"])
def test_what_never_got_there_is_sent_again_under_the_same_key(
    carrier: LocalCarrier, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = signed()
    plan(carrier, fault)
    sends()
    asks(report)
    assert states(report) == [("fax", "unknown")], "it may yet appear"
    monkeypatch.setattr(reconciling, "ABSENT_AFTER", timedelta())
    asks(report)
    sends()
    assert states(report) == [("fax", "sent")]
    [job] = carrier.jobs.all()
    assert job.key == deliveries(report)[0].job_key


def test_a_job_that_is_created_after_it_was_given_up_is_still_one_job(
    carrier: LocalCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = signed()
    plan(carrier, "late_create:0.6")
    sends()
    monkeypatch.setattr(reconciling, "ABSENT_AFTER", timedelta())
    asks(report)
    sends()
    eventually(lambda: len(arrived(carrier)) == 1)
    assert [job.key for job in carrier.jobs.all()] == [deliveries(report)[0].job_key]


@pytest.mark.parametrize(
    "receipts", list(itertools.permutations([("queued", ""), ("failed", "busy"), ("delivered", "")]))
)
def test_receipts_come_to_the_same_in_every_order_and_however_often(receipts: tuple[tuple[str, str], ...]) -> None:
    report = signed()
    sends()
    [row] = deliveries(report)
    for status, code in [each for each in receipts for _ in range(2)]:
        told(row, status, code, job=1)
    assert states(report) == [("fax", "confirmed")]
    assert ReferrerNotice.objects.filter(report=report).count() == 1


def test_a_receipt_that_is_faster_than_the_answer_counts(carrier: LocalCarrier) -> None:
    report = signed()
    plan(carrier, "hang_after:2")
    sends()
    told(deliveries(report)[0], "delivered")
    assert states(report) == [("fax", "confirmed")]
    asks(report)
    assert states(report) == [("fax", "confirmed")]


def test_a_receipt_that_never_comes_is_asked_for(carrier: LocalCarrier) -> None:
    report = signed()
    plan(carrier, "drop")
    sends()
    eventually(lambda: len(arrived(carrier)) == 1)
    asks(report)
    assert states(report) == [("fax", "confirmed")]


def test_staff_have_it_sent_again_but_not_beside_itself(carrier: LocalCarrier) -> None:
    report = signed()
    plan(carrier, "refuse:number_invalid")
    sends()
    [row] = deliveries(report)
    again = send_again(acting("representative"), delivery_id=row.pk)
    assert (again.status, again.version) == ("due", row.version)
    with pytest.raises(OnItsWay):
        send_again(acting("representative"), delivery_id=row.pk)
    sends()
    assert states(report) == [("fax", "failed"), ("fax", "sent")]


def test_who_may_not_tell_offices_may_not_send_to_them() -> None:
    report = signed()
    with pytest.raises(Forbidden):
        send_again(acting("sonographer"), delivery_id=deliveries(report)[0].pk)


def test_what_is_taken_out_of_the_record_of_offices_is_sent_nowhere() -> None:
    report = signed()
    office = Office(name="Dr. Rey", phone="301-555-0150")
    record_referrer(acting("representative"), episode_id=report.episode_id, office=office)
    with pytest.raises(Conflict) as refused:
        send_again(acting("representative"), delivery_id=deliveries(report)[0].pk)
    assert refused.value.code == "no_way"


def test_a_version_is_the_same_bytes_each_time_and_another_version_is_not() -> None:
    report = signed()
    [row] = deliveries(report)
    assert document_of(row) == document_of(row)
    amended = Finding(impression="", category="no_dvt_limited", side="left", reason="The calf was not seen")
    amend(acting("physician"), report_id=report.pk, finding=amended)
    former, present = deliveries(report)
    assert document_of(former) != document_of(present)


@pytest.mark.parametrize("address", ["records", "records@practice", "a b@practice.example", "@practice.example"])
def test_what_is_no_direct_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid) as refused:
        referred(direct_address=address)
    assert list(refused.value.fields) == ["direct_address"]


def test_two_workers_send_a_document_once(carrier: LocalCarrier) -> None:
    report = signed()
    row = deliveries(report)[0]
    Delivery.objects.filter(pk=row.pk).update(status="sending", claimed_at=clock.real_now())
    assert sends() == 0
    assert carrier.jobs.all() == []
