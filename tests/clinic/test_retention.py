"""`manage.py retain`: only what is past its time is erased, all of it, and the run is written down."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from clinic import clock
from clinic.keeping.record import beside, kept
from clinic.keeping.retention import may_go, years_before
from clinic.models import Event, Patient
from clinic.services.retaining import retain
from notifications.models import Inbound
from tests.factories import make_patient, phone_of, set_clock
from tests.invariants import fingerprint
from tests.pages.staff import Ward, open_ward
from triage.models import Draft

DAY = date(2040, 2, 29)


def test_the_years_count_from_the_last_contact_and_a_minors_until_28() -> None:
    long_ago, adult = date(2029, 1, 1), date(1960, 1, 1)
    assert may_go(born=adult, first=long_ago, last=long_ago, on=DAY, years=10)
    assert not may_go(born=adult, first=long_ago, last=date(2030, 3, 1), on=DAY, years=10)
    assert not may_go(born=adult, first=long_ago, last=long_ago, on=DAY, years=12)
    assert not may_go(born=date(2012, 3, 1), first=long_ago, last=long_ago, on=DAY, years=10)
    assert may_go(born=date(2012, 2, 28), first=long_ago, last=long_ago, on=DAY, years=10)
    assert not may_go(born=None, first=long_ago, last=long_ago, on=DAY, years=10)


@given(on=st.dates(date(1990, 1, 1), date(2090, 1, 1)), years=st.integers(10, 60))
def test_a_date_so_many_years_before_is_there_on_every_day(on: date, years: int) -> None:
    assert (on - years_before(on, years)).days // 365 == years


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


def _past(ward: Ward) -> Patient:
    """A patient whose episode was closed, and whom nobody has seen for eleven years."""
    report = ward.read("negative")
    patient = report.episode.patient
    Patient.objects.filter(pk=patient.pk).update(birth_date=date(1960, 1, 1))
    _close(patient)
    Inbound.objects.create(
        provider_sid="SM1", phone=phone_of(patient), body="C", received_at=clock.now(), visit=patient.appointments.get()
    )
    set_clock(clock.now() + timedelta(days=11 * 366))
    return patient


def _close(patient: Patient) -> None:
    """As a signature leaves it, past what a follow-up of months would ask for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clinic_episode SET status = 'closed', closed_at = opened_at, closing_reason = 'ruled_out',"
            " closed_by_id = (SELECT min(id) FROM clinic_staff) WHERE patient_id = %s",
            [patient.pk],
        )
        cursor.execute(
            "UPDATE clinic_step SET status = 'done', ended_at = created_at WHERE ended_at IS NULL AND episode_id IN"
            " (SELECT id FROM clinic_episode WHERE patient_id = %s)",
            [patient.pk],
        )


def _tables_with_rows() -> set[str]:
    models = [table.model for table in kept()] + [model for model, _ in beside()]
    return {model.__name__ for model in models if model._default_manager.exists()}


def test_a_record_past_its_time_goes_whole_and_leaves_only_the_runs_event(ward: Ward) -> None:
    _past(ward)
    had = _tables_with_rows()
    assert {"Patient", "Event", "ReportVersion", "Occupancy", "Inbound"} <= had
    done = retain(years=10, dry_run=False)
    assert (done.records, done.tied, set(done.rows)) == (1, 0, had)
    told = Event.objects.get(kind="retention.ran")
    assert (told.codes["records"], told.codes["years"], told.actor_kind) == (1, 10, "system")
    assert _tables_with_rows() == {"Event"}


def test_a_dry_run_counts_the_same_and_changes_nothing(ward: Ward) -> None:
    _past(ward)
    before = fingerprint()
    counted = retain(years=10, dry_run=True)
    assert fingerprint() == before
    assert retain(years=10, dry_run=False) == counted


def test_an_open_episode_and_a_younger_contact_keep_the_record(ward: Ward) -> None:
    open_one = ward.suspected().patient
    Patient.objects.filter(pk=open_one.pk).update(birth_date=date(1960, 1, 1))
    past = _past(ward)
    make_patient(birth_date=date(1960, 1, 1))
    assert retain(years=10, dry_run=True).records == 1
    assert retain(years=12, dry_run=True).records == 0
    assert retain(years=10, dry_run=False).records == 1
    assert not Patient.objects.filter(pk=past.pk).exists()
    assert Patient.objects.count() == 2


def test_the_tables_are_as_immutable_after_a_run_as_before(ward: Ward) -> None:
    _past(ward)
    retain(years=10, dry_run=False)
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        Event.objects.all().delete()


def test_fewer_years_than_the_law_asks_for_are_refused(ward: Ward) -> None:
    before = fingerprint()
    with pytest.raises(CommandError, match="10 years"):
        call_command("retain", years=9)
    assert fingerprint() == before


def test_what_is_no_part_of_a_record_goes_earlier(ward: Ward) -> None:
    at = clock.now()
    Draft.objects.create(key="6f1c1f0e-7f4c-4a47-9a52-6f3b1a6a0c11", phone="+13015550142", started_at=at, touched_at=at)
    stranger = Inbound.objects.create(provider_sid="SM2", phone="+13015550199", body="wrong number?", received_at=at)
    waits = Inbound.objects.create(
        provider_sid="SM3", phone="+13015550198", body="who is this?", received_at=at, waits_for_person=True
    )
    set_clock(at + timedelta(days=400))
    out = StringIO()
    call_command("retain", years=10, stdout=out)
    assert "\nerased: 1 drafts" in out.getvalue()
    assert not Draft.objects.exists()
    for text, words in ((stranger, ""), (waits, "who is this?")):
        text.refresh_from_db()
        assert text.body == words
