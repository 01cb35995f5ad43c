"""Never a dead end on a telephone: the ways that are left, the list, and an offer that is answered by its link."""

from datetime import timedelta

import pytest
from django.test import Client

from clinic import clock
from clinic.access import patient_actor
from clinic.models import LinkPurpose, Step
from clinic.services import links
from scheduling.models import Appointment, EntryStatus, Offer, OfferStatus, Resource, WaitlistEntry
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.wanted import SlotChoice
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import make_patient, tomorrow_at
from tests.network import Network
from tests.pages.staff import open_ward
from tests.pages.visitors import DETAILS, booked, decide, slots_on, well, words
from tests.scheduling.conftest import Place
from tests.scheduling.line import full, waits
from tests.scheduling.test_making_room import follow_up

pytestmark = pytest.mark.django_db(transaction=True)


def nobody_scans() -> None:
    Resource.objects.filter(kind="sonographer").update(active=False)


def opened(offer: Offer) -> Client:
    """The browser of whom an offer is made to, with its link proven."""
    link = links.issue(
        purpose=LinkPurpose.OFFER,
        subject_id=offer.pk,
        patient=offer.patient,
        expires_at=offer.expires_at + timedelta(days=1),
    )
    client = Client()
    born = offer.patient.birth_date
    assert born is not None
    answer = client.post(f"/l/{links.token(link)}", {"birth_date": born.isoformat()}, follow=True)
    assert answer.request["PATH_INFO"] == "/offer/", words(answer)
    return client


def consult(network: Network, browser: Client, **given: str) -> Appointment:
    """A consultation that a visitor books without the questions."""
    browser.post("/book/", {"none": "on", "zip": "20770"})
    browser.post("/slots/hold/", slots_on(browser.get("/slots/"))[0])
    browser.post("/slots/kept/", {**DETAILS, "phone": "301-555-0148", **given}, follow=True)
    return Appointment.objects.get(visit_type__kind="consult", status="booked")


@pytest.fixture
def place(transactional_db: None) -> Place:
    """One center with one scanner."""
    return open_ward().place


@pytest.fixture
def offer(network: Network) -> Offer:
    """A time that is offered to somebody who has a later consultation."""
    late = SlotChoice(network.types["consult"], network.home, tomorrow_at(12, days=2))
    visit = book(network.actor("rosa"), patient=make_patient(), slot=late)
    client = Client()
    assert visit.patient is not None
    link = links.issue(purpose=LinkPurpose.VISIT, subject_id=visit.pk, patient=visit.patient, expires_at=visit.ends_at)
    client.post(f"/l/{links.token(link)}", {"birth_date": "1970-01-01"}, follow=True)
    page = client.post("/visit/sooner/", {"short_notice": "on"}, follow=True)
    assert "You are on the list" in words(page)
    tend_waitlist()
    return Offer.objects.get()


def test_the_ways_that_are_left_stand_on_one_page(browser: Client) -> None:
    decide(browser)
    nobody_scans()
    assert "See all the ways that are left" in words(browser.get("/slots/"))
    page = words(browser.get("/slots/none/"))
    assert "What do I do now?" in page
    assert "877-SCAN-DVT" in page


def test_who_waits_for_a_scan_hears_at_once_what_to_do_meanwhile(browser: Client) -> None:
    decide(browser)
    nobody_scans()
    assert "Put me on the list" in words(browser.get("/slots/none/"))
    page = browser.post("/slots/wait/", {"short_notice": "on"}, follow=True)
    assert page.request["PATH_INFO"] == "/check/next/"
    assert "A clinician will call you" in words(page)
    assert "You are on the list" in words(page)
    entry = WaitlistEntry.objects.get()
    assert (entry.status, entry.short_notice) == (EntryStatus.WAITING, True)
    assert "You are on the list" in words(browser.get("/wait/"))


def test_who_leaves_the_list_is_off_it(browser: Client) -> None:
    decide(browser)
    nobody_scans()
    browser.post("/slots/wait/", {"short_notice": "on"})
    browser.post("/wait/end/", follow=True)
    assert WaitlistEntry.objects.get().status == EntryStatus.WITHDRAWN


def test_a_consultation_is_waited_for_with_ones_name(browser: Client) -> None:
    browser.post("/book/", {"none": "on", "zip": "20770"})
    assert "first name" in words(browser.get("/slots/wait/"))
    assert browser.post("/slots/wait/", {}).status_code == 400
    page = browser.post("/slots/wait/", {**DETAILS, "phone": "301-555-0148", "short_notice": "on"}, follow=True)
    assert page.request["PATH_INFO"] == "/wait/"
    entry = WaitlistEntry.objects.get()
    assert (entry.visit_type.kind, entry.patient.given_name) == ("consult", "Maria")


