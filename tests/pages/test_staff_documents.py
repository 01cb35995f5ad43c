"""The page of documents: what failed, what is on its way, what arrived; look at it, send it again."""

import pytest
from django.conf import LazySettings
from django.test import Client

from clinic.models import ChartRead, Role
from notifications.models import Delivery
from tests.factories import make_center, make_staff
from tests.notifications.documents import deliveries, signed, states, told
from tests.pages.staff import Ward, open_ward

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def ward(settings: LazySettings) -> Ward:
    settings.DOCUMENT_CARRIER_URL = "http://carrier.invalid"
    return open_ward()


def _failed(row: Delivery) -> None:
    row.status, row.ended_at, row.end_code = "failed", row.created_at, "busy"
    row.save()


def test_a_failed_document_is_first_with_why_and_goes_again_at_a_press(ward: Ward) -> None:
    report = signed()
    [row] = deliveries(report)
    _failed(row)
    browser = ward.browser("representative")
    page = browser.get("/staff/documents/").content.decode()
    assert "The line was busy" in page
    assert str(report.episode.patient) in page
    answer = browser.post(f"/staff/documents/{row.pk}/again/", {"next": "/staff/documents/"}, follow=True)
    assert "It is on its way again" in answer.content.decode()
    assert states(report) == [("fax", "failed"), ("fax", "due")]


def test_what_is_on_its_way_has_no_button_and_a_press_all_the_same_is_refused_in_words(ward: Ward) -> None:
    report = signed()
    [row] = deliveries(report)
    browser = ward.browser("representative")
    assert f"/staff/documents/{row.pk}/again/" not in browser.get("/staff/documents/").content.decode()
    answer = browser.post(f"/staff/documents/{row.pk}/again/", follow=True)
    assert "on its way already" in answer.content.decode()
    assert len(deliveries(report)) == 1


def test_the_document_is_there_to_look_at_and_its_name_says_nothing(ward: Ward) -> None:
    [row] = deliveries(signed())
    answer = ward.browser("representative").get(f"/staff/documents/{row.pk}/paper/")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'inline; filename="vein-center.pdf"'


def test_the_episode_and_the_desk_tell_what_became_of_it(ward: Ward) -> None:
    report = signed()
    [row] = deliveries(report)
    told(row, "delivered")
    browser = ward.browser("clinician")
    assert "by fax (confirmed)" in browser.get(f"/staff/episodes/{report.episode_id}/").content.decode()
    assert f"/staff/documents/{row.pk}/paper/" in browser.get(f"/staff/results/{report.pk}/").content.decode()


def test_who_looks_at_a_document_has_looked_at_the_chart(ward: Ward) -> None:
    report = signed()
    [row] = deliveries(report)
    path = f"/staff/documents/{row.pk}/paper/"
    # Who works there, so that its steps are not everybody's.
    for role in (Role.CLINICIAN, Role.REPRESENTATIVE):
        make_staff(role, center=report.center)
    elsewhere = Client()
    elsewhere.force_login(make_staff(Role.CLINICIAN, center=make_center()))
    answer = elsewhere.get(path)
    assert answer.status_code == 302
    assert "/open/" in answer.headers["Location"]
    ward.browser("representative").get(path)
    read = ChartRead.objects.get()
    assert (read.patient, read.page, read.episode) == (report.episode.patient, "result", report.episode)
