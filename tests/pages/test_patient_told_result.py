"""A result that was told by voice, to read afterwards: what was found, what comes next, whom to call, on paper too."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from clinic import clock
from clinic.models import Event, Report, ResultCategory, Role
from clinic.models.treatment import CHECKLIST
from clinic.pathway import Risk
from clinic.phones import national
from clinic.services import links
from clinic.services.reports import Finding, amend
from clinic.services.therapy import decide_therapy
from clinic.services.treatment import FirstDose, record_start
from notifications.pages.finding_words import Found, in_words
from notifications.pages.result_paper import sheet_of
from notifications.pages.result_shown import shown_result
from tests.kernel import acting, make_staff
from tests.pages.told import BORN, link_to, phone_of, signed, tell
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db


def _dose(report: Report) -> None:
    dose = FirstDose(
        drug="apixaban", taken_at=clock.now(), source="on_site", checklist=dict.fromkeys(CHECKLIST, "clear")
    )
    record_start(acting(Role.CLINICIAN), episode_id=report.episode_id, start=dose)


def test_after_the_telling_the_page_says_what_was_found_what_comes_next_and_whom_to_call() -> None:
    report = tell(signed("acute_proximal_dvt"))
    page = words(phone_of(report).get("/result/"))
    assert "There is a blood clot in a deep vein of your left leg." in page
    assert "A visit with your clinician" in page
    assert f"Call the center {national(report.center.phone)}" in page
    report.refresh_from_db()
    assert report.opened_at is not None
    assert Event.objects.filter(kind="result.opened").exists()


def test_before_the_telling_it_stays_refused_page_and_paper() -> None:
    phone = phone_of(signed("acute_proximal_dvt"))
    page = words(phone.get("/result/"))
    assert "Please call us" in page
    assert "clot" not in page
    assert phone.get("/result/paper/").status_code == 302


def test_the_birth_date_alone_does_not_show_it() -> None:
    report = tell(signed("acute_proximal_dvt"))
    page = words(Client().post(f"/l/{links.token(link_to(report))}", {"birth_date": BORN}, follow=True))
    assert "Send me a code" in page
    assert "clot" not in page


def test_another_category_takes_it_back_until_it_is_told_anew() -> None:
    report = tell(signed("acute_proximal_dvt"))
    phone = phone_of(report)
    finding = Finding(impression="", category="isolated_distal_dvt", side="left", reason="second reading")
    amend(acting(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    assert "Please call us" in words(phone.get("/result/"))
    tell(report)
    assert "below the knee" in words(phone.get("/result/"))


def test_the_page_and_its_paper_are_in_spanish_too() -> None:
    report = tell(signed("acute_proximal_dvt"))
    page = words(phone_of(report).get("/result/", headers={"Accept-Language": "es"}))
    assert "Hay un coágulo en una vena profunda de su pierna izquierda." in page
    assert "Lo que sigue" in page or "Qué sigue" in page
    with translation.override("es"):
        assert "Hay un coágulo" in str(sheet_of(shown_result(report), "es"))


def test_treatment_that_is_owed_says_by_when_and_whom_to_call_where_it_does_not_come() -> None:
    report = tell(signed("acute_proximal_dvt"))
    phone = phone_of(report)
    assert "If you have no medicine by then, call us." in words(phone.get("/result/"))
    clock.advance(timedelta(hours=2))
    phone = phone_of(report)
    assert "Have you not taken the first dose of your medicine yet? Call us now." in words(phone.get("/result/"))


def test_treatment_that_has_begun_says_not_to_stop_and_the_danger_of_bleeding() -> None:
    report = tell(signed("acute_proximal_dvt"))
    _dose(report)
    page = words(phone_of(report).get("/result/"))
    assert "You took the first dose on" in page
    assert "Do not stop unless a clinician says so." in page
    assert "Bleeding that does not stop" in page


def test_treatment_that_a_clinician_stopped_is_asked_of_nobody() -> None:
    report = tell(signed("acute_proximal_dvt"))
    _dose(report)
    clock.advance(timedelta(days=20))
    stops = {"choice": "stop", "last_dose_on": clock.today(report.center.zone), "reason": "bleeding"}
    decide_therapy(acting(Role.CLINICIAN), episode_id=report.episode_id, **stops)  # type: ignore[arg-type]
    assert "Do not stop" not in words(phone_of(report).get("/result/"))


def test_a_hand_over_sends_to_the_emergency_room() -> None:
    report = tell(signed("acute_iliofemoral_threatened"))
    page = words(phone_of(report).get("/result/"))
    assert "Go to the emergency room now, as we told you." in page
    assert page.index("Go to the emergency room now") < page.index("There is a large blood clot")
    assert "Call us the same day" not in page


def test_what_a_physician_has_signed_is_not_called_no_diagnosis() -> None:
    assert "Nothing here is a diagnosis" not in words(phone_of(tell(signed("acute_proximal_dvt"))).get("/result/"))


@pytest.mark.parametrize(
    ("category", "risk", "said"),
    [
        ("isolated_distal_dvt", Risk(), "We watch it with more scans"),
        ("isolated_distal_dvt", Risk(treated=True), "Treatment keeps it from growing"),
        ("chronic_post_thrombotic", Risk(), "what that means for you"),
        ("chronic_post_thrombotic", Risk(equivocal=True), "no new one"),
    ],
)
def test_what_it_means_follows_the_plan(category: str, risk: Risk, said: str) -> None:
    assert said in words(phone_of(tell(signed(category, risk=risk))).get("/result/"))


def test_a_limited_study_promises_another_look_only_where_one_is_planned() -> None:
    again = signed("no_dvt_limited")
    enough = signed("no_dvt_limited", risk=Risk(pretest_category="unlikely", d_dimer="negative"))
    assert "So we look again" in " ".join(shown_result(again).found)
    assert "So we look again" not in " ".join(shown_result(enough).found)


def test_a_study_of_both_legs_names_the_one_in_which_something_was_seen() -> None:
    report = signed("acute_proximal_dvt", side="bilateral")
    finding = Finding(
        impression="",
        category="acute_proximal_dvt",
        side="bilateral",
        reason="veins listed",
        veins=({"vein": "popliteal", "side": "right", "state": "acute"},),
    )
    amend(acting(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    report.refresh_from_db()
    assert "your right leg" in shown_result(report).found[0]


@pytest.mark.parametrize("category", ResultCategory.values)
@pytest.mark.parametrize("side", ["left", "right", "bilateral"])
def test_every_category_has_its_words_in_both_languages(category: str, side: str) -> None:
    found = Found(category=category, side=side)
    with translation.override("en"):
        english = in_words(found)
    with translation.override("es"):
        spanish = in_words(found)
    assert not set(english) & set(spanish)
    assert "%" not in "".join(english + spanish)


def test_the_paper_tells_the_physician_the_finding_and_the_medicine_in_their_own_words() -> None:
    report = tell(signed("acute_proximal_dvt"))
    _dose(report)
    for language in ("en", "es"):
        with translation.override(language):
            paper = str(sheet_of(shown_result(report), language))
        assert "Acute proximal DVT (left)" in paper
        assert "Apixaban, first dose" in paper


def test_the_desk_prints_it_for_who_was_told_in_the_patients_language_and_for_nobody_else() -> None:
    report = signed("acute_proximal_dvt", language="es")
    desk = Client()
    desk.force_login(make_staff(Role.CLINICIAN))
    path = f"/staff/results/{report.pk}/paper/"
    refused = desk.get(path)
    assert refused.status_code == 404
    assert "first the signature, then the telling" in words(refused)
    tell(report)
    paper = desk.get(path)
    assert paper.content.startswith(b"%PDF-")
    assert b"/Lang (es)" in paper.content
    assert "no-store" in paper["Cache-Control"]
    assert path in desk.get(f"/staff/results/{report.pk}/").content.decode()
