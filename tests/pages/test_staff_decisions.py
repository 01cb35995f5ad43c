"""What was decided in an episode, and what a person puts beside it."""

import pytest
from django.test import Client
from django.utils.html import escape

from clinic.models import Episode, Role, Step
from scheduling.intake import submit
from tests.factories import center_at_noon, make_staff
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers
from triage.questionnaire import items

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page() -> str:
    center_at_noon()
    episode = submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT).episode
    assert episode is not None
    return f"/staff/episodes/{episode.pk}/decisions/"


def browser(role: str) -> Client:
    client = Client()
    client.force_login(make_staff(role))
    return client


def test_it_says_what_was_decided_and_why(page: str) -> None:
    shown = browser(Role.REPRESENTATIVE).get(page).content.decode()
    assert "Scan today" in shown
    assert "The decision table" in shown


def test_a_clinician_decides_otherwise_and_the_reason_is_shown(page: str) -> None:
    client = browser(Role.CLINICIAN)
    given = {"disposition": "VASCULAR_CONSULT", "reason": "Examined: a torn muscle."}
    shown = client.post(f"{page}override/", given, follow=True).content.decode()
    assert "Examined: a torn muscle." in shown
    assert Episode.objects.get().kind == "consult"


def test_a_representative_hears_why_they_may_not_lower(page: str) -> None:
    given = {"disposition": "SELF_CARE", "reason": "Sounds fine."}
    answer = browser(Role.REPRESENTATIVE).post(f"{page}override/", given)
    assert answer.status_code == 422
    assert "Only a clinician may make this less urgent" in answer.content.decode()
    assert "Sounds fine." in answer.content.decode()


def test_nothing_is_chosen_for_who_decides_otherwise(page: str) -> None:
    client = browser(Role.CLINICIAN)
    assert 'value="EMERGENCY_911" selected' not in client.get(page).content.decode()
    assert client.post(f"{page}override/", {"disposition": "", "reason": "Examined."}).status_code == 422


def test_a_sign_at_a_call_is_said_loudly_and_opens_the_arrival_call(page: str) -> None:
    given = {"emergency": "short_of_breath", "occasion": "call"}
    shown = browser(Role.REPRESENTATIVE).post(f"{page}signs/", given, follow=True).content.decode()
    assert "Call 911" in shown
    assert Step.objects.filter(kind="arrival_call", status="open").exists()


def test_signs_that_were_not_asked_are_not_noted(page: str) -> None:
    answer = browser(Role.REPRESENTATIVE).post(f"{page}signs/", {"occasion": "call"})
    assert answer.status_code == 422
    assert "none of these" in answer.content.decode()


def test_who_calls_back_reads_what_the_patient_answered(page: str) -> None:
    present, denied = browser(Role.CLINICIAN).get(page).content.decode().split("answers of no")
    asked = {item.key: escape(item.question[0]) for item in items()}
    assert asked["symptoms.swelling"] in present
    assert asked["emergency.chest_pain"] in denied
