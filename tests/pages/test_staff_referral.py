"""A representative takes the call of a doctor's office on one page; a clinician signs and amends on another."""

import re
from typing import Any

import pytest
from django.test import Client

from clinic.models import Center, Order, Practice, Referrer, Role, Step
from scheduling.models import Appointment
from scheduling.services import visits
from tests.pages.staff import Ward
from tests.pages.visitors import words
from triage.models import Assessment

# Static files are collected by a deployment, not by a test.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
PAGE = "/staff/referral/"
CALL: dict[str, Any] = {
    "answered_by": "referrer",
    "none": "on",
    "npi": "1234567893",
    "practice": "Belcrest Family Medicine",
    "caller": "Lena",
    "name": "Dr. Rey",
    "order_npi": "1003000126",
    "office_phone": "301-555-0150",
    "after_hours_phone": "301-555-0159",
    "given_name": "Maria",
    "family_name": "Lopez",
    "birth_date": "03091968",
    "sex": "F",
    "phone": "301-555-0147",
    "zip": "20770",
    "limb": "left_leg",
    "side": "left",
    "priority": "stat",
    "signed": "yes",
    "d_dimer": "positive",
    "onset_days": "2",
    "anticoagulant": "none",
    "found": ["symptoms.swelling", "wells.calf_3cm"],
    "examined": "on",
    "risks_asked": "on",
}


def _take(client: Client, **changes: Any) -> Any:
    stamp = re.search(r'name="call" value="([^"]+)"', client.get(PAGE).content.decode())
    assert stamp
    return client.post(PAGE, CALL | changes | {"call": stamp[1]})


def test_one_call_decides_offers_times_and_keeps_who_called(ward: Ward) -> None:
    desk = ward.browser(Role.REPRESENTATIVE)
    taken = _take(desk)
    assert taken.status_code == 302
    page = words(desk.get(taken.headers["Location"]))
    assert "tier 1" in page
    assert "Belcrest Family Medicine, Lena" in page
    answers = Assessment.objects.get().answers
    assert (answers["wells"]["calf_3cm"], answers["wells"]["pitting_one_leg"]) == ("yes", "no")
    assert (Order.objects.get().status, Referrer.objects.get().npi) == ("signed", "1234567893")


def test_what_was_not_asked_or_examined_stays_unknown(ward: Ward) -> None:
    _take(ward.browser(Role.REPRESENTATIVE), examined="", risks_asked="")
    wells = Assessment.objects.get().answers["wells"]
    assert wells["calf_3cm"] == "yes"
    assert wells.get("pitting_one_leg", "unknown") == "unknown"


def test_danger_signs_that_are_not_known_ask_for_a_clinicians_call(ward: Ward) -> None:
    desk = ward.browser(Role.REPRESENTATIVE)
    taken = _take(desk, none="", not_known="on")
    assert Assessment.objects.get().decisions.order_by("-number")[0].rule == "R3"
    assert taken.status_code == 302


def test_a_call_without_an_answer_to_the_danger_signs_is_not_decided(ward: Ward) -> None:
    answer = _take(ward.browser(Role.REPRESENTATIVE), none="")
    assert answer.status_code == 422
    assert not Assessment.objects.exists()


def test_a_danger_sign_is_told_at_once_though_the_rest_is_missing(ward: Ward) -> None:
    answer = _take(ward.browser(Role.REPRESENTATIVE), none="", emergency=["chest_pain"], given_name="", zip="")
    assert 'href="tel:911"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order_npi": "1003000127"}, "order_npi"),
        ({"npi": "1234567890"}, "npi"),
        ({"side": "right"}, "side"),
        ({"after_hours_phone": ""}, "after_hours_phone"),
        ({"zip": "00000"}, "zip"),
    ],
)
def test_what_is_wrong_comes_back_beside_its_field(ward: Ward, changes: dict[str, str], field: str) -> None:
    answer = _take(ward.browser(Role.REPRESENTATIVE), **changes)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Referrer.objects.exists()


def test_a_page_that_is_sent_twice_takes_one_call(ward: Ward) -> None:
    desk = ward.browser(Role.REPRESENTATIVE)
    stamp = re.search(r'name="call" value="([^"]+)"', desk.get(PAGE).content.decode())
    assert stamp
    first, second = (desk.post(PAGE, CALL | {"call": stamp[1]}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Referrer.objects.count() == 1


def test_a_known_practice_is_found_as_one_types_and_filled_in_without_a_script(ward: Ward) -> None:
    desk = ward.browser(Role.REPRESENTATIVE)
    _take(desk)
    assert Practice.objects.get().name == "Belcrest Family Medicine"
    [found] = desk.post(f"{PAGE}practice/", {"npi": "1234"}).json()["practices"]
    assert (found["npi"], found["office_phone"]) == ("1234567893", "(301) 555-0150")
    looked_up = desk.post(PAGE, {"look_up": "yes", "npi": "1234567893", "given_name": "Rosa"})
    form = looked_up.context["form"]
    assert (form["practice"].value(), form["given_name"].value()) == ("Belcrest Family Medicine", "Rosa")


def test_the_office_is_told_the_time_on_the_page_of_the_call(ward: Ward) -> None:
    desk = ward.browser(Role.REPRESENTATIVE)
    outcome = _take(desk).headers["Location"]
    starts = ward.place.at(13).starts_at.isoformat()
    desk.post(f"{outcome}book/", {"center": ward.place.center.code, "starts_at": starts})
    page = desk.get(outcome)
    step = Step.objects.get(kind="referrer_time")
    assert "The office has the time" in words(page)
    desk.post(f"/staff/steps/{step.pk}/done/", {"outcome": "office_told"})
    step.refresh_from_db()
    assert (step.status, step.outcome) == ("done", "office_told")


def test_a_clinician_signs_and_then_amends_with_a_reason(ward: Ward) -> None:
    Center.objects.update(standing_protocol=False)
    ward.place.center.refresh_from_db()
    visit = ward.place.booked(13)
    clinician, orders = ward.browser(Role.CLINICIAN), f"/staff/episodes/{visit.episode_id}/orders/"
    order = {"study": "leg_veins", "side": "left", "priority": "urgent"}
    assert clinician.post(f"{orders}sign/", order).status_code == 302
    assert clinician.post(f"{orders}sign/", order | {"side": "right"}).status_code == 422
    assert clinician.post(f"{orders}sign/", order | {"side": "right", "reason": "Wrong leg"}).status_code == 302
    assert [row.status for row in Order.objects.order_by("id")] == ["amended", "signed"]
    assert "Wrong leg" in words(clinician.get(orders))


def test_the_side_is_chosen_where_the_visit_is_started(ward: Ward) -> None:
    visit = ward.place.booked(13)
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)
    sonographer = ward.browser(Role.SONOGRAPHER)
    assert "Side on the table" in words(sonographer.get(f"/staff/visits/{visit.pk}/"))
    sonographer.post(f"/staff/visits/{visit.pk}/start/", {"side": "left"})
    assert Appointment.objects.get(pk=visit.pk).status == "in_progress"
