"""Whoever is sent to emergency care can say where they are, and is called to see that they arrived."""

import pytest
from django.test import Client

from clinic.models import Patient, Step
from tests.pages.visitors import CLOT, answer_all, words
from triage.models import Assessment, Draft, Whereabouts

HERE = {"place": "At home, 12 Oak Street", "accompanied": "no", "phone": "301-555-0147", "zip": "20770"}


@pytest.fixture
def sent(browser: Client) -> Client:
    """A visitor whom the first question sent to 911, before any number was asked."""
    assert "Call 911 now" in words(browser.post("/check/1/", {"answer": "yes"}, follow=True))
    return browser


def test_a_number_given_on_the_911_screen_owes_a_call(sent: Client) -> None:
    assert not Step.objects.exists()
    page = words(sent.post("/check/reach/", HERE, follow=True))
    assert "Call 911 now" in page
    assert "We know where you are" in page
    step = Step.objects.get()
    assert (step.kind, step.owner_role, step.episode.patient.phone) == ("arrival_call", "clinician", "+13015550147")
    row = Whereabouts.objects.get()
    assert (row.place, row.accompanied) == ("At home, 12 Oak Street", False)
    draft = Draft.objects.get()
    assert draft.assessment == row.assessment
    assert row.assessment.first_answer_at == draft.started_at
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize(("field", "value"), [("phone", "12"), ("zip", "00000"), ("place", " "), ("accompanied", "")])
def test_what_is_wrong_is_named_and_nothing_is_half_done(sent: Client, field: str, value: str) -> None:
    answer = sent.post("/check/reach/", HERE | {field: value})
    assert answer.status_code == 400
    assert "911" in words(answer)
    assert not Patient.objects.exists()
    assert not Whereabouts.objects.exists()


def test_a_number_that_we_have_is_not_asked_again(browser: Client) -> None:
    answer_all(browser, CLOT | {"limb_threat.limb_cold": "yes"})
    form = browser.get("/check/reach/").content.decode()
    assert 'name="place"' in form
    assert 'name="phone"' not in form
    browser.post("/check/reach/", {"place": "In the car", "accompanied": "yes"})
    assert Whereabouts.objects.get().assessment.episode is not None
    assert Assessment.objects.count() == 1


def test_nobody_else_is_asked(browser: Client) -> None:
    assert browser.get("/check/reach/").headers["Location"] == "/check/"
