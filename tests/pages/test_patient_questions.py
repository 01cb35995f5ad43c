"""The questions: emergency first, back without loss, and no slot for whom one would delay."""

import re

import pytest
from django.test import Client

from clinic import clock
from clinic.models import Episode
from scheduling.models import Appointment
from scheduling.pages.patient import screens
from tests.pages.visitors import CLOT, CRAMPS, DETAILS, answer_all, answered, decide, words
from triage.models import Assessment, Draft

pytestmark = pytest.mark.django_db(transaction=True)


def test_looking_at_the_first_question_starts_nothing(browser: Client) -> None:
    browser.get("/check/", follow=True)
    assert not Draft.objects.exists()


def test_a_danger_sign_ends_at_911_and_no_way_leads_to_a_slot(browser: Client) -> None:
    browser.get("/check/", follow=True)
    page = browser.post("/check/1/", {"answer": "yes"}, follow=True).content.decode()
    assert 'href="tel:911"' in page
    assert "/slots/" not in page
    for path in ("/slots/", "/check/", "/check/5/", "/check/details/", "/slots/kept/"):
        answer = browser.get(path, follow=True)
        assert "/hold/" not in answer.content.decode()
    assert "tel:911" in browser.post("/slots/hold/", {"center": "X"}, follow=True).content.decode()
    assert Assessment.objects.get().decisions.get().disposition == "EMERGENCY_911"


def test_emergency_questions_come_first_and_alone_and_then_how_to_reach_the_visitor() -> None:
    first = [screen[0].key for screen in screens.ALL[:10]]
    assert all(key.startswith("emergency.") for key in first[:9])
    assert all(len(screen) == 1 for screen in screens.ALL[:9])
    assert first[9] == "contact.phone"


def test_nobody_is_asked_on_the_web_what_needs_an_examining_hand() -> None:
    keys = {item.key for screen in screens.ALL for item in screen}
    assert "wells.calf_3cm" not in keys
    assert "wells.entire_leg_swollen" in keys


def test_a_limb_in_danger_is_sent_to_the_emergency_room_and_called(browser: Client) -> None:
    page = answer_all(browser, CLOT | {"limb_threat.limb_cold": "yes"})
    assert "Go to the emergency room now" in words(page)
    assert "/slots/" not in page.content.decode()
    assert Episode.objects.get().steps.get().kind == "arrival_call"


def test_going_back_shows_the_answer_and_keeps_the_others(browser: Client) -> None:
    browser.post("/check/1/", {"answer": "no"})
    browser.post("/check/2/", {"answer": "unknown"})
    assert 'value="no" aria-current="true"' in browser.get("/check/1/").content.decode()
    again = browser.post("/check/1/", {"answer": "unknown"}, follow=True)
    assert again.request["PATH_INFO"] == "/check/3/"
    assert Draft.objects.get().answers["emergency"] == {"short_of_breath": "unknown", "chest_pain": "unknown"}


def test_a_closed_tab_loses_nothing(browser: Client) -> None:
    browser.post("/check/1/", {"answer": "no"})
    assert "Go on with your answers" in words(browser.get("/"))
    assert browser.get("/check/", follow=True).request["PATH_INFO"] == "/check/2/"


def test_a_wrong_field_is_named_and_what_was_typed_stays(browser: Client) -> None:
    contact = screens.number_of("contact.phone")
    given = {"contact.phone": "12", "contact.zip": "00000", "contact.answering_for": "self"}
    answer = browser.post(f"/check/{contact}/", given)
    assert answer.status_code == 400
    assert "too few or too many digits" in words(answer)
    assert "This ZIP code does not exist" in words(answer)
    assert 'value="12"' in answer.content.decode()


def test_an_answer_that_is_none_changes_nothing(browser: Client) -> None:
    answer = browser.post("/check/1/", {"answer": "maybe"})
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_a_relative_says_who_they_are(browser: Client) -> None:
    relative = {"contact.answering_for": "relative", "contact.name": "Leo", "contact.relation": "son"}
    answer_all(browser, CLOT | relative | {"contact.consent": "yes"})
    browser.post(
        "/check/details/",
        {"given_name": "Maria", "family_name": "Lopez", "birth_date": "1968-03-09", "consent_to_texts": "no"},
    )
    row = Assessment.objects.get()
    assert (row.answered_by, row.relation, row.relative_name) == ("relative", "son", "Leo")


def test_answers_that_do_not_fit_are_asked_back_and_may_stand(browser: Client) -> None:
    page = answer_all(browser, CLOT | {"limb": "unknown"})
    assert "Which one is it?" in words(page)
    form = browser.post("/check/details/", {"answers_are_right": "yes"})
    assert "who is the patient" in words(form)


def test_a_callback_says_by_when_and_offers_no_slot(browser: Client) -> None:
    page = decide(browser, CLOT | {"emergency.new_cough_or_lightheaded": "unknown"})
    assert "A clinician calls you by" in words(page)
    assert "/slots/" not in page.content.decode()


def test_who_answers_once_more_while_a_time_is_kept_for_them_is_promised_a_call_again(browser: Client) -> None:
    thinned = CLOT | {"context.anticoagulant": "therapeutic"}
    assert "we keep a time for you" in words(decide(browser, thinned))
    browser.post("/check/restart/")
    again = decide(browser, thinned)
    assert "A clinician calls you by" in words(again)
    assert Appointment.objects.filter(status="held").count() == 1


