"""When the promised times are gone, the page says at once what to do instead."""

from django.test import Client

from scheduling.models import Resource
from tests.pages.visitors import decide, words


def test_the_rules_fallback_is_one_tap_away(browser: Client) -> None:
    decide(browser)
    Resource.objects.filter(kind="sonographer").update(active=False)
    assert "What do I do now?" in words(browser.get("/slots/"))
    page = words(browser.post("/slots/none/", follow=True))
    assert "A clinician will call you" in page or "Go to the emergency room now" in page
    assert "Choose a time" not in page


def test_a_time_that_is_still_there_is_shown_instead(browser: Client) -> None:
    decide(browser)
    assert "Choose a time" in words(browser.post("/slots/none/", follow=True))
