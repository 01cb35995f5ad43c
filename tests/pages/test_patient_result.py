"""A result by its link: birth date, then a code by text; plain words for what may be sent, a call for the rest."""

from datetime import date, timedelta

import pytest
from django.test import Client

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Event, Link, LinkPurpose, Report
from clinic.phones import national
from clinic.services import links
from clinic.services.merging import merge_patients
from clinic.services.reports import Finding, amend, finalize, record_preliminary
from clinic.services.telling import release_result
from notifications.models import Message
from tests.kernel import acting, make_episode, make_patient, make_scan
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db
BORN = "1964-05-17"


def _report(category: str, *, impression: str = "negative") -> Report:
    episode = make_episode(SYSTEM, patient=make_patient(birth_date=date(1964, 5, 17)))
    report = record_preliminary(
        acting("sonographer"),
        step_id=make_scan(SYSTEM, episode).pk,
        finding=Finding(impression=impression, side="left"),
        scan_ended_at=clock.now(),
    )
    finding = Finding(impression="", category=category, side="left", findings="")
    return finalize(acting("physician"), report_id=report.pk, finding=finding)


def _sent(category: str) -> Report:
    return release_result(acting("representative"), report_id=_report(category).pk)


def _link(report: Report) -> Link:
    return links.issue(
        purpose=LinkPurpose.RESULT,
        subject_id=report.pk,
        patient=report.episode.patient,
        expires_at=clock.now() + timedelta(days=30),
    )


def _opened(report: Report) -> tuple[Client, Link]:
    link, phone = _link(report), Client()
    phone.post(f"/l/{links.token(link)}", {"birth_date": BORN})
    phone.post("/result/", {"action": "send_code"})
    link.refresh_from_db()
    return phone, link


def _read(report: Report) -> str:
    phone, link = _opened(report)
    answer = phone.post("/result/", {"action": "check_code", "code": links.current_code(link)}, follow=True)
    return words(answer)


def test_the_birth_date_alone_shows_no_result() -> None:
    report = _sent("no_dvt_complete")
    phone = Client()
    page = words(phone.post(f"/l/{links.token(_link(report))}", {"birth_date": BORN}, follow=True))
    assert "Send me a code" in page
    assert "blood clot" not in page


def test_a_code_is_owed_as_a_text_once() -> None:
    phone, link = _opened(_sent("no_dvt_complete"))
    phone.post("/result/", {"action": "send_code"})
    assert Message.objects.filter(purpose="one_time_code", about_id=link.pk).count() == 1
    clock.advance(timedelta(seconds=40))
    phone.post("/result/", {"action": "send_code"})
    assert Message.objects.filter(purpose="one_time_code", about_id=link.pk).count() == 2


def test_with_the_code_a_clear_result_is_read_with_what_comes_next_and_recorded_as_opened() -> None:
    report = _sent("no_dvt_complete")
    page = _read(report)
    assert "no sign of a blood clot in the deep veins" in page
    assert "A clinician calls you to ask how you are" in page
    report.refresh_from_db()
    assert report.patient_told_at is not None
    assert Event.objects.filter(kind="result.opened").count() == 1


def test_a_result_says_whose_it_is_and_shows_the_number_to_call_also_on_paper() -> None:
    report = _sent("no_dvt_complete")
    page = _read(report)
    patient, center = report.episode.patient, report.center
    assert f"For {patient.given_name} {patient.family_name}" in page
    assert f"Call the center {national(center.phone)}" in page
    assert center.street in page


def test_a_limited_result_says_that_we_look_again() -> None:
    page = _read(_sent("no_dvt_limited"))
    assert "in the veins that we could see" in page
    assert "Another scan" in page


@pytest.mark.parametrize("category", ["acute_proximal_dvt", "non_diagnostic"])
def test_what_a_clinician_must_say_first_is_never_shown(category: str) -> None:
    report = _report(category, impression="positive")
    page = _read(report)
    assert "Please call us" in page
    assert "clot" not in page
    report.refresh_from_db()
    assert report.patient_told_at is None


def test_an_amendment_takes_the_page_back_to_a_call() -> None:
    report = _sent("no_dvt_complete")
    phone, link = _opened(report)
    phone.post("/result/", {"action": "check_code", "code": links.current_code(link)})
    finding = Finding(
        impression="", category="acute_proximal_dvt", side="left", findings="Second reading.", reason="second reading"
    )
    amend(acting("physician"), report_id=report.pk, finding=finding)
    page = words(phone.get("/result/"))
    assert "Please call us" in page
    assert "clot" not in page