def test_the_same_path_is_there_in_spanish(network: object) -> None:
    page = decide(Client(headers={"accept-language": "es"}))
    assert "Necesita un ultrasonido hoy" in words(page)
    assert "Elegir una hora" in words(page)


def test_who_does_not_know_the_birth_date_gives_the_age_and_is_asked_no_more(browser: Client) -> None:
    answer_all(browser, CLOT | {"patient.birth_date": "", "patient.age": "58"})
    page = browser.get("/check/details/").content.decode()
    assert 'name="birth_date"' in page
    told = {"given_name": "Maria", "family_name": "Lopez", "birth_date": "", "consent_to_texts": "no"}
    assert "You need a scan today" in words(browser.post("/check/details/", told, follow=True))
    answer = Assessment.objects.get().answers["patient"]
    assert answer == {"age": 58, "sex": "F"}


def test_a_date_that_does_not_fit_must_be_mended_before_anything_is_decided(browser: Client) -> None:
    page = answer_all(browser, CLOT | {"kept.surgery_date": "2999-01-01", "kept.anesthesia": "unknown"})
    assert "This date has not come yet" in words(page)
    browser.post("/check/details/", {"answers_are_right": "yes"} | {"given_name": "Maria", "family_name": "Lopez"})
    assert not Assessment.objects.exists()
    surgery = screens.number_of("kept.surgery_date")
    mended = browser.post(f"/check/{surgery}/", {"kept.surgery_date": "", "kept.days_in_bed": ""}, follow=True)
    assert "who is the patient" in words(mended)


def test_what_may_stay_open_is_left_open_at_once_and_what_was_answered_stays(browser: Client) -> None:
    first = screens.number_of("kept.surgery_date")
    answer = browser.get("/check/", follow=True)
    while (path := answer.request["PATH_INFO"]) != f"/check/{first}/":
        number = int(path.split("/")[2])
        answer = browser.post(path, answered(number, answer.content.decode(), CLOT), follow=True)
    browser.post(path, {"kept.surgery_date": "2026-11-01", "kept.days_in_bed": ""})
    page = browser.post(path, {"skip": "on"}, follow=True)
    assert page.request["PATH_INFO"] == "/check/details/"
    assert Draft.objects.get().answers["kept"]["surgery_date"] == "2026-11-01"


def test_no_question_that_the_rules_read_can_be_left_open_at_once(browser: Client) -> None:
    assert browser.post("/check/1/", {"skip": "on"}).status_code == 400


def test_a_number_comes_back_as_it_is_read(browser: Client) -> None:
    answer_all(browser, CLOT)
    assert 'value="(301) 555-0147"' in browser.get(f"/check/{screens.number_of('contact.phone')}/").content.decode()


def test_beginning_anew_asks_everything_again_and_keeps_what_was_sent(browser: Client) -> None:
    browser.post("/check/1/", {"answer": "yes"})
    again = browser.post("/check/restart/", follow=True)
    assert again.request["PATH_INFO"] == "/check/1/"
    assert "aria-current" not in again.content.decode().split("<main")[1]
    assert Assessment.objects.count() == 1


def test_every_question_that_the_rules_read_has_a_screen_of_its_own() -> None:
    shared = {item.group for screen in screens.ALL if len(screen) > 1 for item in screen}
    assert shared == {"contact", "kept"}


def test_who_is_suspected_of_a_clot_is_not_kept_with_their_history(browser: Client) -> None:
    decide(browser)
    assert "history" not in Draft.objects.get().answers
    other = Client()
    decide(other, CRAMPS)
    assert len(Draft.objects.latest("id").answers["history"]) == 18


def test_how_far_one_is_counts_only_what_is_asked(browser: Client) -> None:
    shown = [browser.get(f"/check/{number}/").content.decode() for number in (1, 2)]
    counted = [re.search(r"<progress max=\"(\d+)\" value=\"(\d+)\"", page) for page in shown]
    assert [match[2] for match in counted if match] == ["1", "2"]
    answer_all(browser, CLOT)
    last = browser.get("/check/details/").content.decode()
    number = re.search(r"/check/(\d+)/", last)
    assert number is not None
    end = re.search(r"<progress max=\"(\d+)\" value=\"(\d+)\"", browser.get(number[0]).content.decode())
    assert end is not None
    assert end[1] == end[2]
    assert int(end[1]) < len(screens.ALL)


def test_an_answer_taken_back_takes_what_hung_on_it_along(browser: Client) -> None:
    today = clock.today("America/New_York").isoformat()
    answer_all(browser, CLOT | {"kept.surgery_date": today, "kept.anesthesia": "general"})
    operation = screens.number_of("wells.bedridden_3d_or_surgery_12w")
    page = browser.post(f"/check/{operation}/", {"answer": "no"}, follow=True)
    assert page.request["PATH_INFO"] == "/check/details/"
    assert "You need a scan today" in words(browser.post("/check/details/", DETAILS, follow=True))
    row = Assessment.objects.get()
    assert row.answers["wells"]["bedridden_3d_or_surgery_12w"] == "no"
    assert "surgery_date" not in row.kept
