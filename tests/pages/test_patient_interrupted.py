"""A visitor whose session runs out, or who has two tabs open, in the middle of booking: nothing twice, and a way on."""

import pytest
from django.test import Client

from scheduling.models import Appointment
from tests.pages.visitors import decide, slots_on, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["/slots/hold/", "/slots/kept/", "/check/details/", "/visit/cancel/"])
def test_a_session_that_ran_out_leads_on_and_books_nothing(path: str, browser: Client) -> None:
    decide(browser)
    slot = slots_on(browser.get("/slots/"))[0]
    if path == "/slots/kept/":
        browser.post("/slots/hold/", slot)
    browser.cookies.clear()
    answer = browser.post(path, slot, follow=True)
    assert answer.status_code < 500
    assert "tel:+18777226388" in answer.content.decode()
    assert 'href="/check/' in answer.content.decode() or "<form" in answer.content.decode(), words(answer)
    assert not Appointment.objects.filter(status="booked").exists()


def test_whoever_comes_back_too_late_is_told_that_nothing_was_booked(browser: Client) -> None:
    decide(browser)
    slot = slots_on(browser.get("/slots/"))[0]
    browser.cookies.clear()
    assert "Nothing was booked." in words(browser.post("/slots/hold/", slot, follow=True))
    assert "Nothing was booked." not in words(Client().get("/check/", follow=True))


def test_two_tabs_keep_one_time_and_book_one(browser: Client) -> None:
    decide(browser)
    first, second = slots_on(browser.get("/slots/"))[:2]
    browser.post("/slots/hold/", first)
    browser.post("/slots/hold/", second)
    for _ in range(2):
        browser.post("/slots/kept/", follow=True)
    assert Appointment.objects.filter(status="booked").count() == 1
    assert not Appointment.objects.filter(status="held").exists()


def test_another_tab_that_still_shows_times_leads_to_the_visit(browser: Client) -> None:
    decide(browser)
    other = slots_on(browser.get("/slots/"))[1]
    visit = _booked(browser)
    answer = browser.post("/slots/hold/", other, follow=True)
    assert answer.request["PATH_INFO"] == "/visit/"
    assert Appointment.objects.get(status="booked").starts_at == visit.starts_at


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "soon", "2026-13-01"])
def test_a_time_that_no_page_showed_leads_back_to_those_that_are_free(browser: Client, at: str) -> None:
    decide(browser)
    slot = slots_on(browser.get("/slots/"))[0]
    answer = browser.post("/slots/hold/", {**slot, "starts_at": at}, follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/slots/")


def _booked(browser: Client) -> Appointment:
    """Book the first time in one tab."""
    browser.post("/slots/hold/", slots_on(browser.get("/slots/"))[0])
    browser.post("/slots/kept/", follow=True)
    return Appointment.objects.get(status="booked")
