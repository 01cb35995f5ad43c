"""Nobody goes home by default: who releases, which number is verified, and what must have been said."""

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import DomainError, Invalid
from clinic.models import Event, Report
from clinic.services.departures import ClinicianReleases, Leaving, LeftAlready, record_departure
from clinic.services.reports import Finding, finalize, record_preliminary
from tests.kernel import acting, make_episode, make_scan, make_wet_read

pytestmark = pytest.mark.django_db
TOLD = ("danger_signs", "whom_to_call")


def _report(impression: str) -> Report:
    scan = make_scan(SYSTEM, make_episode(SYSTEM))
    finding = Finding(impression=impression, side="left")
    return record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())


def _leave(role: str, report: Report, **changes: object) -> None:
    values: dict[str, object] = {"callback_phone": report.episode.patient.phone, "instructions": TOLD}
    record_departure(acting(role), report_id=report.pk, leaving=Leaving(**(values | changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("impression", ["positive", "suspicious", "non_diagnostic"])
def test_what_is_not_clear_takes_a_clinicians_release(impression: str) -> None:
    report = _report(impression)
    with pytest.raises(ClinicianReleases):
        _leave("sonographer", report)
    assert not hasattr(Report.objects.get(pk=report.pk), "departure")
    _leave("clinician", report)
    assert Report.objects.get(pk=report.pk).departure.instructions == list(TOLD)


def test_after_a_clear_scan_the_sonographer_releases() -> None:
    report = _report("negative")
    _leave("sonographer", report)
    assert Report.objects.get(pk=report.pk).departure.callback_phone == report.episode.patient.phone


def test_a_wet_read_that_is_not_clear_outweighs_a_clear_preliminary() -> None:
    report = _report("negative")
    make_wet_read(report, category="isolated_distal_dvt")
    with pytest.raises(ClinicianReleases):
        _leave("sonographer", report)


def test_a_clear_signature_outweighs_a_suspicion() -> None:
    report = _report("suspicious")
    finding = Finding(impression="", category="no_dvt_complete", side="left")
    finalize(acting("physician"), report_id=report.pk, finding=finding)
    _leave("sonographer", report)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"callback_phone": "12"}, "callback_phone"),
        ({"callback_phone": ""}, "callback_phone"),
        ({"instructions": ("danger_signs",)}, "instructions"),
        ({"instructions": (*TOLD, "smile")}, "instructions"),
    ],
)
def test_without_a_number_or_the_words_nobody_leaves(changes: dict[str, object], field: str) -> None:
    report = _report("negative")
    with pytest.raises(Invalid) as refused:
        _leave("sonographer", report, **changes)
    assert field in refused.value.fields


def test_a_corrected_number_is_where_later_calls_go() -> None:
    report = _report("negative")
    _leave("sonographer", report, callback_phone="301-555-0177")
    report.episode.patient.refresh_from_db()
    assert report.episode.patient.phone == "+13015550177"
    assert Event.objects.filter(kind="patient.phone_changed").count() == 1


def test_a_patient_leaves_once() -> None:
    report = _report("negative")
    _leave("sonographer", report)
    with pytest.raises(LeftAlready):
        _leave("sonographer", report)


def test_a_refused_release_is_an_event() -> None:
    report = _report("positive")
    with pytest.raises(DomainError):
        _leave("representative", report)
    [event] = Event.objects.filter(kind="report.refused")
    assert (event.codes["action"], event.codes["code"]) == ("departure", "clinician_releases")
