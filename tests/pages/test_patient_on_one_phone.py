"""One phone, several wishes or people one after the other: each gets what is theirs, and nobody another one's."""

from datetime import timedelta

import pytest
from django.test import Client

from clinic import clock
from clinic.access import Actor
from clinic.models import Episode, Link, LinkPurpose, Patient, PatientMerge, Role, StepKind
from clinic.services import links
from clinic.services.merging import merge_patients, undo_merge
from clinic.services.steps import NewStep, open_step
from scheduling.models import Appointment, Resource, WaitlistEntry
from tests.factories import make_patient
from tests.network import Network
from tests.pages.test_patient_waiting import consult
from tests.pages.visitors import BORN, CLOT, DETAILS, answer_all, booked, decide, slots_on, words

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = DETAILS | {"given_name": "Eva", "family_name": "Stone"}


def _link(purpose: LinkPurpose, subject: int, patient: Patient) -> str:
    """The path of a link in a text."""
    until = clock.now() + timedelta(days=30)
    return f"/l/{links.token(links.issue(purpose=purpose, subject_id=subject, patient=patient, expires_at=until))}"


def _followed(network: Network) -> tuple[Client, Episode]:
    """A phone on which somebody has opened their follow-up, who has a repeat scan to choose a time for."""
    visit = Appointment.objects.get(pk=booked(Client()).context["visit"].pk)
    episode = visit.episode
    assert episode is not None
    now = clock.now()
    step = NewStep(
        kind=StepKind.FOLLOW_UP_VISIT,
        due_at=now + timedelta(days=4),
        owner_role=Role.CLINICIAN,
        center_id=visit.center_id,
        window_start=now + timedelta(days=2),
        window_end=now + timedelta(days=6),
    )
    open_step(network.actor("rosa"), episode=episode, new=step)
    phone = Client()
    phone.post(_link(LinkPurpose.FOLLOW_UP, episode.pk, episode.patient), {"birth_date": BORN})
    assert slots_on(phone.get("/slots/"))
    return phone, episode


def _asked_for(phone: Client, details: dict[str, str]) -> None:
    assert answer_all(phone, CLOT | {"contact.phone": "301-555-0163"}).request["PATH_INFO"] == "/check/details/"
    phone.post("/check/details/", details, follow=True)


def test_new_answers_on_the_phone_of_a_follow_up_lead_to_a_scan_and_not_to_the_follow_ups_visit(
    network: Network,
) -> None:
    phone, episode = _followed(network)
    _asked_for(phone, OTHER)
    phone.post("/slots/hold/", slots_on(phone.get("/slots/"))[0])
    phone.post("/slots/kept/", follow=True)
    [new] = Appointment.objects.exclude(episode=episode).filter(status="booked")
    assert (new.visit_type.kind, new.patient.given_name) == ("dvt_scan", "Eva")  # type: ignore[union-attr]
    # Once it is booked, the follow-up's own times are there again.
    phone.get("/follow-up/")
    phone.post("/slots/hold/", slots_on(phone.get("/slots/"))[0])
    phone.post("/slots/kept/", follow=True)
    assert Appointment.objects.get(status="booked", visit_type__kind="follow_up_visit").episode == episode


def test_a_consultation_that_another_tab_keeps_is_not_booked_in_place_of_a_scan(browser: Client) -> None:
    browser.post("/book/", {"none": "on", "zip": "20770"})
    browser.post("/slots/hold/", slots_on(browser.get("/slots/"))[0])
    decide(browser)
    answer = browser.post("/slots/kept/", follow=True)
    assert answer.request["PATH_INFO"] == "/slots/"
    assert not Appointment.objects.filter(status__in=("booked", "held")).exists()
    assert Episode.objects.get().steps.filter(kind=StepKind.BOOKING, status="open").exists()


def test_the_place_on_the_list_is_of_who_asked_for_it_and_the_next_one_can_ask_too(browser: Client) -> None:
    decide(browser)
    Resource.objects.filter(kind="sonographer").update(active=False)
    assert "You are on the list" in words(browser.post("/slots/wait/", {"short_notice": "on"}, follow=True))
    browser.post("/check/restart/")
    Resource.objects.filter(kind="sonographer").update(active=True)
    _asked_for(browser, OTHER)
    Resource.objects.filter(kind="sonographer").update(active=False)
    assert "You are on the list" not in words(browser.get("/check/next/"))
    browser.post("/slots/wait/", {"short_notice": "on"}, follow=True)
    assert sorted(entry.patient.given_name for entry in WaitlistEntry.objects.all()) == ["Eva", "Maria"]


def test_what_one_person_needs_is_not_looked_for_for_the_next(browser: Client) -> None:
    browser.post("/book/", {"none": "on", "zip": "20770"})
    given = {**DETAILS, "phone": "301-555-0148", "short_notice": "on", "wheelchair": "on"}
    browser.post("/slots/wait/", given, follow=True)
    assert WaitlistEntry.objects.get().needs == "wheelchair"
    browser.post("/book/", {"none": "on", "zip": "20770"})
    browser.post("/slots/hold/", slots_on(browser.get("/slots/"))[0])
    assert Appointment.objects.get(status="held").needs == ""


def _parted(clinician: Actor, visit: Appointment) -> tuple[Patient, PatientMerge]:
    """Somebody into whose record that of a visit's patient was merged, by mistake."""
    other = make_patient(given_name="Mara", family_name="Lopez")
    merge = merge_patients(clinician, duplicate_id=visit.patient_id or 0, kept_id=other.pk, reason="Same phone.")
    return other, merge


def test_a_link_of_a_merge_that_was_taken_back_opens_nothing_of_the_other_person(network: Network) -> None:
    visit = consult(network, Client())
    clinician = network.actor("clara")
    other, merge = _parted(clinician, visit)
    phones = {
        "/visit/": _link(LinkPurpose.VISIT, visit.pk, other),
        "/follow-up/": _link(LinkPurpose.FOLLOW_UP, visit.episode_id or 0, other),
    }
    opened = {page: Client() for page in phones}
    for page, phone in opened.items():
        answer = phone.post(phones[page], {"birth_date": "1970-01-01"}, follow=True)
        assert answer.request["PATH_INFO"] == page
        assert answer.status_code == 200, words(answer)
    undo_merge(clinician, merge_id=merge.pk)
    assert opened["/visit/"].get("/visit/").status_code == 404
    assert opened["/visit/"].post("/visit/cancel/").status_code == 404
    assert opened["/follow-up/"].get("/slots/").status_code == 302
    visit.refresh_from_db()
    assert visit.status == "booked"
    # The patient's own link goes on.
    own = Client()
    own.post(f"/l/{links.token(Link.objects.get(purpose='visit', patient=visit.patient))}", {"birth_date": BORN})
    assert own.get("/visit/").status_code == 200
