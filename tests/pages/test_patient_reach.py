"""What a frightened visitor needs on every page: 911, a telephone number, and a page of ours whatever went wrong."""

import re

import pytest
from django.test import Client

from scheduling.pages.patient import screens
from scheduling.templatetags.patient_times import travel
from tests.pages.visitors import CLOT, answer_all, booked, decide, words

pytestmark = pytest.mark.django_db(transaction=True)
ZONED = re.compile(r"\d [AP]M E[SD]T")


def test_911_and_a_telephone_stand_on_every_page(browser: Client) -> None:
    booked(browser)
    paths = ("/", "/book/", "/visit/", "/visit/signs/", "/visit/cancel/", "/check/next/", "/nowhere/", "/result/")
    for page in [Client().get("/check/1/"), *(browser.get(path) for path in paths)]:
        top, _, rest = page.content.decode().partition("<main")
        assert 'href="tel:911"' in top
        assert 'href="tel:+18777226388"' in top
        assert "tel:+12405124759" in rest
        assert "Nothing here is a diagnosis" in rest


def test_an_address_of_a_button_that_is_opened_shows_a_page_of_ours(browser: Client) -> None:
    for path in ("/check/restart/", "/slots/hold/", "/visit/confirm/"):
        page = browser.get(path)
        assert (page.status_code, page["Allow"]) == (405, "POST")
        assert "This did not work" in words(page)


def test_what_is_wrong_is_named_on_top_and_gets_the_focus(browser: Client) -> None:
    number = screens.number_of("contact.phone")
    page = browser.post(f"/check/{number}/", {"contact.zip": "20770"}).content.decode()
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert "<title>Error: " in page
    assert "we need it to reach you" in page


def test_a_consultation_says_all_that_is_missing_and_which_zip_code_there_is_not(browser: Client) -> None:
    page = words(browser.post("/book/", {}))
    assert "Tick what is there now, or: none of these." in page
    assert "Enter the ZIP code of where you are now." in page
    assert "This ZIP code does not exist" in words(browser.post("/book/", {"none": "on", "zip": "99999"}))


def test_who_must_be_called_within_minutes_is_told_one_thing_if_nobody_calls(browser: Client) -> None:
    page = words(decide(browser, CLOT | {"emergency.new_cough_or_lightheaded": "unknown"}))
    assert "If no one has called in 10 minutes, go to the emergency room." in page
    assert "If nobody has called by then, call us" not in page


def test_a_promised_time_says_on_which_clock(browser: Client) -> None:
    call = words(decide(browser, CLOT | {"context.anticoagulant": "therapeutic"}))
    assert ZONED.search(call[call.index("A clinician calls you by") :])
    emergency = Client()
    room = words(answer_all(emergency, CLOT | {"limb_threat.limb_cold": "yes"}))
    assert ZONED.search(room[room.index("We call you by") :])


def test_who_comes_back_after_booking_finds_the_visit_and_no_second_time_to_choose(browser: Client) -> None:
    booked(browser)
    assert "See your visit" in words(browser.get("/"))
    again = words(browser.get("/check/next/"))
    assert "Your visit is booked" in again
    assert "Choose a time" not in again


def test_who_comes_back_after_the_questions_finds_what_to_do(browser: Client) -> None:
    decide(browser)
    assert "See again what to do" in words(browser.get("/"))


def test_who_cancels_a_scan_reads_by_when_a_clinician_calls(browser: Client) -> None:
    booked(browser)
    page = words(browser.post("/visit/cancel/", follow=True))
    assert "A clinician calls you by" in page


def test_the_visit_says_what_happens_there(browser: Client) -> None:
    page = words(booked(browser))
    assert "The scan takes about" in page
    assert "You hear the result the same day" in page


def test_a_long_way_is_told_in_hours() -> None:
    assert (travel(31), travel(100), travel(740)) == ("31 min", "2 hours", "12 hours")
