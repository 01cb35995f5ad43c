"""What the paper of a downtime says of a result: clocks run from when it happened, nobody's record is overwritten."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import integration_actor
from clinic.errors import Forbidden, Invalid
from clinic.models import Event, Integration, PaperEntry, Report, Role, Step, StepKind
from clinic.services.findings import Finding
from clinic.services.papers import enter_call, enter_preliminary
from clinic.services.reports import finalize, record_preliminary
from clinic.services.telling import Call
from clinic.services.wet_reads import Spoken, record_wet_read
from scheduling.models import Appointment
from scheduling.services.back_entry import Happened, enter_back
from tests.factories import set_clock
from tests.invariants import fingerprint
from tests.pages.staff import Ward, open_ward

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

OVER, WRITTEN, READ, SPOKEN, BACK = (timedelta(minutes=minutes) for minutes in (35, 40, 50, 55, 120))
POSITIVE = Finding(impression="positive", side="left")
TOLD = Call(audience="patient", outcome="reached", told_to="Ana", read_back=True, in_person=True)
IN_VAIN = Call(audience="patient", outcome="no_answer")


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


@pytest.fixture
def visit(ward: Ward) -> Appointment:
    """A scan that was done on paper; the system is back two hours after its start."""
    booked = ward.place.booked(13)
    set_clock(booked.starts_at + BACK)
    arrived, started, over = (booked.starts_at + timedelta(minutes=minutes) for minutes in (-5, 5, 35))
    happened = Happened(arrived, started, over)
    enter_back(ward.actor(Role.SONOGRAPHER), appointment_id=booked.pk, happened=happened)
    return Appointment.objects.get(pk=booked.pk)


def _report(visit: Appointment) -> Report:
    assert visit.step_id is not None
    return Report.objects.get(step_id=visit.step_id)


def _preliminary(ward: Ward, visit: Appointment, finding: Finding = POSITIVE) -> PaperEntry | None:
    assert visit.step_id is not None
    assert visit.completed_at is not None
    return enter_preliminary(
        ward.actor(Role.SONOGRAPHER),
        step_id=visit.step_id,
        finding=finding,
        scan_ended_at=visit.completed_at,
        occurred_at=visit.starts_at + WRITTEN,
    )


def _read(ward: Ward, report: Report, at: timedelta = READ, category: str = "acute_proximal_dvt") -> None:
    spoken_at = report.scan_ended_at - OVER + at
    spoken = Spoken(category=category, told_to="Dr. Test", read_back=True, spoken_at=spoken_at)
    record_wet_read(ward.actor(Role.PHYSICIAN), report_id=report.pk, spoken=spoken)


def _call(ward: Ward, visit: Appointment, call: Call = TOLD, at: timedelta = SPOKEN) -> PaperEntry | None:
    report = _report(visit)
    return enter_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call, occurred_at=visit.starts_at + at)


def test_a_preliminary_from_paper_starts_the_clock_of_the_telling_when_it_was_written(
    ward: Ward, visit: Appointment
) -> None:
    entry = _preliminary(ward, visit)
    assert entry is not None
    assert (entry.outcome, entry.occurred_at) == ("applied", visit.starts_at + WRITTEN)
    assert (entry.author_id, clock.now() - entry.recorded_at < timedelta(minutes=1)) == (
        ward.people[Role.SONOGRAPHER].pk,
        True,
    )
    [version] = entry.report.versions.all()
    assert version.at == visit.starts_at + WRITTEN
    assert version.recorded_at is not None
    assert timedelta() <= entry.recorded_at - version.recorded_at < timedelta(minutes=1)
    telling = Step.objects.get(episode=visit.episode, kind=StepKind.TELLING)
    assert telling.due_at == visit.starts_at + OVER + timedelta(hours=1)


def test_a_call_from_paper_tells_the_patient_when_it_was_spoken(ward: Ward, visit: Appointment) -> None:
    _preliminary(ward, visit)
    report = _report(visit)
    _read(ward, report)
    entry = _call(ward, visit)
    assert entry is not None
    assert entry.call is not None
    assert entry.call.at == visit.starts_at + SPOKEN
    assert entry.call.recorded_at is not None
    assert timedelta() <= entry.recorded_at - entry.call.recorded_at < timedelta(minutes=1)
    report.refresh_from_db()
    assert report.patient_told_at == visit.starts_at + SPOKEN
    assert report.clinician_told_at == visit.starts_at + READ
    assert not Step.objects.filter(episode=visit.episode, kind=StepKind.TELLING, status="open").exists()


def test_calls_in_vain_from_paper_count_with_their_own_times(ward: Ward, visit: Appointment) -> None:
    _preliminary(ward, visit)
    _call(ward, visit, IN_VAIN)
    report = _report(visit)
    assert [call.at for call in report.calls.all()] == [visit.starts_at + SPOKEN]
    assert report.patient_told_at is None


def test_the_same_paper_entered_twice_is_entered_once(ward: Ward, visit: Appointment) -> None:
    _preliminary(ward, visit)
    _read(ward, _report(visit))
    _call(ward, visit)
    before = fingerprint()
    assert _preliminary(ward, visit) is None
    assert _call(ward, visit) is None
    assert fingerprint() == before


def test_another_finding_than_others_recorded_is_a_clinicians_to_decide(ward: Ward, visit: Appointment) -> None:
    assert visit.step_id is not None
    assert visit.completed_at is not None
    report = record_preliminary(
        ward.actor(Role.SONOGRAPHER),
        step_id=visit.step_id,
        finding=Finding(impression="negative", side="left"),
        scan_ended_at=visit.completed_at,
    )
    entry = _preliminary(ward, visit)
    assert entry is not None
    assert entry.step is not None
    assert (entry.outcome, entry.step.kind, entry.step.owner_role) == ("conflict", "decision", "clinician")
    assert entry.said == {"impression": "positive", "side": "left"}
    report.refresh_from_db()
    assert report.impression == "negative"
    assert Event.objects.filter(kind="report.contradicted", episode=visit.episode).count() == 1
    assert _preliminary(ward, visit) == entry, "the same paper asks nobody anew"


@pytest.mark.parametrize("read_at", [None, timedelta(minutes=70)])
def test_who_was_told_before_anybody_had_read_it_does_not_count_as_told(
    ward: Ward, visit: Appointment, read_at: timedelta | None
) -> None:
    _preliminary(ward, visit)
    report = _report(visit)
    if read_at is not None:
        _read(ward, report, read_at)
    entry = _call(ward, visit)
    assert entry is not None
    assert entry.outcome == "conflict"
    report.refresh_from_db()
    assert report.patient_told_at is None
    assert report.calls.count() == 0


def test_who_was_told_what_no_longer_holds_is_told_anew(ward: Ward, visit: Appointment) -> None:
    _preliminary(ward, visit)
    report = _report(visit)
    _read(ward, report)
    finding = Finding(impression="", category="isolated_distal_dvt", side="left")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    entry = _call(ward, visit)
    assert entry is not None
    assert entry.outcome == "conflict"
    assert Step.objects.filter(episode=visit.episode, kind=StepKind.TELLING, status="open").exists()


def test_another_end_of_the_same_call_is_a_clinicians_to_decide(ward: Ward, visit: Appointment) -> None:
    _preliminary(ward, visit)
    _call(ward, visit, IN_VAIN)
    _read(ward, _report(visit))
    entry = _call(ward, visit)
    assert entry is not None
    assert entry.outcome == "conflict"


@pytest.mark.parametrize("at", [BACK + timedelta(hours=1), timedelta(minutes=20)])
def test_times_that_can_not_be_are_refused_by_their_field_and_change_nothing(
    ward: Ward, visit: Appointment, at: timedelta
) -> None:
    _preliminary(ward, visit)
    calls = _report(visit).calls
    with pytest.raises(Invalid) as refused:
        _call(ward, visit, IN_VAIN, at)
    assert set(refused.value.fields) == {"occurred_at"}
    assert calls.count() == 0


def test_a_program_answers_for_no_paper(ward: Ward, visit: Appointment) -> None:
    scopes = ["reports.preliminary", "results.tell"]
    program = Integration.objects.create(name="x", digest="x", scopes=scopes, created_at=clock.now())
    assert visit.step_id is not None
    assert visit.completed_at is not None
    with pytest.raises(Forbidden):
        enter_preliminary(
            integration_actor(program),
            step_id=visit.step_id,
            finding=POSITIVE,
            scan_ended_at=visit.completed_at,
            occurred_at=visit.starts_at + WRITTEN,
        )


def test_page_and_api_take_the_paper(ward: Ward, visit: Appointment) -> None:
    url = f"/staff/visits/{visit.pk}/back-entry/"
    written = visit.starts_at + WRITTEN
    local = written.astimezone(ZoneInfo(visit.center.zone))
    form = {"occurred_at": f"{local:%Y-%m-%dT%H:%M}", "impression": "positive", "side": "left"}
    assert ward.browser(Role.SONOGRAPHER).post(f"{url}preliminary/", form).status_code == 302
    report = _report(visit)
    assert report.versions.get().at == written.replace(second=0, microsecond=0)
    body = {
        "occurred_at": (visit.starts_at + SPOKEN).isoformat(),
        "audience": "patient",
        "outcome": "no_answer",
    }
    clinician = ward.browser(Role.CLINICIAN)
    path = f"/api/v1/results/{report.pk}/calls/back-entry/"
    said = clinician.post(path, body, content_type="application/json").json()
    assert (said["entered"]["kind"], said["entered"]["outcome"]) == ("call", "applied")
    shown = clinician.get(url).content.decode()
    assert "Preliminary" in shown
    assert "Call about the result" in shown
