"""A study that was made is read, whatever became of the step that it was booked for; and it is read once."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.models import Role, StepKind
from clinic.services.escalation import escalate_overdue
from clinic.services.reports import Finding, record_preliminary
from clinic.services.steps import cancel_step, miss_step
from clinic.watchdog import find_lost
from scheduling.services import visits
from tests.kernel import new_step
from tests.pages.staff import Ward, open_ward
from tests.scheduling.followed import arrived, begun, completed, followed, is_read_and_told, signed, step_of, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


@pytest.mark.parametrize("end", ["cancelled", "missed"])
def test_a_study_is_read_whatever_became_of_its_step(ward: Ward, end: str) -> None:
    visit = ward.place.booked(13)
    step = step_of(visit)
    if end == "missed":
        miss_step(ward.place.actor, step=step, successor=new_step(StepKind.CALLBACK), outcome="not_done")
    else:
        cancel_step(ward.place.actor, step=step, outcome="declined", then=[new_step(StepKind.CALLBACK)])
    sonographer = ward.actor(Role.SONOGRAPHER)
    visits.check_in(sonographer, appointment_id=visit.pk)
    assert step_of(visit).status == "scheduled"
    # And once more, as if it had been ended in the middle by what nobody foresaw.
    cancel_step(ward.place.actor, step=step_of(visit), outcome="declined")
    visits.start(sonographer, appointment_id=visit.pk)
    is_read_and_told(ward, completed(ward, visit))
    assert find_lost() == []


def test_a_study_that_was_signed_while_the_patient_was_here_is_not_read_again(ward: Ward) -> None:
    visit = ward.place.booked(13)
    sonographer = ward.actor(Role.SONOGRAPHER)
    visits.check_in(sonographer, appointment_id=visit.pk)
    visits.start(sonographer, appointment_id=visit.pk)
    seen = Finding(impression="positive", side="left")
    study = record_preliminary(sonographer, step_id=step_of(visit).pk, finding=seen, scan_ended_at=clock.now())
    told(ward, signed(ward, study, "acute_proximal_dvt"))
    completed(ward, visit)
    assert not study.episode.steps.filter(kind="reading").exists()
    assert find_lost() == []


def test_a_scan_that_was_raised_may_be_written_up_while_the_patient_is_here(ward: Ward) -> None:
    visit = begun(ward, arrived(ward, followed(ward)))
    clock.advance(timedelta(hours=6))
    assert escalate_overdue() > 0
    assert step_of(visit).status == "escalated"
    seen = Finding(impression="positive", side="left")
    sonographer = ward.actor(Role.SONOGRAPHER)
    study = record_preliminary(sonographer, step_id=step_of(visit).pk, finding=seen, scan_ended_at=clock.now())
    assert study.episode.steps.filter(kind="telling", status="open").exists()


def test_of_two_studies_each_keeps_its_own_reading(ward: Ward) -> None:
    first = ward.read("negative")
    second = completed(ward, begun(ward, arrived(ward, first)))
    readings = list(first.episode.steps.filter(kind="reading").order_by("id"))
    signed(ward, first, "no_dvt_complete")
    for step in readings:
        step.refresh_from_db()
    assert [step.status for step in readings] == ["done", "open"]
    is_read_and_told(ward, second)
    # Nobody has told the first one yet: a patient who has heard of the second is still owed it.
    assert first.episode.steps.filter(kind="telling", status="open").exists()
    told(ward, first)
    assert not first.episode.steps.filter(kind="telling", status="open").exists()
    assert find_lost() == []


def test_the_reading_of_another_study_does_not_hide_that_nobody_reads_this_one(ward: Ward) -> None:
    first = followed(ward)
    early = completed(ward, begun(ward, arrived(ward, first)))
    late = completed(ward, begun(ward, arrived(ward, first, hour=17)))
    readings = first.episode.steps.filter(kind="reading", status="open")
    assert {step.reads for step in readings} == {step_of(early), step_of(late)}
    readings.filter(reads=step_of(late)).update(status="cancelled", ended_at=clock.now(), outcome="forgotten")
    clock.advance(timedelta(minutes=11))
    lost = [each.subject_id for each in find_lost() if each.loss.code == "scanned_not_read"]
    assert lost == [late.pk]


def test_signing_one_of_two_studies_ends_its_own_reading(ward: Ward) -> None:
    first = followed(ward)
    early = completed(ward, begun(ward, arrived(ward, first)))
    late = completed(ward, begun(ward, arrived(ward, first, hour=17)))
    seen = Finding(impression="negative", side="left")
    sonographer = ward.actor(Role.SONOGRAPHER)
    study = record_preliminary(sonographer, step_id=step_of(late).pk, finding=seen, scan_ended_at=clock.now())
    signed(ward, study, "no_dvt_complete")
    open_ = first.episode.steps.filter(kind="reading", status="open")
    assert [step.reads for step in open_] == [step_of(early)]
