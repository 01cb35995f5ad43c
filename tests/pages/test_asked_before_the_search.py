"""What somebody needs to be seen is asked before a time is looked for: in a call, at the desk, in a referral."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from clinic.models import AccessNeeds, Patient, Role, Staff, Step, StepKind
from scheduling import bits
from scheduling.models import Appointment, Resource, ResourceDay, ResourceKind
from tests.doors.conftest import send
from tests.network import Network
from tests.pages.calls import CLOT, PAGE, take
from tests.pages.staff import Ward, open_ward
from tests.pages.test_staff_referral import CALL
from tests.pages.test_staff_walk_in import EVE
from tests.pages.visitors import words
from triage.models import Assessment, Draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
HEAVY = {"access.weight_lb": "420", "access.mobility": "wheelchair", "access.interpreter": "ht"}
NO_PHONE = {"contact.phone": "", "access.no_phone": "yes"}
DESK_NEEDS = {"none": "on", "mobility": "wheelchair", "transfer": "lift", "weight_lb": "420", "interpreter": "asl"}


@pytest.fixture
def rosa(network: Network) -> Client:
    client = Client()
    client.force_login(network.staff["rosa"])
    return client


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


def _decision() -> str:
    last = Assessment.objects.get().decisions.order_by("-number").first()
    assert last is not None
    return str(last.disposition)


def test_a_call_offers_no_room_whose_table_does_not_carry_them(rosa: Client, network: Network) -> None:
    Resource.objects.filter(kind=ResourceKind.ROOM).update(table_limit_lb=350)
    page = take(rosa, CLOT | HEAVY)
    assert _decision() != "SAME_DAY_DVT_SCAN"
    assert not page.context["slots"]


def test_a_call_offers_the_one_center_with_such_a_room_and_keeps_no_weight(rosa: Client, network: Network) -> None:
    fitting = list(network.centers.values())[1]
    Resource.objects.filter(kind=ResourceKind.ROOM).update(table_limit_lb=350)
    Resource.objects.filter(kind=ResourceKind.ROOM, center=fitting).update(table_limit_lb=450)
    page = take(rosa, CLOT | HEAVY)
    assert _decision() == "SAME_DAY_DVT_SCAN"
    assert {slot.center.code for slot in page.context["slots"]} == {fitting.code}
    assert "Only what has this is shown: a way in for a wheelchair, a table for 450 lb." in words(page)
    row = AccessNeeds.objects.get()
    assert (row.mobility, row.table_limit_lb, row.interpreter) == ("wheelchair", 450, "ht")
    assert "420" not in json.dumps([Draft.objects.get().answers, Assessment.objects.get().answers])


def test_who_says_nothing_in_a_call_takes_nothing_back(rosa: Client) -> None:
    take(rosa, CLOT | {"access.mobility": "wheelchair"})
    take(rosa, CLOT | {"access.interpreter": "ht"})
    row = AccessNeeds.objects.get()
    assert (row.mobility, row.interpreter) == ("wheelchair", "ht")


def test_a_caller_without_a_phone_is_taken_with_another_way_and_only_with_one(rosa: Client) -> None:
    refused = take(rosa, CLOT | NO_PHONE)
    assert refused.status_code == 422
    assert not Patient.objects.exists()
    page = take(rosa, CLOT | NO_PHONE | {"access.in_person_plan": "Comes in at 3 pm"})
    patient = Patient.objects.get()
    assert (patient.phone, patient.in_person_plan) == (None, "Comes in at 3 pm")
    assert "Comes in at 3 pm" in words(page)
    known = rosa.get(f"{PAGE}?patient={patient.pk}").content.decode()
    assert "Comes in at 3 pm" in known


def test_a_refused_contact_comes_back_beside_its_question(rosa: Client) -> None:
    answer = take(rosa, CLOT | NO_PHONE | {"access.contact_name": "Ann", "access.contact_phone": "12"})
    assert answer.status_code == 422
    assert "ask-error" in answer.content.decode().split('data-name="access.contact_phone"')[1].split("data-name=")[0]


def _to_the_gaps(ward: Ward, **said: str) -> tuple[Client, str]:
    desk = ward.browser(Role.REPRESENTATIVE)
    answer = desk.post(f"/staff/walk-in/{ward.place.center.code}/", said or DESK_NEEDS)
    return desk, answer.headers["Location"]


def test_at_the_desk_rooms_that_do_not_fit_are_left_out_of_the_gaps(ward: Ward) -> None:
    desk, page = _to_the_gaps(ward)
    assert "Only rooms that fit what they need were looked at" in words(desk.get(page))
    assert "420" not in page
    Resource.objects.filter(kind=ResourceKind.ROOM).update(table_limit_lb=500, lift=True)
    assert desk.get(page).context["form"].fields["gap"].choices


def test_at_the_desk_the_room_that_fits_is_taken_and_the_interpreter_is_arranged(ward: Ward) -> None:
    Resource.objects.filter(kind=ResourceKind.ROOM).update(table_limit_lb=500, lift=True)
    desk, page = _to_the_gaps(ward)
    gap = desk.get(page).context["form"].fields["gap"].choices[0][0]
    desk.post(page, {**EVE, "gap": gap})
    visit = Appointment.objects.get()
    assert (visit.status, visit.needs) == ("arrived", "wheelchair lift table-450")
    row = AccessNeeds.objects.get(patient=visit.patient)
    assert (row.transfer, row.table_limit_lb, row.interpreter) == ("lift", 450, "asl")
    assert Step.objects.filter(episode=visit.episode, kind=StepKind.LANGUAGE_LINE).exists()


def test_at_the_desk_somebody_without_a_phone_is_placed_with_a_plan_and_not_without(ward: Ward) -> None:
    desk, page = _to_the_gaps(ward, none="on")
    gap = desk.get(page).context["form"].fields["gap"].choices[0][0]
    refused = desk.post(page, {**EVE, "phone": "", "gap": gap})
    assert refused.status_code == 422
    assert "phone" in refused.context["form"].errors
    assert not Patient.objects.filter(given_name="Eve").exists()
    desk.post(page, {**EVE, "phone": "", "address": "4 Elm Street", "gap": gap})
    assert Appointment.objects.get().patient == Patient.objects.get(given_name="Eve", phone=None)


def test_the_api_looks_for_gaps_by_need_and_places_who_has_no_phone(ward: Ward) -> None:
    client, code = ward.browser(Role.REPRESENTATIVE), ward.place.center.code
    path = f"walk-ins/gaps/?center={code}&visit_type=V10"
    assert send(client, "GET", path).json()["results"]
    (person,) = send(client, "GET", f"{path}&table_lb=500").json()["results"]
    assert person["starts"] == []
    (person,) = send(client, "GET", path).json()["results"]
    _, page = _to_the_gaps(ward, none="on")
    who = {"given_name": "Eve", "family_name": "Walker", "zip": "20770", "access": {"in_person_plan": "At 4 pm"}}
    place = {"center": code, "visit_type": "V10", "accepted_by": person["person"], "starts_at": person["starts"][0]}
    answer = send(client, "POST", f"walk-ins/{page.rstrip('/').split('/')[-1]}/place/", {**place, "register": who})
    assert answer.status_code == 201, answer.content
    assert Patient.objects.get(given_name="Eve").in_person_plan == "At 4 pm"


def _refer(ward: Ward, **changes: Any) -> Any:
    client = ward.browser(Role.REPRESENTATIVE)
    stamp = re.search(r'name="call" value="([^"]+)"', client.get("/staff/referral/").content.decode())
    assert stamp
    return client.post("/staff/referral/", CALL | changes | {"call": stamp[1]})


def test_an_office_refers_somebody_in_a_wheelchair_who_has_no_phone(ward: Ward) -> None:
    assert _refer(ward, phone="").status_code == 422
    assert not Patient.objects.exists()
    ann = {"contact_name": "Ann Lee", "contact_phone": "301-555-0188", "mobility": "wheelchair"}
    assert _refer(ward, phone="", **ann).status_code == 302
    patient = Patient.objects.get()
    assert (patient.phone, patient.contact_phone) == (None, "+13015550188")
    assert AccessNeeds.objects.get(patient=patient).mobility == "wheelchair"


def test_an_office_refers_over_the_api_with_access_needs(ward: Ward) -> None:
    from tests.doors.test_referrals import REFERRAL  # noqa: PLC0415

    contact = {**REFERRAL["contact"], "phone": "", "access": {"address": "4 Elm Street", "transfer": "helper"}}
    answer = send(ward.browser(Role.REPRESENTATIVE), "POST", "referrals/", {**REFERRAL, "contact": contact})
    assert answer.status_code == 201, answer.content
    patient = Patient.objects.get()
    assert (patient.phone, patient.contact_address, patient.access_needs.transfer) == (None, "4 Elm Street", "helper")


def test_the_api_registers_who_has_no_phone_only_with_another_way(ward: Ward) -> None:
    client = ward.browser(Role.REPRESENTATIVE)
    who = {"given_name": "Otto", "family_name": "Finder", "zip": "20770"}
    refused = send(client, "POST", "patients/", who)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "phone")
    answer = send(client, "POST", "patients/", {**who, "reached_by": {"in_person_plan": "At 4 pm"}})
    assert (answer.status_code, answer.json()["phone"]) == (201, None)
    assert answer.json()["reached_by"]["in_person_plan"] == "At 4 pm"
    found = send(client, "POST", "patients/search/", {"name": "Finder"}).json()["results"]
    assert [each["id"] for each in found] == [answer.json()["id"]]
    assert "No telephone: At 4 pm" in words(client.get(f"/staff/patients/{answer.json()['id']}/"))


# Somebody who speaks a language.


def _speaks(network: Network, *codes: str) -> str:
    """Have the person who scans at one center alone speak these languages; return the center's code."""
    only = list(network.centers.values())[1]
    Staff.objects.update(languages=[])
    Staff.objects.filter(resource__center=only, resource__kind=ResourceKind.SONOGRAPHER).update(languages=[*codes])
    return only.code