def test_wrong_codes_count_and_lock() -> None:
    phone, link = _opened(_sent("no_dvt_complete"))
    wrong = "000000" if links.current_code(link) != "000000" else "000001"
    for left in (4, 3, 2):
        page = phone.post("/result/", {"action": "check_code", "code": wrong})
        assert f"You have {left} tries left" in words(page)
    phone.post("/result/", {"action": "check_code", "code": wrong})
    assert phone.post("/result/", {"action": "check_code", "code": wrong}).status_code == 410
    assert phone.get("/result/").status_code == 404


def test_a_code_that_is_over_asks_for_a_new_one() -> None:
    phone, link = _opened(_sent("no_dvt_complete"))
    clock.advance(timedelta(minutes=11))
    page = phone.post("/result/", {"action": "check_code", "code": links.current_code(link)})
    assert "This code has expired" in words(page)


def test_without_a_proven_link_there_is_no_result() -> None:
    assert Client().get("/result/").status_code == 404
    assert Client().post("/result/", {"action": "send_code"}).status_code == 404


def test_a_follow_up_link_shows_what_comes_until_the_risk_has_passed() -> None:
    report = _sent("no_dvt_limited")
    link = links.issue(
        purpose=LinkPurpose.FOLLOW_UP,
        subject_id=report.episode_id,
        patient=report.episode.patient,
        expires_at=clock.now() + timedelta(days=30),
    )
    page = Client().post(f"/l/{links.token(link)}", {"birth_date": BORN}, follow=True)
    assert "until a clinician says that the risk has passed" in words(page)
    assert "Another scan" in words(page)
    assert "Choose a time" in words(page)


def _proven(report: Report) -> Client:
    phone, link = _opened(report)
    phone.post("/result/", {"action": "check_code", "code": links.current_code(link)})
    return phone


def test_the_paper_for_a_physician_is_a_pdf_that_is_not_kept_and_whose_name_says_nothing() -> None:
    paper = _proven(_sent("no_dvt_complete")).get("/result/paper/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert "no-store" in paper["Cache-Control"]
    assert paper["Content-Disposition"] == 'inline; filename="vein-center.pdf"'


def test_the_paper_lies_behind_the_same_code_and_the_same_rule() -> None:
    phone, _ = _opened(_sent("no_dvt_complete"))
    assert phone.get("/result/paper/").status_code == 302
    assert _proven(_report("acute_proximal_dvt", impression="positive")).get("/result/paper/").status_code == 302
    assert Client().get("/result/paper/").status_code == 404


def test_a_patient_says_once_that_they_have_read_it() -> None:
    report = _sent("no_dvt_complete")
    phone = _proven(report)
    phone.post("/result/", {"action": "read"})
    phone.post("/result/", {"action": "read"})
    report.refresh_from_db()
    assert report.opened_at is not None
    assert report.patient_acknowledged_at is not None
    assert Event.objects.filter(kind="result.read").count() == 1
    assert "You have read this" in words(phone.get("/result/"))


def test_without_the_code_nobody_says_that_they_have_read_it() -> None:
    report = _sent("no_dvt_complete")
    phone, _ = _opened(report)
    phone.post("/result/", {"action": "read"})
    report.refresh_from_db()
    assert report.patient_acknowledged_at is None


def test_the_page_reads_in_spanish() -> None:
    phone = _proven(_sent("no_dvt_complete"))
    page = words(phone.get("/result/", headers={"Accept-Language": "es"}))
    assert "Ya leí esto" in page
    assert "Para mi médico (PDF)" in page


def test_the_code_goes_where_the_link_went_though_the_record_was_merged_into_one_without_a_telephone() -> None:
    report = _sent("no_dvt_complete")
    patient = report.episode.patient
    kept = make_patient(birth_date=date(1964, 5, 17), phone=None, in_person_plan="At the desk at 4 pm")
    merge_patients(acting("clinician"), duplicate_id=patient.pk, kept_id=kept.pk, reason="Same license.")
    link, phone = Link.objects.get(pk=_link(report).pk), Client()
    phone.post(f"/l/{links.token(link)}", {"birth_date": BORN})
    phone.post("/result/", {"action": "send_code"})
    assert Message.objects.get(purpose="one_time_code").phone == patient.phone
