"""A consultation without the questions: every danger sign stands on the page, and help comes before a time."""

import pytest
from django.test import Client

from tests.pages.visitors import words
from triage.models import Assessment, Draft
from triage.questionnaire import SECTIONS

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_danger_sign_stands_on_the_page_in_both_languages(browser: Client) -> None:
    for at, language in enumerate(("en", "es")):
        page = browser.get("/book/", headers={"accept-language": language}).content.decode()
        for section in SECTIONS:
            if section.key in ("emergency", "limb_threat"):
                assert all(item.question[at] in page for item in section.items)


@pytest.mark.parametrize(
    ("sign", "headline"),
    [
        ({"emergency": "stroke_signs"}, "Call 911 now"),
        ({"emergency": "major_bleeding", "limb_threat": "limb_cold"}, "Call 911 now"),
        ({"limb_threat": "limb_cold"}, "Go to the emergency room now"),
    ],
)
def test_a_sign_leads_to_help_at_once_without_a_zip_code_and_to_no_time(
    browser: Client, sign: dict[str, str], headline: str
) -> None:
    page = browser.post("/book/", sign, follow=True)
    assert headline in words(page)
    assert Assessment.objects.count() == 1
    assert headline in words(browser.get("/slots/", follow=True))


def test_what_was_not_ticked_is_asked_and_is_no_no(browser: Client) -> None:
    page = browser.post("/book/", {"emergency": "new_cough_or_lightheaded"}, follow=True)
    assert page.request["PATH_INFO"] == "/check/1/"
    assert Draft.objects.get().answers == {"emergency": {"new_cough_or_lightheaded": "yes"}}


@pytest.mark.parametrize("given", [{"other": "limb"}, {"other": "risk"}, {"unsure": "on"}])
def test_what_may_be_a_clot_and_who_is_unsure_lead_to_the_questions(browser: Client, given: dict[str, str]) -> None:
    browser.post("/book/", {"none": "on", "zip": "20770"})
    answer = browser.post("/book/", given | {"zip": "20770"}, follow=True)
    assert answer.request["PATH_INFO"] == "/check/1/"
    assert browser.get("/slots/").status_code == 302


@pytest.mark.parametrize(
    "given",
    [
        {"zip": "20770"},
        {"none": "on", "emergency": "fainted", "zip": "20770"},
        {"none": "on", "unsure": "on", "zip": "20770"},
        {"none": "on", "zip": "00000"},
        {"none": "on"},
    ],
)
def test_nothing_ticked_a_contradiction_or_no_place_comes_back(browser: Client, given: dict[str, str]) -> None:
    assert browser.post("/book/", given).status_code == 400
    assert browser.get("/slots/").status_code == 302