def test_a_call_can_ask_for_somebody_who_speaks_a_language_and_books_with_them(rosa: Client, network: Network) -> None:
    only = _speaks(network, "es")
    page = take(rosa, CLOT)
    assert page.context["spoken"] == {"es": "Spanish"}
    assert len({slot.center.code for slot in page.context["slots"]} | {only}) > 1
    call = page.context["assessment"].pk
    asked = rosa.get(f"{PAGE}{call}/?language=es")
    assert "Only what has this is shown: somebody who speaks Spanish." in words(asked)
    slots = asked.context["slots"]
    assert {slot.center.code for slot in slots} == {only}
    given = {"center": only, "starts_at": slots[0].starts_at.isoformat(), "language": "es"}
    rosa.post(f"{PAGE}{call}/book/", given)
    assert Appointment.objects.get(status="booked").needs == "language-es"


def test_where_nobody_who_speaks_it_is_free_nothing_is_decided_and_the_others_are_one_button_away(
    rosa: Client, network: Network
) -> None:
    _speaks(network, "es")
    page = take(rosa, CLOT)
    call = page.context["assessment"].pk
    ResourceDay.objects.filter(resource__staff__languages__contains=["es"]).update(shift=bits.encode(0))
    asked = rosa.get(f"{PAGE}{call}/?language=es")
    assert "Nobody who speaks it is free here in time." in words(asked)
    assert "No time is in time: decide" not in words(asked)
    assert "Show whoever is free" in words(asked)
    assert rosa.get(f"{PAGE}{call}/").context["slots"]


@pytest.mark.parametrize("code", ["xx", "en"])
def test_a_language_that_is_none_books_nothing(rosa: Client, network: Network, code: str) -> None:
    page = take(rosa, CLOT)
    call, slot = page.context["assessment"].pk, page.context["slots"][0]
    assert rosa.get(f"{PAGE}{call}/?language={code}").context["slots"]
    given = {"center": slot.center.code, "starts_at": slot.starts_at.isoformat(), "language": code}
    assert "Choose one of the languages of the list." in words(rosa.post(f"{PAGE}{call}/book/", given, follow=True))
    assert not Appointment.objects.filter(status="booked").exists()
