"""The script of a call: emergency first, nothing answered beforehand, what is wrong beside its question."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from clinic import clock
from clinic.models import Consent, Episode, Patient, Role
from tests.factories import make_staff
from tests.network import Network
from tests.pages.calls import CLOT, CRAMPS, PAGE, WHO, script, stamp, take
from tests.pages.visitors import words
from triage.models import Assessment, Draft
from triage.questionnaire import SECTIONS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rosa(network: Network) -> Client:
    client = Client()
    client.force_login(network.staff["rosa"])
    return client


@pytest.fixture
def clara(network: Network) -> Client:
    client = Client()
    client.force_login(network.staff["clara"])
    return client


def names(page: str) -> list[str]:
    """The questions of the page, in order."""
    return list(dict.fromkeys(re.findall(r'data-name="([\w.]+)"', page)))


def wrong(page: str, name: str) -> bool:
    """Whether something stands beside a question."""
    block = page.split(f'data-name="{name}"')[1].split('data-name="', maxsplit=1)[0]
    return "ask-error" in block


def test_danger_comes_first_and_then_how_to_reach_the_caller(rosa: Client) -> None:
    page = rosa.get(PAGE).content.decode()
    emergency = [item.key for item in SECTIONS[0].items]
    assert names(page)[: len(emergency)] == emergency
    assert names(page)[len(emergency)] == "contact.phone"
    assert names(page)[len(emergency) + 16] == "limb_threat.limb_blue_white_or_mottled"


def test_nothing_is_answered_beforehand(rosa: Client) -> None:
    page = rosa.get(PAGE).content.decode()
    assert " checked" not in page.split('id="script"')[1]


def test_the_words_are_those_to_say_in_the_language_of_the_caller(rosa: Client) -> None:
    item = SECTIONS[0].items[0]
    assert item.script is not None
    english, spanish = (rosa.get(f"{PAGE}?language={code}").content.decode() for code in ("en", "es"))
    assert item.script[0] in english
    assert item.script[1] in spanish
    assert item.question[0] not in english


def test_another_language_keeps_what_was_typed_and_decides_nothing(rosa: Client) -> None:
    answer = rosa.post(PAGE, WHO | {"emergency.chest_pain": "no", "switch": "es", "call": stamp(rosa.get(PAGE))})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "¿Ha tosido sangre?" in page
    assert 'value="301-555-0147"' in page
    assert "checked" in page.split('data-name="emergency.chest_pain"')[1].split("</div>")[1]
    assert not Assessment.objects.exists()


def test_a_danger_sign_decides_at_once_with_nothing_else_asked(rosa: Client) -> None:
    page = rosa.post(PAGE, {"emergency.chest_pain": "yes", "call": stamp(rosa.get(PAGE))}, follow=True)
    assert "Call 911" in words(page)
    row = Assessment.objects.get()
    assert row.decisions.get().rule == "R1"
    assert row.answers["emergency"] == {"chest_pain": "yes"}
    assert "Where are you now?" in words(page)


def test_what_else_is_wrong_never_holds_up_a_danger_sign(rosa: Client) -> None:
    broken = {"contact.phone": "12", "patient.birth_date": "31/31/1900", "kept.surgery_date": "01012999", "limb": "x"}
    page = take(rosa, CLOT | broken | {"limb_threat.limb_cold": "yes"})
    assert Assessment.objects.get().decisions.get().rule == "R2"
    assert "Go to the emergency room now" in words(page)


def test_a_likely_clot_is_registered_and_its_clock_starts_when_the_call_began(rosa: Client) -> None:
    call = stamp(rosa.get(PAGE))
    began = clock.now()
    clock.advance(timedelta(minutes=6))
    page = rosa.post(PAGE, script(CLOT, call=call), follow=True)
    assert "Scan today" in words(page)
    row = Assessment.objects.get()
    assert (row.answered_by, row.recorded_by, row.language) == ("staff", page.wsgi_request.user, "en")
    assert abs(row.first_answer_at - began) < timedelta(seconds=5)
    patient = Patient.objects.get()
    assert (patient.given_name, str(patient.birth_date), patient.phone) == ("Maria", "1968-03-09", "+13015550147")
    assert Consent.objects.get().channel == "phone"
    assert Episode.objects.get().clock_started_at == row.first_answer_at


def test_the_first_answer_restarts_a_page_that_lay_open_and_a_forgotten_one_counts_an_hour(rosa: Client) -> None:
    call = stamp(rosa.get(PAGE))
    clock.advance(timedelta(hours=3))
    told = rosa.post(f"{PAGE}asked/", {"call": call, "emergency.chest_pain": "no"}).json()
    first = clock.now()
    rosa.post(PAGE, script(CRAMPS, call=told["call"]))
    assert abs(Assessment.objects.get().first_answer_at - first) < timedelta(seconds=5)
    rosa.post(PAGE, script(CRAMPS, call=call))
    assert Assessment.objects.count() == 1, "it is the same call"
    call = stamp(rosa.get(PAGE))
    clock.advance(timedelta(hours=3))
    rosa.post(PAGE, script(CRAMPS, call=call))
    assert clock.now() - Assessment.objects.latest("id").first_answer_at < timedelta(minutes=61)


def test_a_call_sent_twice_is_decided_once(rosa: Client) -> None:
    call = stamp(rosa.get(PAGE))
    sent = [rosa.post(PAGE, script(CLOT, call=call))["Location"] for _ in range(2)]
    assert sent[0] == sent[1]
    assert Episode.objects.count() == 1
    assert Draft.objects.get().assessment == Assessment.objects.get()


def test_a_mark_that_is_not_ours_decides_nothing_and_keeps_what_was_typed(rosa: Client) -> None:
    answer = rosa.post(PAGE, script(CLOT, call="forged"))
    assert answer.status_code == 422
    assert 'value="301-555-0147"' in answer.content.decode()
    assert not Assessment.objects.exists()
    assert rosa.post(PAGE, script(CLOT, call=stamp(answer))).status_code == 302


def test_what_was_not_asked_is_not_known(rosa: Client) -> None:
    page = rosa.post(PAGE, WHO | {"call": stamp(rosa.get(PAGE))}, follow=True)
    assert "A clinician calls back" in words(page)
    assert Assessment.objects.get().decisions.order_by("number")[0].rule == "R3"


@pytest.mark.parametrize("missing", ["contact.phone", "contact.zip", "contact.given_name", "contact.family_name"])
def test_who_it_is_must_be_asked_unless_there_is_danger(rosa: Client, missing: str) -> None:
    answer = take(rosa, CLOT | {missing: ""})
    assert answer.status_code == 422
    assert wrong(answer.content.decode(), missing)
    assert not Assessment.objects.exists()


def test_a_relative_says_who_they_are_and_it_is_kept(rosa: Client) -> None:
    answer = take(rosa, CLOT | {"contact.answering_for": "relative"})
    page = answer.content.decode()
    assert [wrong(page, f"contact.{each}") for each in ("name", "relation", "consent")] == [True] * 3
    relative = {"contact.answering_for": "relative", "contact.name": "Leo", "contact.relation": "son"}
    page = take(rosa, CLOT | relative | {"contact.consent": "yes"})
    row = Assessment.objects.get()
    assert (row.answered_by, row.relation, row.relative_name) == ("relative", "son", "Leo")
    assert row.draft.answers["contact"]["consent"] == "yes"
    assert "answered by Leo (son)" in words(page)


@pytest.mark.parametrize(
    ("answers", "beside"),
    [
        ({"contact.phone": "12"}, "contact.phone"),
        ({"contact.zip": "00000"}, "contact.zip"),
        ({"patient.birth_date": "31/31/1968"}, "patient.birth_date"),
        ({"patient.birth_date": "01012999"}, "patient.birth_date"),
        ({"onset_days": "-1"}, "onset_days"),
        ({"limb": "tail"}, "limb"),
        ({"kept.surgery_date": "01012999"}, "kept.surgery_date"),
        ({"kept.surgery_date": "01012020", "kept.days_in_bed": "0"}, "wells.bedridden_3d_or_surgery_12w"),
        ({"kept.calf_left_cm": "5"}, "kept.calf_left_cm"),
        (
            {"wells.calf_3cm": "no", "kept.calf_left_cm": "40.0", "kept.calf_right_cm": "37.0"},
            "wells.calf_3cm",
        ),
    ],
)
def test_a_wrong_answer_comes_back_beside_its_question_and_all_else_is_kept(
    rosa: Client, answers: dict[str, str], beside: str
) -> None:
    answer = take(rosa, CLOT | {"kept.notes": "Hurts at night"} | answers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert wrong(page, beside)
    assert 'value="Hurts at night"' in page
    assert all(f'value="{value}"' in page for value in answers.values() if value != "tail")
    assert not Assessment.objects.exists()


def test_answers_that_do_not_fit_are_asked_back_with_the_decision_and_may_stand(rosa: Client) -> None:
    answer = take(rosa, CLOT | {"limb": "unknown"})
    page = words(answer)
    assert answer.status_code == 422
    assert page.count("There is a sign, but no leg or arm is named. Which one is it?") == 2
    assert "the decision is: A clinician calls back" in page
    assert not Assessment.objects.exists()
    stands = take(rosa, CLOT | {"limb": "unknown"}, answers_are_right="yes")
    assert "These answers do not fit together" in words(stands)
    assert "A clinician calls back" in words(stands)
    assert take(rosa, CLOT).status_code == 200


def test_an_answer_whose_question_went_away_is_left_out(rosa: Client) -> None:
    arm = {"limb": "left_arm", "wells.entire_leg_swollen": "yes", "kept.calf_left_cm": "44", "kept.days_in_bed": "9"}
    take(rosa, CLOT | arm | {"wells.bedridden_3d_or_surgery_12w": "no", "constans.unilateral_edema": "yes"})
    row = Assessment.objects.get()
    assert row.answers["wells"]["entire_leg_swollen"] == "no"
    assert row.kept == {}


def test_what_was_examined_counts_for_staff_and_the_calf_follows_from_both_measures(rosa: Client) -> None:
    found = {"wells.deep_vein_tenderness": "yes", "kept.calf_left_cm": "41.5", "kept.calf_right_cm": "38,5"}
    take(rosa, CLOT | found)
    row = Assessment.objects.get()
    assert row.kept == {"calf_left_cm": 41.5, "calf_right_cm": 38.5}
    assert row.decisions.order_by("number")[0].scores["wells_yes"] == 3


def test_only_a_clinician_is_asked_for_the_alternative(rosa: Client, clara: Client) -> None:
    key = "wells.alternative_dx_clinician"
    assert key not in names(rosa.get(PAGE).content.decode())
    assert key in names(clara.get(PAGE).content.decode())
    take(rosa, CLOT | {key: "yes"})
    assert key.partition(".")[2] not in Assessment.objects.get().answers["wells"]
    take(clara, CLOT | {key: "yes"})
    assert Assessment.objects.latest("id").answers["wells"]["alternative_dx_clinician"] == "yes"


def test_the_server_says_which_questions_the_rules_still_read(rosa: Client) -> None:
    told = rosa.post(f"{PAGE}asked/", script(CLOT)).json()
    assert not [key for key in told["asked"] if key.startswith("history.")]
    assert len([key for key in rosa.post(f"{PAGE}asked/", script(CRAMPS)).json()["asked"] if "history." in key]) == 18
    assert not Draft.objects.exists()


def test_what_is_known_of_a_patient_stands_there_and_answers_no_question_of_health(rosa: Client) -> None:
    take(rosa, CRAMPS | {"language": "es"})
    patient = Patient.objects.get()
    profile = rosa.get(f"/staff/patients/{patient.pk}/").content.decode()
    assert f"{PAGE}?patient={patient.pk}" in profile
    page = rosa.get(f"{PAGE}?patient={patient.pk}").content.decode()
    assert 'value="Maria"' in page
    assert 'value="03/09/1968"' in page
    assert [found[1] for found in re.finditer(r'name="([\w.]+)" value="\w+" data-key="\w" checked', page)] == [
        "patient.sex"
    ]
    take(rosa, CRAMPS)
    assert Patient.objects.count() == 1
    assert rosa.get(f"{PAGE}?patient=999999").status_code == 404


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.PHYSICIAN, Role.MANAGER])
def test_whoever_may_assess_can_take_a_call(network: Network, role: str) -> None:
    client = Client()
    client.force_login(make_staff(role))
    assert take(client, CRAMPS).status_code == 200
    assert Assessment.objects.count() == 1


def test_an_administrator_takes_no_call(network: Network) -> None:
    client = Client()
    client.force_login(network.staff["ada"])
    assert client.get(PAGE).status_code == 403


def test_the_page_runs_nothing_inline_and_nothing_of_it_is_stored(rosa: Client) -> None:
    answer = rosa.get(PAGE)
    page = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)


def test_the_console_begins_it(rosa: Client) -> None:
    assert f'href="{PAGE}"' in rosa.get("/staff/console/").content.decode()
