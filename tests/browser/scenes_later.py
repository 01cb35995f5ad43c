"""Patients who have a visit, a place on the list, a link or a result: what their pages show then."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.test import Client
from playwright.sync_api import Page

from clinic import clock
from clinic.models import Link, LinkPurpose, Patient, Role
from clinic.services import links
from clinic.services.episodes import close_episode
from scheduling.models import Appointment, Offer
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.wanted import SlotChoice
from scheduling.waitlist.tending import tend_waitlist
from tests.browser.scenes import Shot, nobody_scans, sends
from tests.browser.test_patient_screens import speaking
from tests.factories import make_patient, set_clock, tomorrow_at
from tests.kernel import acting
from tests.network import Network
from tests.pages.staff import open_ward
from tests.pages.told import BORN as TOLD_BORN
from tests.pages.told import link_to, phone_of, signed, tell
from tests.pages.visitors import booked, link_on, slots_on, well
from tests.scheduling.line import full, give_back, waits
from tests.scheduling.test_making_room import follow_up


def _proving(
    purpose: LinkPurpose, subject_id: int, patient: Patient, language: str, born: str = "1970-01-01"
) -> Client:
    """The browser of a patient who has opened a link."""
    expires_at = clock.now() + timedelta(days=30)
    link = links.issue(purpose=purpose, subject_id=subject_id, patient=patient, expires_at=expires_at)
    client = speaking(language)
    client.post(f"/l/{links.token(link)}", {"birth_date": born})
    return client


def lists(network: Network, language: str) -> Iterator[Shot]:
    """The list for a time that comes free, and the offer of one."""
    late = SlotChoice(network.types["consult"], network.home, tomorrow_at(12, days=2))
    patient = make_patient(language=language)
    visit = book(network.actor("rosa"), patient=patient, slot=late)
    client = _proving(LinkPurpose.VISIT, visit.pk, patient, language)
    client.post("/visit/sooner/", {"short_notice": "on"})
    yield Shot("waiting for sooner", client, "/wait/")
    tend_waitlist()
    offer = Offer.objects.get()
    yield Shot("waiting with an offer", client, "/wait/")
    opened = _proving(LinkPurpose.OFFER, offer.pk, patient, language)
    yield Shot("offer", opened, "/offer/")
    yield Shot("offer signs", opened, "/offer/signs/")
    opened.post("/offer/signs/", {"none": "on"})
    opened.post("/offer/take/")
    yield Shot("offer taken", opened, "/visit/")
    yield Shot("offer accepted", opened, "/offer/")


def gone(network: Network, language: str) -> Iterator[Shot]:
    """A time that was offered, and that somebody else has now: nobody said yes in time."""
    nobody_scans()
    place = open_ward().place
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    tend_waitlist()
    offer = Offer.objects.get(entry=entry)
    set_clock(offer.expires_at + timedelta(minutes=1))
    tend_waitlist()
    late = _proving(LinkPurpose.OFFER, offer.pk, offer.patient, language)
    yield Shot("offer gone", late, "/offer/")


def moves(network: Network, language: str) -> Iterator[Shot]:
    """A willing patient is asked to move, says no; a visit whose time moves on."""
    nobody_scans()
    place = open_ward().place
    visit = follow_up(place, 14)
    full(place)
    waits(place)
    tend_waitlist()
    offer = Offer.objects.get(kind="move")
    opened = _proving(LinkPurpose.OFFER, offer.pk, offer.patient, language)
    yield Shot("offer to move", opened, "/offer/")
    opened.post("/offer/leave/")
    yield Shot("offer to move left", opened, "/offer/")
    assert visit.patient is not None
    own = _proving(LinkPurpose.VISIT, visit.pk, visit.patient, language)
    own.post("/visit/signs/", {"none": "on"})
    yield Shot("repeat scan visit", own, "/visit/")
    yield Shot("move a repeat scan", own, "/visit/move/")
    nobody_scans()
    yield Shot("no other time", own, "/visit/move/")


def visit(network: Network, language: str) -> Iterator[Shot]:
    """A rule-out that is booked, asked about, moved, cancelled."""
    client = speaking(language)
    path = link_on(booked(client))
    yield Shot("landing booked", client, "/")
    yield Shot("outcome booked", client, "/check/next/")
    yield Shot("signs fault", client, "/visit/signs/", sends())
    well(client)
    late = Appointment.objects.get().starts_at + timedelta(hours=5)
    client.post("/visit/move/", {"center": network.home.code, "starts_at": late.isoformat()})
    yield Shot("move too late", client, "/visit/move/")
    client.post("/visit/move/", slots_on(client.get("/visit/move/"))[-1])
    yield Shot("visit moved", client, "/visit/")
    client.post("/visit/confirm/")
    yield Shot("visit confirmed", client, "/visit/")
    yield Shot("link", speaking(language), path)
    yield Shot("link fault", speaking(language), path, sends(birth_date="1968-03-08"))
    client.post("/visit/cancel/")
    yield Shot("visit cancelled", client, "/visit/")
    other = speaking(language)
    booked(other)
    other.post("/visit/signs/", {"emergency": "new_cough_or_lightheaded"})
    yield Shot("help", other, "/visit/help/")


def day(network: Network, language: str) -> Iterator[Shot]:
    """The visit while it takes place, after it, and where nobody came."""
    place = open_ward().place
    sonographer = acting(Role.SONOGRAPHER, home_center=place.center)
    here, missed = place.booked(13), place.booked(14)
    for found in (here, missed):
        assert found.patient is not None
    client = _proving(LinkPurpose.VISIT, here.pk, here.patient, language)  # type: ignore[arg-type]
    absent = _proving(LinkPurpose.VISIT, missed.pk, missed.patient, language)  # type: ignore[arg-type]
    visits.check_in(sonographer, appointment_id=here.pk)
    yield Shot("visit arrived", client, "/visit/")
    visits.start(sonographer, appointment_id=here.pk)
    visits.complete(sonographer, appointment_id=here.pk)
    yield Shot("visit completed", client, "/visit/")
    set_clock(missed.ends_at)
    visits.no_show(sonographer, appointment_id=missed.pk)
    yield Shot("visit missed", absent, "/visit/")


def proofs(network: Network, language: str) -> Iterator[Shot]:
    """Links that are over, and the code before a result: asked for, wrong, too late; the result once it was read."""
    report = tell(signed("no_dvt_complete"))
    link = link_to(report)
    client = speaking(language)
    client.post(f"/l/{links.token(link)}", {"birth_date": TOLD_BORN})
    client.post("/result/", {"action": "send_code"})
    yield Shot("code sent", client, "/result/")
    yield Shot("code sent twice", client, "/result/", sends("main form:has(button[value=send_code])"))
    yield Shot("code wrong", client, "/result/", _code("000000"))
    clock.advance(timedelta(minutes=11))
    yield Shot("code too late", client, "/result/", _code("000000"))
    reader = phone_of(report, speaking(language))
    reader.post("/result/", {"action": "read"})
    yield Shot("result read", reader, "/result/")
    Link.objects.filter(pk=link.pk).update(locked_at=clock.now())
    yield Shot("link locked", speaking(language), f"/l/{links.token(link)}")
    Link.objects.filter(pk=link.pk).update(locked_at=None, expires_at=clock.now())
    yield Shot("link expired", speaking(language), f"/l/{links.token(link)}")
    yield Shot("link of nobody", speaking(language), "/l/" + "a" * 22)
    yield Shot("session over", speaking(language), "/visit/")


def _code(code: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.fill("#code", code)
        with page.expect_navigation():
            page.locator("button[value=check_code]").click()

    return act


def timelines(network: Network, language: str) -> Iterator[Shot]:
    """What follows: a scan to be chosen, and all over."""
    report = tell(signed("no_dvt_limited"))
    episode, patient = report.episode, report.episode.patient
    client = _proving(LinkPurpose.FOLLOW_UP, episode.pk, patient, language, TOLD_BORN)
    yield Shot("follow-up awaiting", client, "/follow-up/")
    yield Shot("follow-up slots", client, "/slots/")
    over = tell(signed("no_dvt_complete")).episode
    finished = _proving(LinkPurpose.FOLLOW_UP, over.pk, over.patient, language, TOLD_BORN)
    close_episode(acting(Role.PHYSICIAN), episode_id=over.pk, reason="lost_to_follow_up")
    yield Shot("follow-up over", finished, "/follow-up/")
