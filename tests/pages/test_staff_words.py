"""Staff read plain English: no other language, no code, no day that might be of another year."""

from datetime import timedelta

import pytest
from django.test import Client

from clinic import clock
from clinic.models import Role
from clinic.pages.step_forms import outcome_words
from clinic.pages.timeline import DECIDED
from clinic.templatetags.staff import moment
from scheduling.services import visits
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(db: None) -> Ward:
    return open_ward()


def test_staff_read_english_whatever_their_browser_asks_for(ward: Ward) -> None:
    page = ward.browser(Role.CLINICIAN).get("/staff/steps/", headers={"accept-language": "es"})
    assert '<html lang="en">' in page.content.decode()
    assert page["Content-Language"] == "en"
    assert (
        '<html lang="en">' in Client().get("/staff/account/login/", headers={"accept-language": "es"}).content.decode()
    )
    assert '<html lang="es">' in Client().get("/nowhere/", headers={"accept-language": "es"}).content.decode()


def test_how_a_step_ended_is_told_in_words(ward: Ward) -> None:
    visit = ward.place.booked()
    visits.cancel(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk, reason="by_patient")
    page = words(ward.browser(Role.CLINICIAN).get(f"/staff/episodes/{visit.episode_id}/"))
    assert "The visit was cancelled" in page
    assert "visit_cancelled" not in page
    assert outcome_words("reached_sent_on") == "Reached the patient, sent on to care"


def test_the_timeline_has_words_for_every_decision() -> None:
    assert set(DECIDED) == {disposition.value for disposition in Disposition}


def test_a_day_of_another_year_says_so(ward: Ward) -> None:
    now = clock.now()
    assert moment(now, "America/New_York").count(",") == 2
    later = now + timedelta(days=366)
    assert str(later.year) in moment(later, "America/New_York")


def test_the_hour_of_a_center_says_its_zone(ward: Ward) -> None:
    page = words(ward.browser(Role.SONOGRAPHER).get("/staff/day/"))
    assert "12:00 PM E" in page


@pytest.mark.parametrize(("impression", "stays"), [("positive", True), ("non_diagnostic", True), ("negative", False)])
def test_the_sonographer_is_reminded_whom_to_keep_on_site(ward: Ward, impression: str, *, stays: bool) -> None:
    visit = ward.scanned()
    given = {"impression": impression, "side": "left", "findings": ""}
    page = words(ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/preliminary/", given, follow=True))
    assert ("stays on site until a clinician has spoken" in page) is stays
