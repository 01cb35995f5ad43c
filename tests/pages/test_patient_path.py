"""From the first question to a booked visit, by forms alone."""

import html
import re
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from clinic import clock
from clinic.access import visitor_actor
from clinic.models import Consent, Episode, Patient
from notifications.models import Message
from scheduling.errors import SlotTaken
from scheduling.models import Appointment
from scheduling.services.holding import hold_slot
from scheduling.services.wanted import SlotChoice
from tests.network import Network
from tests.pages.visitors import CRAMPS, DETAILS, answer_all, booked, decide, slots_on, words
from triage.models import Assessment, Draft

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_with_a_likely_clot_leaves_with_a_scan_today(browser: Client) -> None:
    screen = decide(browser)
    assert "You need a scan today" in words(screen)
    page = browser.get("/slots/")
    assert "result by" in words(page)
    kept = browser.post("/slots/hold/", slots_on(page)[0], follow=True)
    assert "It is not booked yet" in words(kept)
    visit = browser.post("/slots/kept/", follow=True)
    assert "Your visit is booked" in words(visit)
    assert "Maria" not in browser.get("/visit/calendar.ics").content.decode()
    row = Appointment.objects.get(status="booked")
    assert row.patient == Patient.objects.get()
    assert row.episode is not None
    assert row.episode.clock_started_at == Draft.objects.get().started_at
    assert Consent.objects.get().granted
    assert Message.objects.filter(purpose="booking_confirmation").count() == 1


def test_the_way_to_the_center_opens_in_a_map_which_learns_the_address_alone(browser: Client) -> None:
    page = booked(browser).content.decode()
    center = Appointment.objects.get(status="booked").center
    link = re.search(r'<a [^>]*href="(https://www.google.com/maps/[^"]+)"[^>]*>', page)
    assert link is not None
    assert "noreferrer" in link[0]
    asked = parse_qs(urlsplit(html.unescape(link[1])).query)
    address = f"{center.street}, {center.city}, {center.state} {center.zip}"
    assert asked == {"api": ["1"], "destination": [address]}


def test_every_page_is_never_stored(browser: Client) -> None:
    booked(browser)
    for path in ("/", "/check/1/", "/book/", "/visit/", "/visit/move/", "/visit/cancel/", "/result/"):
        assert "no-store" in browser.get(path)["Cache-Control"], path


def test_the_details_sent_twice_open_one_episode(browser: Client) -> None:
    answer_all(browser, CRAMPS)
    for _ in range(2):
        browser.post("/check/details/", DETAILS)
    assert Assessment.objects.count() == 1
    assert Episode.objects.count() == 1


def test_a_consultation_is_booked_without_the_questions_where_there_is_no_danger_sign(browser: Client) -> None:
    page = browser.post("/book/", {"none": "on", "zip": "20770"}, follow=True)
    browser.post("/slots/hold/", slots_on(page)[0])
    visit = browser.post("/slots/kept/", DETAILS | {"phone": "301-555-0158"}, follow=True)
    assert "Your visit is booked" in words(visit)
    assert Episode.objects.get().kind == "consult"


def test_a_hold_that_ran_out_is_explained_with_the_next_times(browser: Client) -> None:
    decide(browser)
    browser.post("/slots/hold/", slots_on(browser.get("/slots/"))[0])
    clock.advance(timedelta(minutes=11))
    answer = browser.post("/slots/kept/", follow=True)
    assert "ten minutes, and they are over" in words(answer)
    assert slots_on(answer)
    assert not Appointment.objects.filter(status="booked").exists()


def test_a_time_that_somebody_else_took_is_explained_with_the_next_ones(browser: Client, network: Network) -> None:
    decide(browser)
    slot = slots_on(browser.get("/slots/"))[0]
    scan, center = network.types["dvt_scan"], network.centers[slot["center"]]
    starts_at = datetime.fromisoformat(slot["starts_at"])
    with suppress(SlotTaken):
        for rival in count():
            hold_slot(visitor_actor(f"rival{rival}"), slot=SlotChoice(scan, center, starts_at))
    answer = browser.post("/slots/hold/", slot, follow=True)
    assert "just taken" in words(answer)
    assert slot not in slots_on(answer)


def test_a_time_past_the_deadline_which_no_page_showed_is_not_kept(browser: Client) -> None:
    decide(browser)
    slot = slots_on(browser.get("/slots/"))[0]
    a_day_later = datetime.fromisoformat(slot["starts_at"]) + timedelta(days=1)
    answer = browser.post("/slots/hold/", {**slot, "starts_at": a_day_later.isoformat()}, follow=True)
    assert answer.request["PATH_INFO"] == "/slots/"
    assert not Appointment.objects.exists()


def test_a_back_button_after_booking_books_nothing_twice(browser: Client) -> None:
    booked(browser)
    assert browser.get("/slots/", follow=True).request["PATH_INFO"] == "/visit/"
    assert browser.post("/slots/kept/", follow=True).status_code in (200, 404)
    assert Appointment.objects.filter(status="booked").count() == 1
