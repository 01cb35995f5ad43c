"""Before a visit is moved the danger signs are asked again, and help comes before a new time."""

import pytest
from django.test import Client

from clinic.models import Step
from scheduling.models import Appointment
from tests.pages.visitors import booked, well, words


@pytest.fixture
def patient(browser: Client) -> Client:
    booked(browser)
    return browser


def test_the_other_times_are_shown_only_after_the_signs(patient: Client) -> None:
    answer = patient.get("/visit/move/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/visit/signs/")
    assert "Choose another time" in words(well(patient))
    assert patient.get("/visit/move/").status_code == 200


@pytest.mark.parametrize(
    ("sign", "headline", "urgent"),
    [
        ({"emergency": "chest_pain"}, "Call 911 now", True),
        ({"limb_threat": "limb_cold"}, "Go to the emergency room now", True),
        ({"emergency": "new_cough_or_lightheaded"}, "A clinician will call you within 10 minutes", False),
    ],
)
def test_a_sign_leads_to_help_and_the_visit_stays(
    patient: Client, sign: dict[str, str], headline: str, urgent: bool
) -> None:
    page = words(patient.post("/visit/signs/", sign, follow=True))
    assert headline in page
    assert "Choose a time" not in page
    visit = Appointment.objects.get(booked_at__isnull=False)
    assert visit.status == "booked"
    kind = "arrival_call" if urgent else "callback"
    assert Step.objects.filter(episode=visit.episode, kind=kind, status="open").count() == 1
    assert headline in words(patient.get("/visit/help/"))


def test_nothing_ticked_is_no_answer_and_neither_is_a_contradiction(patient: Client) -> None:
    for given in ({}, {"none": "on", "emergency": "fainted"}, {"emergency": "made_up"}):
        assert patient.post("/visit/signs/", given).status_code == 400
    assert patient.get("/visit/move/").status_code == 302
