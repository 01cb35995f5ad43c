"""Each look at a chart is written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.access import integration_actor, staff_actor
from clinic.models import ChartRead, Integration, Role
from clinic.services.referrers import Office, record_referrer
from clinic.services.retaining import retain
from notifications.models import Delivery
from tests.clinic.charts import browser_of, from_elsewhere, look, patient_booked, signed_report
from tests.factories import make_staff, set_clock
from tests.pages.staff import Ward

# Static files are collected by a deployment, not by a test.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


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
    report = signed_report(ward)
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

    assert look(browser_of(from_elsewhere())).status_code in (302, 403)
    assert not ChartRead.objects.exists()
    assert look(ward.browser(Role.CLINICIAN)).status_code == 200
    assert set(ChartRead.objects.values_list("page", "patient_id")) == {(page, patient)}


def test_who_looks_at_a_document_reads_the_chart(ward: Ward, settings: LazySettings) -> None:
    settings.DOCUMENT_CARRIER_URL, settings.DOCUMENT_CARRIER_TOKEN = "http://carrier.invalid", "secret"
    report = signed_report(ward)
    office = Office(name="Dr. Example", phone="301-555-0142", fax="301-555-0143")
    record_referrer(ward.actor(Role.CLINICIAN), episode_id=report.episode_id, office=office)
    url = f"/staff/documents/{Delivery.objects.get().pk}/paper/"
    assert browser_of(from_elsewhere()).get(url).status_code == 302
    assert not ChartRead.objects.exists()
    assert ward.browser(Role.CLINICIAN).get(url).status_code == 200
    assert ChartRead.objects.get().page == "result"


def test_a_program_that_reads_is_named_as_well(ward: Ward) -> None:
    program = Integration.objects.create(name="EHR", digest="0" * 64, scopes=[], created_at=clock.now())
    look(integration_actor(program), patient_booked(ward))
    assert ChartRead.objects.get().actor_kind == "integration"


def test_a_look_costs_one_insert_and_staff_of_a_center_one_question(ward: Ward) -> None:
    patient = patient_booked(ward)
    for actor, most in ((staff_actor(make_staff(Role.PHYSICIAN)), 1), (ward.actor(Role.CLINICIAN), 2)):
        with CaptureQueriesContext(connection) as asked:
            look(actor, patient)
        assert len([each for each in asked if "clockoffset" not in each["sql"]]) == most


def test_the_log_can_not_be_rewritten(ward: Ward) -> None:
    look(ward.actor(Role.CLINICIAN), patient_booked(ward))
    for rewrite in (lambda: ChartRead.objects.update(actor_id=1), lambda: ChartRead.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()


def test_the_log_is_looked_through_by_patient_and_by_person(ward: Ward) -> None:
    patient, other = patient_booked(ward), ward.suspected().patient
    look(ward.actor(Role.CLINICIAN), patient)
    look(ward.actor(Role.SONOGRAPHER), other)
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
    patient = patient_booked(ward)
    look(ward.actor(Role.CLINICIAN), patient)
    set_clock(clock.now() + timedelta(days=6 * 366 + 1))
    look(ward.actor(Role.CLINICIAN), patient)
    retain(years=10, dry_run=False)
    assert ChartRead.objects.count() == 1
