"""A link from a text: looking never acts, the birth date opens it, five wrong ones lock it."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from clinic.models import Link, Step
from clinic.services import links
from notifications.lint import FORBIDDEN
from scheduling.models import Appointment, VisitType
from tests.pages.visitors import BORN, booked, link_on, slots_on, well, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(browser: Client) -> str:
    """The path of the link to a visit that was just booked."""
    return link_on(booked(browser))


def test_a_preview_does_nothing(link: str) -> None:
    before = Link.objects.values().get()
    for method in ("get", "head"):
        answer = getattr(Client(), method)(link)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert "no-store" in answer["Cache-Control"]
    assert Link.objects.values().get() == before
    assert Appointment.objects.get(booked_at__isnull=False).status == "booked"


def test_the_birth_date_opens_it_in_a_new_session(link: str) -> None:
    phone = Client()
    phone.get("/check/")
    answer = phone.post(link, {"birth_date": "03/09/1968"}, follow=True)
    assert "Your visit is booked" in words(answer)
    assert Link.objects.get().proved_at is not None


def test_a_wrong_birth_date_is_counted_and_the_fifth_locks(link: str) -> None:
    for left in (4, 3, 2):
        assert f"You have {left} tries left" in words(Client().post(link, {"birth_date": "1968-03-08"}))
    assert "You have 1 try left" in words(Client().post(link, {"birth_date": "1968-03-08"}))
    locked = Client().post(link, {"birth_date": "1968-03-08"})
    assert locked.status_code == 410
    assert "This link is locked" in words(locked)
    assert Client().post(link, {"birth_date": BORN}).status_code == 410


def test_an_unknown_link_says_what_to_do() -> None:
    answer = Client().get("/l/AAAAAAAAAAAAAAAAAAAAAA")
    assert answer.status_code == 404
    assert "call us" in words(answer)


def test_a_visit_is_nobody_elses(link: str) -> None:
    assert Client().get("/visit/").status_code == 404
    assert Client().post("/visit/cancel/").status_code == 404
    assert Appointment.objects.get(booked_at__isnull=False).status == "booked"


def test_by_the_link_a_visit_is_confirmed_moved_and_cancelled(link: str) -> None:
    phone = Client()
    phone.post(link, {"birth_date": BORN})
    assert "your visit is confirmed" in words(phone.post("/visit/confirm/", follow=True))
    other = slots_on(well(phone))[-1]
    assert "Your visit was moved" in words(phone.post("/visit/move/", other, follow=True))
    row = Appointment.objects.get(booked_at__isnull=False)
    assert (row.status, row.sequence, row.center.code) == ("booked", 1, other["center"])
    assert "Cancel this visit?" in words(phone.get("/visit/cancel/"))
    row.refresh_from_db()
    assert row.status == "booked"
    assert "Your visit is cancelled" in words(phone.post("/visit/cancel/", follow=True))


def test_a_follow_up_is_moved_within_its_window_and_past_it_a_clinician_calls(link: str) -> None:
    phone, day = Client(), timedelta(days=1)
    phone.post(link, {"birth_date": BORN})
    visit = Appointment.objects.get(booked_at__isnull=False)
    Appointment.objects.update(visit_type=VisitType.objects.get(kind="repeat_scan"))
    first, last = visit.starts_at - day, visit.starts_at + day
    Step.objects.filter(pk=visit.step_id or 0).update(kind="follow_up_scan", window_start=first, window_end=last)
    shown = slots_on(well(phone))
    assert {datetime.fromisoformat(each["starts_at"]) <= last for each in shown} == {True}
    late = {**shown[0], "starts_at": (datetime.fromisoformat(shown[0]["starts_at"]) + 3 * day).isoformat()}
    assert "A clinician calls you by" in words(phone.post("/visit/move/", late, follow=True))
    visit.refresh_from_db()
    assert visit.sequence == 0
    assert Step.objects.filter(episode=visit.episode, kind="callback").count() == 1


def test_the_calendar_file_follows_the_visit(link: str) -> None:
    phone = Client()
    phone.post(link, {"birth_date": BORN})
    first = phone.get("/visit/calendar.ics").content.decode()
    phone.post("/visit/move/", slots_on(well(phone))[-1])
    second = phone.get("/visit/calendar.ics").content.decode()
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in second
    assert [line for line in first.split("\r\n") if line.startswith("UID")] == [
        line for line in second.split("\r\n") if line.startswith("UID")
    ]


def test_a_calendar_takes_the_visit_out_by_its_name_and_a_later_number(link: str) -> None:
    phone = Client()
    phone.post(link, {"birth_date": BORN})
    kept = phone.get("/visit/calendar.ics").content.decode()
    phone.post("/visit/cancel/")
    gone = phone.get("/visit/calendar.ics").content.decode()
    assert "Take it out of my calendar" in words(phone.get("/visit/"))
    uid = next(line for line in kept.splitlines() if line.startswith("UID:"))
    assert uid in gone
    assert ("SEQUENCE:0" in kept, "SEQUENCE:1" in gone) == (True, True)
    assert "METHOD:CANCEL" in gone


def test_no_clinical_word_stands_in_the_calendar(link: str) -> None:
    phone = Client()
    phone.post(link, {"birth_date": BORN})
    for language in ("en", "es"):
        text = phone.get("/visit/calendar.ics", headers={"accept-language": language}).content.decode()
        assert FORBIDDEN.search(text) is None


def test_a_link_is_kept_only_as_its_hash_and_has_one_purpose(link: str) -> None:
    row = Link.objects.get()
    token = link.removeprefix("/l/")
    assert token == links.token(row)
    assert token not in str(Link.objects.values().get())
    assert len(token) == 22
    phone = Client()
    phone.post(link, {"birth_date": BORN})
    assert phone.get("/visit/").status_code == 200
    for other in ("/result/", "/follow-up/", "/offer/"):
        assert phone.get(other).status_code == 404


def test_a_link_is_exchanged_at_once_for_a_session(link: str) -> None:
    phone = Client()
    answer = phone.post(link, {"birth_date": BORN})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/visit/")
    assert answer.cookies["sessionid"]["httponly"]
    assert link.removeprefix("/l/") not in answer.cookies["sessionid"].value
    assert phone.get("/visit/").status_code == 200


def test_by_looking_alone_no_link_confirms_or_cancels_anything(link: str) -> None:
    phone = Client()
    phone.post(link, {"birth_date": BORN})
    for address in ("/visit/", "/visit/confirm/", "/visit/cancel/", "/visit/move/", "/offer/take/", "/offer/leave/"):
        phone.get(address)
        phone.head(address)
    assert Appointment.objects.get(booked_at__isnull=False).status == "booked"


def _guesses(count: int, **told: str) -> int:
    """So many unknown links tried from one address; what the last one is answered."""
    status = 0
    for number in range(count):
        answer = Client(headers={"X-Forwarded-For": told.get("says", "")}).get(
            f"/l/{number:022d}", REMOTE_ADDR=told.get("address", "192.0.2.1")
        )
        status = answer.status_code
    return status


def test_who_tries_one_link_after_the_other_is_stopped_and_others_are_not(link: str) -> None:
    assert _guesses(30) == 404
    assert _guesses(1) == 429
    # Not even the right one opens from there; a patient elsewhere notices nothing.
    assert Client().get(link, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert Client().get(link, REMOTE_ADDR="192.0.2.2").status_code == 200


def test_an_address_that_a_client_makes_up_helps_no_guesser() -> None:
    assert _guesses(30, says="203.0.113.1") == 404
    assert _guesses(1, says="203.0.113.2") == 429


def test_behind_a_proxy_of_ours_the_address_is_what_it_has_seen(settings: LazySettings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    assert _guesses(30, says="made up, 203.0.113.1") == 404
    assert _guesses(1, says="203.0.113.1") == 429
    assert _guesses(1, says="203.0.113.1, 203.0.113.2") == 404


def test_a_wrong_birth_date_is_a_guess_of_its_address_and_the_right_one_is_not(link: str) -> None:
    for _ in range(3):
        Client().post(link, {"birth_date": BORN}, REMOTE_ADDR="192.0.2.1")
        Client().post(link, {"birth_date": "1968-03-08"}, REMOTE_ADDR="192.0.2.1")
    assert _guesses(27) == 404
    assert _guesses(1) == 429
