"""A referring office at the API's door: one call, all of it or none; the stat order, the other leg, the NPI."""

import copy
from typing import Any

import pytest

from clinic.models import Episode, Order, Practice, Referrer, Role, Step
from clinic.story.rule_out import ANSWERS
from scheduling.models import Appointment
from tests.doors.conftest import Door, changes_nothing, refused, send
from triage.wells import ITEMS

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

REFERRAL: dict[str, Any] = {
    "office": {
        "name": "Dr. Rey",
        "caller": "Lena at the front desk",
        "npi": "1234567893",
        "practice": "Belcrest Family Medicine",
        "phone": "301-555-0150",
        "after_hours_phone": "301-555-0159",
        "fax": "301-555-0151",
    },
    "order": {"practitioner": "Dr. Rey", "npi": "1003000126", "side": "left", "d_dimer": "positive"},
    "contact": {
        "given_name": "Maria",
        "family_name": "Lopez",
        "phone": "301-555-0147",
        "zip": "20770",
        "birth_date": "1968-03-09",
    },
    "answers": ANSWERS,
}


def _referral(**changes: Any) -> dict[str, Any]:
    body = copy.deepcopy(REFERRAL)
    for path, value in changes.items():
        group, _, key = path.partition("__")
        if key:
            body[group][key] = value
        else:
            body[group] = value
    return body


def _no_everything() -> dict[str, Any]:
    """A no to each question."""
    answers: dict[str, Any] = copy.deepcopy(ANSWERS)
    answers["wells"] = dict.fromkeys(ITEMS, "no")
    for group in ("symptoms", "history"):
        answers[group] = dict.fromkeys(answers[group], "no")
    answers["worsening"] = "no"
    return answers


def _call(door: Door, **changes: Any) -> Any:
    return send(door.of(Role.REPRESENTATIVE), "POST", "referrals/", _referral(**changes))


def test_a_call_opens_the_episode_with_its_clock_the_office_and_the_order(door: Door) -> None:
    answer = _call(door)
    assert answer.status_code == 201, answer.content
    given = answer.json()
    assert (given["decision"]["disposition"], given["decision"]["tier"]) == ("SAME_DAY_DVT_SCAN", 1)
    assert given["result_by"]
    assert (given["referrer"]["caller"], given["referrer"]["after_hours_phone"]) == (
        "Lena at the front desk",
        "+13015550159",
    )
    assert {name: given["order"][name] for name in ("status", "source", "side", "d_dimer", "npi")} == {
        "status": "signed",
        "source": "referred",
        "side": "left",
        "d_dimer": "positive",
        "npi": "1003000126",
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order__npi": "1003000127"}, "order.npi"),
        ({"office__npi": "1234567890"}, "office.npi"),
        ({"order__side": "right"}, "order.side"),
        ({"office__phone": "12"}, "office.phone"),
        ({"office__after_hours_phone": ""}, "office.after_hours_phone"),
        ({"contact__phone": "12"}, "phone"),
        ({"order__side": "up"}, "order.side"),
    ],
)
def test_what_is_wrong_is_refused_by_field_and_nothing_is_kept(door: Door, changes: dict[str, Any], field: str) -> None:
    refused(changes_nothing(lambda: _call(door, **changes)), 400, "invalid", field)


def test_an_order_for_the_other_leg_is_refused_with_both_sides(door: Door) -> None:
    [error] = _call(door, order__side="right").json()["errors"]
    assert "right side" in error["message"]
    assert "left leg" in error["message"]


def test_a_wrong_field_does_not_hide_an_emergency(door: Door) -> None:
    signs = {**REFERRAL["answers"], "emergency": {**REFERRAL["answers"]["emergency"], "chest_pain": "yes"}}
    answer = _call(door, answers=signs, order__npi="1003000127")
    assert "call 911 now" in answer.json()["detail"]


def test_a_stat_order_is_tier_1_where_every_answer_is_a_no(door: Door) -> None:
    given = _call(door, answers=_no_everything(), order__priority="stat").json()
    decision = given["decision"]
    assert (decision["disposition"], decision["tier"], decision["rule"]) == ("SAME_DAY_DVT_SCAN", 1, "STAT")


def test_an_order_that_is_not_stat_leaves_it_to_the_answers(door: Door) -> None:
    assert _call(door, answers=_no_everything()).json()["decision"]["rule"] != "STAT"


