"""What a paper says of a downtime: the clocks run from when it happened, and nobody's record is overwritten."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import integration_actor
from clinic.errors import Forbidden, Invalid
from clinic.models import Event, Integration, Role, Step, StepKind
from clinic.services.episodes import close_episode
from clinic.services.findings import Finding
from clinic.services.reports import record_preliminary
from scheduling.errors import NotYet
from scheduling.models import Appointment, BackEntry
from scheduling.services import visits
from scheduling.services.back_entry import EpisodeClosed, Happened, enter_back
from tests.factories import set_clock
from tests.invariants import fingerprint
from tests.pages.staff import Ward, open_ward

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

ARRIVED, BEGAN, OVER, BACK = (timedelta(minutes=minutes) for minutes in (-5, 5, 35, 90))


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


@pytest.fixture
def visit(ward: Ward) -> Appointment:
    """A rule-out that was booked before the system went down; it is back ninety minutes after the start."""
    booked = ward.place.booked(13)
    set_clock(booked.starts_at + BACK)
    return booked


def _enter(ward: Ward, visit: Appointment, **spans: timedelta) -> list[BackEntry]:
    at = {what: visit.starts_at + span for what, span in spans.items()}
    happened = Happened(at.get("arrived"), at.get("started"), at.get("completed"))
    return enter_back(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk, happened=happened)


def test_a_whole_visit_is_entered_with_its_own_times_and_the_reading_is_due_by_them(
    ward: Ward, visit: Appointment
) -> None:
    entries = _enter(ward, visit, arrived=ARRIVED, started=BEGAN, completed=OVER)
    now = Appointment.objects.get(pk=visit.pk)
    assert now.status == "completed"
    assert (now.arrived_at, now.started_at, now.completed_at) == tuple(
        visit.starts_at + span for span in (ARRIVED, BEGAN, OVER)
    )
    reading = Step.objects.get(episode=visit.episode, kind=StepKind.READING)
    assert reading.due_at == visit.starts_at + OVER + timedelta(minutes=visit.visit_type.reading_minutes)
    author = ward.people[Role.SONOGRAPHER].pk
    assert [(entry.what, entry.occurred_at - visit.starts_at, entry.author_id) for entry in entries] == [
        ("arrived", ARRIVED, author),
        ("started", BEGAN, author),
        ("completed", OVER, author),
    ]
    assert all(clock.now() - entry.recorded_at < timedelta(minutes=1) for entry in entries)
    told = Event.objects.get(kind="appointment.arrived", subject_id=visit.pk)
    assert told.codes["occurred_at"] == (visit.starts_at + ARRIVED).isoformat()


def test_the_preliminary_written_afterwards_is_of_the_scans_true_end(ward: Ward, visit: Appointment) -> None:
    _enter(ward, visit, arrived=ARRIVED, started=BEGAN, completed=OVER)
    now = Appointment.objects.get(pk=visit.pk)
    assert now.step_id is not None
    assert now.completed_at is not None
    report = record_preliminary(
        ward.actor(Role.SONOGRAPHER),
        step_id=now.step_id,
        finding=Finding(impression="negative", side="left"),
        scan_ended_at=now.completed_at,
    )
    assert report.scan_ended_at == visit.starts_at + OVER


def test_an_arrival_alone_leaves_the_visit_to_go_on_now(ward: Ward, visit: Appointment) -> None:
    _enter(ward, visit, arrived=ARRIVED)
    assert Appointment.objects.get(pk=visit.pk).status == "arrived"
    assert visits.start(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk).status == "in_progress"


@pytest.mark.parametrize(
    ("spans", "field"),
    [
        ({"arrived": BACK + timedelta(hours=1)}, "arrived_at"),
        ({"arrived": -timedelta(days=900)}, "arrived_at"),
        ({"arrived": OVER, "started": BEGAN}, "started_at"),
        ({"completed": OVER}, "completed_at"),
        ({}, "arrived_at"),
    ],
)
def test_times_that_can_not_be_are_refused_by_their_field_and_change_nothing(
    ward: Ward, visit: Appointment, spans: dict[str, timedelta], field: str
) -> None:
    before = fingerprint()
    with pytest.raises(Invalid) as refused:
        _enter(ward, visit, **spans)
    assert set(refused.value.fields) == {field}
    assert fingerprint() == before


def test_what_is_wrong_in_the_last_time_undoes_the_first(ward: Ward, visit: Appointment) -> None:
    before = fingerprint()
    with pytest.raises(Invalid):
        _enter(ward, visit, arrived=ARRIVED, completed=OVER)
    assert fingerprint() == before


def test_a_visit_of_a_later_day_is_another_ones(ward: Ward, visit: Appointment) -> None:
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=visit.starts_at + timedelta(days=1), ends_at=visit.ends_at + timedelta(days=1)
    )
    with pytest.raises(NotYet):
        _enter(ward, visit, arrived=ARRIVED)


def test_another_arrival_than_others_recorded_is_a_managers_to_decide(ward: Ward, visit: Appointment) -> None:
    visits.check_in(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk)
    recorded = Appointment.objects.get(pk=visit.pk).arrived_at
    [entry] = _enter(ward, visit, arrived=ARRIVED)
    assert entry.outcome == "conflict"
    assert Appointment.objects.get(pk=visit.pk).arrived_at == recorded
    assert entry.step is not None
    assert (entry.step.kind, entry.step.owner_role, entry.step.status) == ("decision", "manager", "open")
    assert Event.objects.filter(kind="appointment.contradicted", episode=visit.episode).count() == 1


def test_a_patient_who_came_and_counts_as_not_come_is_a_clinicians(ward: Ward, visit: Appointment) -> None:
    visits.no_show(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk)
    entries = _enter(ward, visit, arrived=ARRIVED)
    assert [entry.step.owner_role for entry in entries if entry.step] == ["clinician"]
    assert Appointment.objects.get(pk=visit.pk).status == "no_show"


def test_the_same_paper_entered_twice_is_entered_once(ward: Ward, visit: Appointment) -> None:
    assert len(_enter(ward, visit, arrived=ARRIVED, started=BEGAN)) == 2
    before = fingerprint()
    assert _enter(ward, visit, arrived=ARRIVED, started=BEGAN) == []
    assert fingerprint() == before


def test_a_contradiction_about_an_episode_that_is_over_is_refused(ward: Ward, visit: Appointment) -> None:
    visits.cancel(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk)
    episode = visit.episode
    assert episode is not None
    close_episode(ward.actor(Role.PHYSICIAN), episode_id=episode.pk, reason="declined")
    with pytest.raises(EpisodeClosed):
        _enter(ward, visit, arrived=ARRIVED)


def test_a_program_answers_for_no_paper(visit: Appointment) -> None:
    program = Integration.objects.create(name="x", digest="x", scopes=["appointments.run"], created_at=clock.now())
    with pytest.raises(Forbidden):
        enter_back(integration_actor(program), appointment_id=visit.pk, happened=Happened(arrived_at=visit.starts_at))


def test_the_page_takes_the_centers_own_time_and_the_api_any_offset(ward: Ward, visit: Appointment) -> None:
    browser = ward.browser(Role.SONOGRAPHER)
    url = f"/staff/visits/{visit.pk}/back-entry/"
    assert url.encode() in browser.get("/staff/downtime/").content
    arrived = visit.starts_at + ARRIVED
    local: datetime = arrived.astimezone(ZoneInfo(visit.center.zone))
    answer = browser.post(url, {"arrived_at": f"{local:%Y-%m-%dT%H:%M}"})
    assert answer.status_code == 302
    assert Appointment.objects.get(pk=visit.pk).arrived_at == arrived
    assert str(ward.people[Role.SONOGRAPHER]).encode() in browser.get(url).content
    body = {"started_at": (visit.starts_at + BEGAN).isoformat()}
    said = browser.post(f"/api/v1/appointments/{visit.pk}/back-entry/", body, content_type="application/json").json()
    assert (said["status"], said["entered"][0]["outcome"]) == ("in_progress", "applied")