def test_a_wrong_number_is_told_together_with_what_is_missing(browser: Client) -> None:
    browser.post("/book/", {"none": "on", "zip": "20770"})
    page = words(browser.post("/slots/wait/", {"phone": "12", "given_name": "Maria"}))
    assert "This number has too few or too many digits." in page
    assert "Enter the patient&#x27;s last name." in page


def test_looking_at_an_offer_answers_nothing(offer: Offer) -> None:
    client = opened(offer)
    page = words(client.get("/offer/"))
    assert "A time came free for you" in page
    assert "Now you have" in page
    offer.refresh_from_db()
    assert offer.status == OfferStatus.OPEN


def test_a_yes_comes_after_the_danger_signs_and_moves_the_visit(offer: Offer) -> None:
    client = opened(offer)
    asked = client.post("/offer/take/", follow=True)
    assert asked.request["PATH_INFO"] == "/offer/signs/"
    assert client.post("/offer/signs/", {"none": "on"}, follow=True).request["PATH_INFO"] == "/offer/"
    page = client.post("/offer/take/", follow=True)
    assert page.request["PATH_INFO"] == "/visit/"
    assert "Here is your time" in words(page)
    visit = Appointment.objects.get(pk=offer.visit_id or 0)
    assert (visit.sequence, visit.starts_at) == (1, offer.starts_at)
    # Pressed again it is still theirs.
    assert "You have taken this time" in words(client.post("/offer/take/", follow=True))


def test_a_danger_sign_leads_to_help_and_takes_nothing(offer: Offer) -> None:
    client = opened(offer)
    page = client.post("/offer/signs/", {"emergency": "chest_pain"}, follow=True)
    assert "Call 911 now" in words(page)
    assert Appointment.objects.get(pk=offer.visit_id or 0).sequence == 0


def test_a_no_leaves_the_visit_as_it_is(offer: Offer) -> None:
    client = opened(offer)
    page = client.post("/offer/leave/", follow=True)
    assert "Your visit stays as it was" in words(page)
    offer.refresh_from_db()
    assert offer.status == OfferStatus.DECLINED


def test_an_offer_that_is_over_says_so(offer: Offer) -> None:
    client = opened(offer)
    visits.cancel(patient_actor(offer.patient_id), appointment_id=offer.visit_id or 0)
    tend_waitlist()
    well_asked = client.post("/offer/signs/", {"none": "on"}, follow=True)
    assert "This offer is over" in words(well_asked)


def test_nobody_sees_an_offer_without_its_link(browser: Client, offer: Offer) -> None:
    assert browser.get("/offer/").status_code == 404
    assert browser.post("/offer/take/").status_code == 404
    offer.refresh_from_db()
    assert offer.status == OfferStatus.OPEN


def test_a_willing_patient_is_asked_in_plain_words_and_may_say_no(place: Place) -> None:
    visit = follow_up(place, 14)
    full(place)
    waits(place)
    tend_waitlist()
    offer = Offer.objects.get(kind="move")
    client = opened(offer)
    page = words(client.get("/offer/"))
    assert "Can you come at another time?" in page
    assert "No, I keep my time" in page
    client.post("/offer/leave/")
    visit.refresh_from_db()
    assert visit.sequence == 0


def test_a_routine_patient_may_say_that_they_are_willing_to_move(network: Network, browser: Client) -> None:
    assert consult(network, browser, willing_to_move="yes").willing_to_move


def test_who_says_nothing_is_not_asked(network: Network, browser: Client) -> None:
    assert not consult(network, browser).willing_to_move


def test_past_the_deadline_the_page_says_who_calls_and_by_when(browser: Client) -> None:
    booked(browser)
    visit = Appointment.objects.get(status="booked")
    well(browser)
    late = visit.starts_at + timedelta(hours=5)
    page = browser.post("/visit/move/", {"center": visit.center.code, "starts_at": late.isoformat()}, follow=True)
    assert "A clinician calls you by" in words(page)
    step = Step.objects.get(episode=visit.episode, kind="callback")
    assert step.due_at is not None
    assert step.due_at - clock.now() <= timedelta(minutes=30)
    visit.refresh_from_db()
    assert visit.sequence == 0
