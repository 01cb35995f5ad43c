"""Staff read plain English: no other language, no code, no day that might be of another year."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict
from clinic.models import Role
from clinic.pages.refusal_words import ACTIONS, WHY
from clinic.pages.step_forms import outcome_words
from clinic.pages.timeline import DECIDED
from clinic.services.telling import release_result
from clinic.templatetags.staff import moment
from notifications.models import Message
from notifications.services import operating
from scheduling.services import visits
from tests.pages.staff import Ward
from tests.pages.visitors import words
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


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


#: Where refusals about results, treatments and times are made.
REFUSING = [
    *sorted(path for path in (ROOT / "clinic" / "services").glob("*.py") if "with noted(" in path.read_text("utf-8")),
    ROOT / "clinic" / "authority.py",
    ROOT / "clinic" / "services" / "findings.py",
    ROOT / "scheduling" / "errors.py",
]


@pytest.mark.parametrize("path", REFUSING, ids=lambda path: path.stem)
def test_the_timeline_says_of_every_refusal_in_words_what_and_why(path: Path) -> None:
    source = path.read_text("utf-8")
    codes = set(re.findall(r'\bcode(?:, title)? ?= ?"(\w+)"', source))
    actions = set(re.findall(r'(?:noted|_signing)\(actor, "(\w+)"', source))
    assert codes - set(WHY) == set()
    assert actions - set(ACTIONS) == set()


def test_a_refused_result_is_told_in_words(ward: Ward) -> None:
    report = ward.read()
    with pytest.raises(Conflict):
        release_result(ward.actor(Role.REPRESENTATIVE), report_id=report.pk)
    page = words(ward.browser(Role.CLINICIAN).get(f"/staff/episodes/{report.episode_id}/"))
    assert "Refused: to send the result: the report was not signed" in page
    assert "report not final" not in page


def test_what_an_operator_does_about_a_text_is_told_in_words(ward: Ward) -> None:
    visit = ward.place.booked()
    message = Message.objects.filter(episode=visit.episode, status="due").first()
    assert message is not None
    operating.cancel(SYSTEM, message_id=message.pk)
    page = words(ward.browser(Role.CLINICIAN).get(f"/staff/episodes/{visit.episode_id}/"))
    assert "An operator had a text not sent" in page
    assert "message: cancelled" not in page
