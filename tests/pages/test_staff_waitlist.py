"""The line of who waits, and all the ways forward of an episode, as staff see and use them."""

import pytest
from django.test import Client

from clinic.models import Episode, Role, Step
from scheduling.intake import submit
from scheduling.models import Appointment, Offer, OfferKind, OfferStatus, Overbook, ResourceKind, WaitlistEntry
from scheduling.services.calendar import materialise
from scheduling.waitlist.tending import tend_waitlist
from scheduling.waitlist.ways import ways_forward
from tests.factories import make_resource, make_staff
from tests.pages.staff import open_ward
from tests.pages.visitors import words
from tests.scheduling.conftest import Place
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers
from tests.scheduling.line import full, give_back, waits
from tests.scheduling.test_making_room import follow_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db: None) -> Place:
    """One center with one scanner, at noon."""
    return open_ward().place


@pytest.fixture
def stuck(place: Place) -> Episode:
    """A promised scan for which nothing is in time, with somebody who would make room, and an overflow unit."""
    make_resource(place.center, ResourceKind.OVERFLOW)
    materialise(days=3)
    result = submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT)
    follow_up(place, 14)
    full(place)
    assert result.episode is not None
    return result.episode


def browser(role: str = Role.REPRESENTATIVE) -> Client:
    client = Client()
    client.force_login(make_staff(role))
    return client


def test_the_line_shows_who_waits_and_what_is_offered(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    tend_waitlist()
    page = words(browser().get("/staff/waitlist/"))
    assert str(entry.patient) in page
    assert "They said yes" in page


def test_a_yes_on_the_telephone_books_it(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    tend_waitlist()
    offer = entry.offers.get()
    page = browser().post("/staff/waitlist/accept/", {"offer": offer.pk, "next": "/staff/waitlist/"}, follow=True)
    assert "Nobody waits for a time" in words(page)
    assert Appointment.objects.get(pk=offer.hold_id).status == "booked"
    # A second yes is told in words.
    page = browser().post("/staff/waitlist/accept/", {"offer": offer.pk, "next": "/staff/waitlist/"}, follow=True)
    assert "This offer is over" in words(page)


def test_a_no_on_the_telephone_and_the_end_of_the_wait(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    tend_waitlist()
    client = browser()
    client.post("/staff/waitlist/decline/", {"offer": entry.offers.get().pk})
    assert entry.offers.get().status == OfferStatus.DECLINED
    client.post("/staff/waitlist/withdraw/", {"entry": entry.pk})
    assert WaitlistEntry.objects.get().status == "withdrawn"


def test_every_way_stands_on_the_page_of_the_episode(stuck: Episode) -> None:
    page = words(browser().get(f"/staff/episodes/{stuck.pk}/ways/"))
    for words_ in ("Put on the waitlist", "Room that a willing patient", "Add-ons that are possible", "fallback"):
        assert words_ in page
    assert "Ask a clinician" in page
    assert "Approve" not in page


def test_the_same_ways_stand_beside_the_call_that_found_no_time(stuck: Episode) -> None:
    call = stuck.assessments.get().pk
    page = words(browser().get(f"/staff/script/{call}/"))
    assert "No time is free here now" in page
    assert "Put on the waitlist" in page


def test_a_representative_puts_them_on_the_list_and_asks_for_room(stuck: Episode) -> None:
    client = browser()
    client.post(f"/staff/episodes/{stuck.pk}/ways/wait/")
    assert WaitlistEntry.objects.get().episode == stuck
    client.post(f"/staff/episodes/{stuck.pk}/ways/move/")
    assert Offer.objects.get().kind == OfferKind.MOVE


def test_a_representative_asks_and_a_clinician_approves_the_add_on(stuck: Episode) -> None:
    client = browser()
    client.post(f"/staff/episodes/{stuck.pk}/ways/ask/")
    assert Step.objects.filter(episode=stuck, kind="decision", owner_role=Role.CLINICIAN).count() == 1
    [slot, *_] = ways_forward(stuck.pk).add_ons
    form = {"center": slot.center.code, "starts_at": slot.starts_at.isoformat(), "reason": "none_in_time"}
    assert client.post(f"/staff/episodes/{stuck.pk}/ways/overbook/", form).status_code == 403
    clinician = make_staff(Role.CLINICIAN)
    signed = Client()
    signed.force_login(clinician)
    assert "Approve" in words(signed.get(f"/staff/episodes/{stuck.pk}/ways/"))
    page = signed.post(f"/staff/episodes/{stuck.pk}/ways/overbook/", form, follow=True)
    assert "Booked" in words(page)
    assert Overbook.objects.get().approved_by == clinician
    day = words(browser(Role.SONOGRAPHER).get(f"/staff/day/?center={slot.center.code}"))
    assert f"Add-on, approved by {clinician}" in day


def test_the_fallback_is_one_button_away(stuck: Episode) -> None:
    page = browser().post(f"/staff/episodes/{stuck.pk}/ways/fallback/", follow=True)
    assert "another decision is in force" in words(page)
    stuck.refresh_from_db()
    assert stuck.steps.filter(kind="callback", status="open").exists()


def test_whoever_was_called_back_meanwhile_has_their_clock_back_with_the_time(stuck: Episode) -> None:
    client = browser()
    client.post(f"/staff/episodes/{stuck.pk}/ways/wait/")
    client.post(f"/staff/episodes/{stuck.pk}/ways/fallback/")
    stuck.refresh_from_db()
    assert stuck.tier is None
    give_back(Appointment.objects.filter(status="held", hold_purpose="choosing").order_by("starts_at")[2])
    tend_waitlist()
    client.post("/staff/waitlist/accept/", {"offer": Offer.objects.get(kind=OfferKind.SLOT).pk})
    back = Episode.objects.get(pk=stuck.pk)
    assert (back.tier, back.scan_by is not None, back.result_by is not None) == (1, True, True)


def test_nobody_without_the_permission_sees_the_line(place: Place) -> None:
    assert browser(Role.ADMINISTRATOR).get("/staff/waitlist/").status_code == 403


def test_the_step_of_a_booking_leads_to_the_times(place: Place) -> None:
    episode = place.suspected()
    page = browser().get(f"/staff/steps/{episode.steps.get(kind='booking').pk}/")
    assert f'href="/staff/episodes/{episode.pk}/ways/"' in page.content.decode()


def test_where_all_is_full_the_page_says_so(place: Place) -> None:
    episode = place.suspected()
    full(place)
    assert "No time that is free keeps the deadline" in words(browser().get(f"/staff/episodes/{episode.pk}/ways/"))