@pytest.mark.parametrize(
    ("group", "sign", "disposition"),
    [("emergency", "chest_pain", "EMERGENCY_911"), ("limb_threat", "limb_cold", "ED_NOW")],
)
def test_danger_signs_win_over_a_stat_order(door: Door, group: str, sign: str, disposition: str) -> None:
    answers = _no_everything()
    answers[group][sign] = "yes"
    given = _call(door, answers=answers, order__priority="stat").json()
    assert given["decision"]["disposition"] == disposition


def test_a_new_practice_is_kept_and_the_next_call_is_filled_in_from_the_directory(door: Door) -> None:
    _call(door)
    client = door.of(Role.REPRESENTATIVE)
    [found] = send(client, "GET", "practices/?npi=12345").json()["results"]
    assert (found["name"], found["phone"]) == ("Belcrest Family Medicine", "+13015550150")
    office = {"name": "Dr. Ito", "caller": "Ann", "npi": "1234567893"}
    given = _call(door, office=office, contact__phone="301-555-0148", contact__given_name="Rosa").json()
    assert (given["referrer"]["practice"], given["referrer"]["phone"]) == ("Belcrest Family Medicine", "+13015550150")
    assert Practice.objects.count() == 1


def test_a_practice_that_nobody_knows_has_to_say_its_number(door: Door) -> None:
    office = {"name": "Dr. Ito", "caller": "Ann", "npi": "1679576722"}
    answer = changes_nothing(lambda: _call(door, office=office))
    refused(answer, 400, "invalid", "office.phone")


def test_the_office_is_owed_the_time_once_it_is_booked_and_again_when_it_is_moved(door: Door) -> None:
    given = _call(door).json()
    client = door.of(Role.REPRESENTATIVE)
    booking = {"patient": given["patient"], "episode": given["episode"], "slot": door.slot(13)}
    visit = send(client, "POST", "appointments/", booking).json()
    [step] = Step.objects.filter(episode=given["episode"], kind="referrer_time")
    assert (step.status, step.owner_role) == ("open", "representative")
    done = send(client, "POST", f"steps/{step.pk}/done/", {"outcome": "office_told"})
    assert done.status_code == 200
    earlier = door.ward.place.at(12, 40).starts_at.isoformat()
    moved = send(client, "POST", f"appointments/{visit['id']}/reschedule/", {"starts_at": earlier})
    assert moved.status_code == 200, moved.content
    assert Step.objects.filter(episode=given["episode"], kind="referrer_time", status="open").count() == 1


def test_an_order_that_follows_is_asked_for_and_the_protocol_does_not_sign_in_its_place(door: Door) -> None:
    given = _call(door, order__signed=False).json()
    booking = {"patient": given["patient"], "episode": given["episode"], "slot": door.slot(13)}
    visit = send(door.of(Role.REPRESENTATIVE), "POST", "appointments/", booking).json()
    assert Order.objects.get().step_id == visit["step"]
    assert Step.objects.filter(episode=given["episode"], kind="order", status="open").count() == 1
    sonographer = door.of(Role.SONOGRAPHER)
    send(sonographer, "POST", f"appointments/{visit['id']}/check-in/")
    answer = send(sonographer, "POST", f"appointments/{visit['id']}/start/", {"side": "left"})
    refused(answer, 409, "order_missing", "order")
    signed = send(door.of(Role.CLINICIAN), "POST", f"episodes/{given['episode']}/orders/", {"side": "left"})
    assert signed.status_code == 201, signed.content
    refused(
        send(sonographer, "POST", f"appointments/{visit['id']}/start/", {"side": "right"}), 409, "side_mismatch", "side"
    )
    started = send(sonographer, "POST", f"appointments/{visit['id']}/start/", {"side": "left"})
    assert started.json()["status"] == "in_progress"


def test_a_call_that_is_sent_twice_with_its_key_is_one(door: Door) -> None:
    client = door.of(Role.REPRESENTATIVE)
    first, second = (send(client, "POST", "referrals/", _referral(), Idempotency_Key="call-1") for _ in range(2))
    assert first.json() == second.json()
    assert (Episode.objects.count(), Referrer.objects.count(), Appointment.objects.count()) == (1, 1, 0)


def test_a_sonographer_takes_no_referral(door: Door) -> None:
    assert send(door.of(Role.SONOGRAPHER), "POST", "referrals/", _referral()).status_code == 403
