"""A result that was told by phone while the system was down: two identifiers stand on the paper, and in the log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic import clock
from clinic.models import Disclosure, IdentityCheck, PaperEntry, Patient, Report, Role, Step, StepKind
from clinic.selectors.identity import check_in_force, identity_state
from clinic.services.findings import Finding
from clinic.services.identifying import NotIdentified, Said, check_identity
from clinic.services.papers import enter_call, enter_preliminary
from clinic.services.telling import Call
from clinic.services.wet_reads import Spoken, record_wet_read
from scheduling.models import Appointment
from scheduling.services.back_entry import Happened, enter_back
from tests.factories import phone_of, set_clock
from tests.invariants import fingerprint
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

SPOKEN, BACK = timedelta(minutes=55), timedelta(minutes=120)


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


@pytest.fixture
def visit(ward: Ward) -> Appointment:
    """A positive scan on paper, read by voice; the system is back two hours after its start."""
    booked = ward.place.booked(13)
    at = booked.starts_at
    set_clock(at + BACK)
    enter_back(
        ward.actor(Role.SONOGRAPHER),
        appointment_id=booked.pk,
        happened=Happened(at - timedelta(minutes=5), at + timedelta(minutes=5), at + timedelta(minutes=35)),
    )
    visit = Appointment.objects.get(pk=booked.pk)
    assert visit.step_id is not None
    assert visit.completed_at is not None
    enter_preliminary(
        ward.actor(Role.SONOGRAPHER),
        step_id=visit.step_id,
        finding=Finding(impression="positive", side="left"),
        scan_ended_at=visit.completed_at,
        occurred_at=at + timedelta(minutes=40),
    )
    spoken = Spoken(
        category="acute_proximal_dvt", told_to="Dr. Test", read_back=True, spoken_at=at + timedelta(minutes=50)
    )
    record_wet_read(ward.actor(Role.PHYSICIAN), report_id=_report(visit).pk, spoken=spoken)
    return visit


def _report(visit: Appointment) -> Report:
    assert visit.step_id is not None
    return Report.objects.get(step_id=visit.step_id)


def _patient(visit: Appointment) -> Patient:
    assert visit.patient is not None
    return visit.patient


def _right(visit: Appointment) -> Said:
    patient = _patient(visit)
    return Said(name=str(patient), phone=phone_of(patient))


def _told(visit: Appointment, said: Said | None, **changes: object) -> Call:
    call = Call(audience="patient", outcome="reached", told_to=str(_patient(visit)), read_back=True, identifiers=said)
    return replace(call, **changes)  # type: ignore[arg-type]


def _enter(ward: Ward, visit: Appointment, call: Call) -> PaperEntry | None:
    clara = ward.actor(Role.CLINICIAN)
    return enter_call(clara, report_id=_report(visit).pk, call=call, occurred_at=visit.starts_at + SPOKEN)


def test_the_disclosure_is_logged_with_both_times_its_author_and_what_was_checked_on_paper(
    ward: Ward, visit: Appointment
) -> None:
    entry = _enter(ward, visit, _told(visit, _right(visit)))
    assert entry is not None
    assert (entry.outcome, entry.author) == ("applied", ward.people[Role.CLINICIAN])
    assert entry.said["identifiers"] == ["name", "phone"]
    disclosure = Disclosure.objects.get(report=_report(visit), ground="self")
    assert (disclosure.at, disclosure.way, disclosure.by) == (
        visit.starts_at + SPOKEN,
        "phone",
        ward.people[Role.CLINICIAN],
    )
    assert disclosure.recorded_at is not None
    assert clock.now() - disclosure.recorded_at < timedelta(minutes=1)
    assert entry.call is not None
    check = entry.call.identity_check
    assert check is not None
    assert (check.at, check.matched, check.passed) == (visit.starts_at + SPOKEN, ["name", "phone"], True)
    assert check.recorded_at is not None


def test_a_paper_that_names_no_identifiers_is_refused_and_a_check_of_today_does_not_serve(
    ward: Ward, visit: Appointment
) -> None:
    check_identity(ward.actor(Role.CLINICIAN), patient_id=_patient(visit).pk, said=_right(visit))
    before = fingerprint()
    with pytest.raises(NotIdentified) as refused:
        _enter(ward, visit, _told(visit, None))
    assert "identifiers" in refused.value.fields
    assert {name for name in before if before[name] != fingerprint()[name]} <= {"clinic_event"}
    assert not Disclosure.objects.filter(report=_report(visit), ground="self").exists()


def test_identifiers_that_are_not_theirs_become_a_clinicians_step_and_nobody_counts_as_told(
    ward: Ward, visit: Appointment
) -> None:
    entry = _enter(ward, visit, _told(visit, replace(_right(visit), name="Nobody Known")))
    assert entry is not None
    assert entry.outcome == "conflict"
    assert entry.step == Step.objects.get(episode=visit.episode, kind=StepKind.DECISION, status="open")
    assert _report(visit).patient_told_at is None
    assert not Disclosure.objects.filter(report=_report(visit), ground="self").exists()
    # Nobody tried it on the phone now: the phone is not a step nearer to being closed.
    assert identity_state(_patient(visit)).failures == 0


def test_a_phone_that_is_closed_now_does_not_concern_a_call_that_was_made_before(
    ward: Ward, visit: Appointment
) -> None:
    clara = ward.actor(Role.CLINICIAN)
    for _ in range(3):
        check_identity(clara, patient_id=_patient(visit).pk, said=replace(_right(visit), name="Nobody Known"))
    entry = _enter(ward, visit, _told(visit, _right(visit)))
    assert entry is not None
    assert entry.outcome == "applied"
    assert identity_state(_patient(visit)).locked


def test_a_check_from_paper_lets_nobody_be_told_on_a_call_of_now(ward: Ward, visit: Appointment) -> None:
    set_clock(visit.starts_at + BACK)
    clara = ward.actor(Role.CLINICIAN)
    call = _told(visit, _right(visit))
    enter_call(clara, report_id=_report(visit).pk, call=call, occurred_at=clock.now() - timedelta(minutes=5))
    assert IdentityCheck.objects.get().passed
    assert check_in_force(_patient(visit), by=ward.people[Role.CLINICIAN].pk) is None
