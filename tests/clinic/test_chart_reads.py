"""Each look at a chart is written down; another center's chart takes a reason, and somebody else reviews it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.access import Actor, integration_actor, staff_actor
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import ChartOpening, ChartPage, ChartRead, Event, Integration, Patient, Report, Role, Staff
from clinic.services.charts import OPEN_FOR, BreakGlassNeeded, break_glass, read_chart, review_opening
from clinic.services.referrers import Office, record_referrer
from clinic.services.reports import Finding, finalize
from clinic.services.retaining import retain
from clinic.services.steps import reassign_step
from notifications.models import Delivery
from scheduling.models import Resource, ResourceDay, ResourceKind
from tests.factories import make_center, make_patient, make_staff, set_clock
from tests.pages.staff import Ward
from tests.pages.visitors import words

# Static files are collected by a deployment, not by a test.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]

WHY = "Came to our desk without an appointment."


def _elsewhere(role: str = Role.CLINICIAN) -> Staff:
    """Somebody who works at another center."""
    return make_staff(role, center=make_center())


def _browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def _patient(ward: Ward) -> Patient:
    return ward.place.booked(15).patient  # type: ignore[return-value]


def _signed(ward: Ward) -> Report:
    """A report of an isolated distal clot that is watched."""
    finding = Finding(impression="", category="isolated_distal_dvt", side="left")
    return finalize(ward.actor(Role.PHYSICIAN), report_id=ward.read("positive").pk, finding=finding)


def _look(actor: Actor, patient: Patient) -> None:
    read_chart(actor, patient_id=patient.pk, page=ChartPage.PATIENT)


def test_every_page_of_a_chart_writes_down_who_looked(ward: Ward) -> None:
    report = ward.read()
    patient, episode = report.episode.patient_id, report.episode_id
    visit = report.step.appointments.get()
    step = report.episode.steps.first()
    assert step is not None
    clara = ward.people[Role.CLINICIAN]
    pages = {
        f"/staff/patients/{patient}/": "patient",
        f"/staff/patients/{patient}/texts/": "texts",
        f"/staff/episodes/{episode}/": "episode",
        f"/staff/episodes/{episode}/orders/": "orders",
        f"/staff/episodes/{episode}/decisions/": "decisions",
        f"/staff/episodes/{episode}/follow-up/": "follow_up",
        f"/staff/steps/{step.pk}/": "step",
        f"/staff/visits/{visit.pk}/": "visit",
        f"/staff/results/{report.pk}/": "result",
    }
    for url, page in pages.items():
        assert ward.browser(Role.CLINICIAN).get(url).status_code == 200, url
        read = ChartRead.objects.order_by("-id").first()
        assert read is not None
        assert (read.page, read.patient_id, read.actor_id, read.api) == (page, patient, clara.pk, False), url
    conversation = ward.browser(Role.CLINICIAN).get(f"/staff/patients/{patient}/conversation/", follow=True)
    assert conversation.status_code == 200
    assert ChartRead.objects.filter(page="conversation", patient_id=patient).count() == 1


def test_the_same_looks_over_the_api_are_written_down(ward: Ward) -> None:
    report = ward.read()
    visit = report.step.appointments.get()
    for url in (
        f"/api/v1/episodes/{report.episode_id}/",
        f"/api/v1/episodes/{report.episode_id}/orders/",
        f"/api/v1/appointments/{visit.pk}/",
    ):
        assert ward.browser(Role.PHYSICIAN).get(url).status_code == 200
    pages = ChartRead.objects.filter(api=True, patient_id=report.episode.patient_id).values_list("page", flat=True)
    assert sorted(pages) == ["episode", "orders", "visit"]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("patients/PATIENT/registration/", "patient"),
        ("patients/PATIENT/duplicates/", "patient"),
        ("patients/PATIENT/representatives/", "patient"),
        ("patients/PATIENT/disclosures/", "patient"),
        ("patients/PATIENT/access/", "patient"),
        ("episodes/EPISODE/coverage/", "episode"),
        ("episodes/EPISODE/ways/", "episode"),
        ("episodes/EPISODE/plan/", "follow_up"),
        ("/staff/episodes/EPISODE/ways/", "episode"),
        ("/staff/visits/VISIT/change/", "visit"),
        ("/staff/visits/VISIT/back-entry/", "visit"),
        ("POST conversations/", "conversation"),
        ("POST episodes/EPISODE/plan/", "follow_up"),
    ],
)
def test_wherever_a_chart_shows_the_look_is_written_down_and_another_centers_staff_are_asked_why(
    ward: Ward, path: str, page: str
) -> None:
    report = _signed(ward)
    patient = report.episode.patient_id
    named = {"PATIENT": patient, "EPISODE": report.episode_id, "VISIT": report.step.appointments.get().pk}
    for word, pk in named.items():
        path = path.replace(word, str(pk))
    bodies = {"conversations/": {"patient": patient}, f"episodes/{report.episode_id}/plan/": {"treated": False}}

    def look(browser: Client) -> Any:
        method, _, where = path.rpartition(" ")
        url = where if where.startswith("/") else f"/api/v1/{where}"
        if not method:
            return browser.get(url)
        return browser.post(url, bodies[where], content_type="application/json")

    assert look(_browser(_elsewhere())).status_code in (302, 403)
    assert not ChartRead.objects.exists()
    assert look(ward.browser(Role.CLINICIAN)).status_code == 200
    assert set(ChartRead.objects.values_list("page", "patient_id")) == {(page, patient)}


def test_who_looks_at_a_document_reads_the_chart(ward: Ward, settings: LazySettings) -> None:
    settings.DOCUMENT_CARRIER_URL, settings.DOCUMENT_CARRIER_TOKEN = "http://carrier.invalid", "secret"
    report = _signed(ward)
    office = Office(name="Dr. Example", phone="301-555-0142", fax="301-555-0143")
    record_referrer(ward.actor(Role.CLINICIAN), episode_id=report.episode_id, office=office)
    url = f"/staff/documents/{Delivery.objects.get().pk}/paper/"
    assert _browser(_elsewhere()).get(url).status_code == 302
    assert not ChartRead.objects.exists()
    assert ward.browser(Role.CLINICIAN).get(url).status_code == 200
    assert ChartRead.objects.get().page == "result"


def test_a_program_that_reads_is_named_as_well(ward: Ward) -> None:
    program = Integration.objects.create(name="EHR", digest="0" * 64, scopes=[], created_at=clock.now())
    _look(integration_actor(program), _patient(ward))
    assert ChartRead.objects.get().actor_kind == "integration"


def test_a_look_costs_one_insert_and_staff_of_a_center_one_question(ward: Ward) -> None:
    patient = _patient(ward)
    for actor, most in ((staff_actor(make_staff(Role.PHYSICIAN)), 1), (ward.actor(Role.CLINICIAN), 2)):
        with CaptureQueriesContext(connection) as asked:
            _look(actor, patient)
        assert len([each for each in asked if "clockoffset" not in each["sql"]]) == most


def test_the_log_can_not_be_rewritten(ward: Ward) -> None:
    _look(ward.actor(Role.CLINICIAN), _patient(ward))
    for rewrite in (lambda: ChartRead.objects.update(actor_id=1), lambda: ChartRead.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.CLINICIAN, Role.MANAGER])
def test_staff_of_another_center_see_nothing_without_a_reason(ward: Ward, role: str) -> None:
    patient = _patient(ward)
    answer = _browser(_elsewhere(role)).get(f"/staff/patients/{patient.pk}/")
    assert answer.headers["Location"].startswith(f"/staff/patients/{patient.pk}/open/")
    assert not ChartRead.objects.exists()


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.PHYSICIAN])
def test_who_serves_the_whole_network_is_not_hindered_wherever_they_sit(ward: Ward, role: str) -> None:
    _look(staff_actor(_elsewhere(role)), _patient(ward))
    assert ChartRead.objects.get().opening is None


def test_a_clinician_on_call_for_all_centers_is_not_hindered(ward: Ward) -> None:
    _look(staff_actor(make_staff(Role.CLINICIAN)), _patient(ward))
    assert ChartRead.objects.get().opening is None


def test_the_centers_own_staff_are_not_hindered(ward: Ward) -> None:
    _look(ward.actor(Role.SONOGRAPHER), _patient(ward))
    assert ChartRead.objects.get().opening is None


def test_who_took_a_step_of_the_patient_reads_their_chart(ward: Ward) -> None:
    step = ward.suspected().steps.get()
    other = _elsewhere()
    reassign_step(ward.actor(Role.CLINICIAN), step=step, owner_id=other.pk)
    _look(staff_actor(other), step.episode.patient)
    assert ChartRead.objects.get().opening is None


def test_who_is_lent_to_the_center_today_reads_its_charts(ward: Ward) -> None:
    visit = ward.place.booked(15)
    lent = _elsewhere(Role.SONOGRAPHER)
    assert lent.home_center is not None
    unit = Resource.objects.create(center=lent.home_center, kind=ResourceKind.SONOGRAPHER, name="L", staff=lent)
    ResourceDay.objects.create(
        resource=unit,
        center=visit.center,
        kind=unit.kind,
        on=clock.now().date(),
        origin=clock.now(),
        shift=b"\0" * 38,
        busy=b"\0" * 38,
    )
    _look(staff_actor(lent), visit.patient)  # type: ignore[arg-type]
    assert ChartRead.objects.get().opening is None


def test_an_escalated_step_of_a_center_without_a_manager_is_any_managers(ward: Ward) -> None:
    step = ward.suspected().steps.get()
    reassign_step(ward.actor(Role.CLINICIAN), step=step, owner_role=Role.MANAGER, center_id=step.center_id)
    other = staff_actor(_elsewhere(Role.MANAGER))
    with pytest.raises(BreakGlassNeeded):
        _look(other, step.episode.patient)
    Staff.objects.filter(home_center=step.center, role=Role.MANAGER).update(is_active=False)
    _look(other, step.episode.patient)


def test_who_is_in_no_care_yet_is_everybodys(db: None) -> None:
    _look(staff_actor(_elsewhere()), make_patient())
    assert ChartRead.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "because", "x" * 201])
def test_break_glass_without_a_reason_is_refused_by_field(ward: Ward, reason: str) -> None:
    patient = _patient(ward)
    with pytest.raises(Invalid) as refused:
        break_glass(staff_actor(_elsewhere()), patient_id=patient.pk, reason=reason)
    assert "reason" in refused.value.fields
    page = _browser(_elsewhere()).post(f"/staff/patients/{patient.pk}/open/", {"reason": reason})
    assert page.status_code == 422
    assert not ChartOpening.objects.exists()


def test_a_reason_opens_the_chart_for_a_shift_and_marks_each_look(ward: Ward) -> None:
    patient = _patient(ward)
    browser = _browser(_elsewhere())
    asked = browser.get(f"/staff/patients/{patient.pk}/").headers["Location"]
    assert patient.family_name not in browser.get(asked).content.decode()
    shown = browser.post(asked, {"reason": WHY, "next": f"/staff/patients/{patient.pk}/"}, follow=True)
    assert patient.family_name in shown.content.decode()
    opening = ChartOpening.objects.get()
    assert ChartRead.objects.get().opening == opening
    assert Event.objects.filter(kind="chart.opened", patient=patient).exists()
    assert WHY not in str(Event.objects.get(kind="chart.opened").codes)
    set_clock(clock.now() + OPEN_FOR + timedelta(minutes=1))
    assert browser.get(f"/staff/patients/{patient.pk}/").status_code == 302


def test_the_api_says_what_is_needed_and_opens_the_chart(ward: Ward) -> None:
    report = ward.read()
    browser, url = _browser(_elsewhere()), f"/api/v1/episodes/{report.episode_id}/"
    problem = browser.get(url)
    assert (problem.status_code, problem.json()["code"]) == (403, "break_glass_needed")
    patient = problem.json()["patient"]
    made = browser.post(
        f"/api/v1/patients/{patient}/break-glass/",
        {"reason": WHY},
        content_type="application/json",
        headers={"Idempotency-Key": "open-1"},
    )
    assert made.status_code == 201
    assert browser.get(url).status_code == 200


def test_no_glass_is_broken_where_none_is(ward: Ward) -> None:
    with pytest.raises(Conflict):
        break_glass(ward.actor(Role.CLINICIAN), patient_id=_patient(ward).pk, reason=WHY)
    with pytest.raises(NotFound):
        break_glass(ward.actor(Role.CLINICIAN), patient_id=999_999, reason=WHY)


def test_an_opening_waits_for_somebody_elses_review(ward: Ward) -> None:
    patient = _patient(ward)
    manager = _elsewhere(Role.MANAGER)
    row = break_glass(staff_actor(manager), patient_id=patient.pk, reason=WHY)
    with pytest.raises(Forbidden):
        review_opening(staff_actor(manager), opening_id=row.pk, verdict="justified")
    with pytest.raises(IntegrityError, match="nobody_reviews"), transaction.atomic():
        ChartOpening.objects.update(reviewed_by=manager, reviewed_at=clock.now(), verdict="justified")
    maya = ward.browser(Role.MANAGER)
    listed = maya.get("/staff/chart-reads/openings/")
    assert WHY in words(listed)
    assert "1 opening to review" in words(maya.get("/staff/chart-reads/"))
    maya.post(f"/staff/chart-reads/openings/{row.pk}/", {"verdict": "justified"})
    row.refresh_from_db()
    assert row.reviewed_by == ward.people[Role.MANAGER]
    with pytest.raises(Conflict):
        review_opening(ward.actor(Role.MANAGER), opening_id=row.pk, verdict="justified")


def test_what_was_not_justified_says_what_follows(ward: Ward) -> None:
    row = break_glass(staff_actor(_elsewhere()), patient_id=_patient(ward).pk, reason=WHY)
    with pytest.raises(Invalid) as refused:
        review_opening(ward.actor(Role.MANAGER), opening_id=row.pk, verdict="not_justified")
    assert "note" in refused.value.fields


def test_the_log_is_looked_through_by_patient_and_by_person(ward: Ward) -> None:
    patient, other = _patient(ward), ward.suspected().patient
    _look(ward.actor(Role.CLINICIAN), patient)
    _look(ward.actor(Role.SONOGRAPHER), other)
    maya = ward.browser(Role.MANAGER)
    found = maya.post("/staff/chart-reads/", {"by": "patient", "phone": patient.phone})
    assert f"?patient={patient.pk}" in found.content.decode()
    by_patient = maya.get(f"/staff/chart-reads/?patient={patient.pk}").context["looks"]
    assert [look.who for look in by_patient] == [str(ward.people[Role.CLINICIAN])]
    sonographer = ward.people[Role.SONOGRAPHER]
    by_person = maya.get(f"/staff/chart-reads/?person={sonographer.pk}").context["looks"]
    assert [look.read.patient_id for look in by_person] == [other.pk]
    answer = ward.browser(Role.ADMINISTRATOR).get(f"/api/v1/chart-reads/?staff={sonographer.pk}")
    assert [each["patient"] for each in answer.json()["results"]] == [other.pk]


def test_looks_older_than_six_years_are_erased_and_younger_ones_are_not(ward: Ward) -> None:
    patient = _patient(ward)
    _look(ward.actor(Role.CLINICIAN), patient)
    set_clock(clock.now() + timedelta(days=6 * 366 + 1))
    _look(ward.actor(Role.CLINICIAN), patient)
    retain(years=10, dry_run=False)
    assert ChartRead.objects.count() == 1
