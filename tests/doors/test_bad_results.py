"""Bad input about a result, its treatment and its links: each refused with its reason, an event, nothing changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from clinic.models import Event, Link, LinkPurpose, Report, Role, TreatmentStart
from clinic.models.treatment import CHECKLIST
from clinic.services import links
from clinic.services.reports import Finding, finalize
from clinic.services.telling import release_result
from tests.doors.conftest import Door, refused, send
from tests.kernel import make_patient

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

FINAL = {"category": "acute_proximal_dvt", "side": "left"}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).isoformat()


def _signed(door: Door, category: str = "acute_proximal_dvt", impression: str = "positive") -> Report:
    report = door.ward.read(impression)
    finding = Finding(impression="", category=category, side="left")
    return finalize(door.ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)


def _reasons(kind: str) -> list[str]:
    return [str(event.codes["code"]) for event in Event.objects.filter(kind=kind).order_by("id")]


# a physician signing for another


@pytest.mark.parametrize("action", ["finalize", "amend"])
def test_a_physician_who_signs_for_another_is_refused(door: Door, action: str) -> None:
    report = door.ward.read("positive") if action == "finalize" else _signed(door)
    before = Report.objects.filter(pk=report.pk).values().get()
    other = door.ward.people[Role.CLINICIAN].pk
    body = FINAL | {"signed_by": other, "reason": "second look"}
    answer = send(door.of(Role.PHYSICIAN), "POST", f"reports/{report.pk}/{action}/", body)
    refused(answer, 403, "signs_for_another")
    assert Report.objects.filter(pk=report.pk).values().get() == before
    assert _reasons("report.refused") == ["signs_for_another"]


def test_a_wet_read_in_anothers_name_is_refused(door: Door) -> None:
    report = door.ward.read("positive")
    body = {"category": "acute_proximal_dvt", "told_to": "Clara", "read_back": True, "reader": 999_999}
    refused(send(door.of(Role.PHYSICIAN), "POST", f"reports/{report.pk}/wet-read/", body), 403, "signs_for_another")
    assert _reasons("report.refused") == ["signs_for_another"]


# a category that contradicts its details

_PERONEAL = [{"vein": "peroneal", "side": "left", "state": "acute"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"category": "no_dvt_complete", "veins": _PERONEAL}, "veins"),
        ({"category": "acute_proximal_dvt", "veins": _PERONEAL}, "veins"),
        ({"category": "svt_long", "clot_length_cm": 2}, "clot_length_cm"),
        ({"category": "svt_near_sfj", "junction_distance_cm": 9}, "junction_distance_cm"),
        ({"category": "isolated_distal_dvt", "side": "right", "veins": _PERONEAL}, "side"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_category_that_contradicts_its_details_is_refused_by_field(
    door: Door, body: dict[str, Any], field: str
) -> None:
    report = door.ward.read("positive")
    answer = send(door.of(Role.PHYSICIAN), "POST", f"reports/{report.pk}/finalize/", FINAL | body)
    refused(answer, 400, "contradiction", field)
    report.refresh_from_db()
    assert report.status == "preliminary"
    assert _reasons("report.refused") == ["contradiction"]


# a date before the scan


def test_a_scan_that_ended_before_its_episode_was_opened_is_refused(door: Door) -> None:
    step = door.ward.scanned().step_id
    body = {"step": step, "impression": "negative", "side": "left", "scan_ended_at": LONG_AGO}
    refused(send(door.of(Role.SONOGRAPHER), "POST", "reports/", body), 400, "invalid", "scan_ended_at")
    assert not Report.objects.exists()
    assert _reasons("report.refused") == ["invalid"]


def test_a_wet_read_before_the_scan_is_refused(door: Door) -> None:
    report = door.ward.read("positive")
    body = {"category": "acute_proximal_dvt", "told_to": "Clara", "read_back": True, "spoken_at": LONG_AGO}
    refused(send(door.of(Role.PHYSICIAN), "POST", f"reports/{report.pk}/wet-read/", body), 400, "invalid", "spoken_at")
    assert _reasons("report.refused") == ["invalid"]


def test_a_first_dose_before_the_episode_is_refused(door: Door) -> None:
    body = {
        "route": "first_dose",
        "drug": "apixaban",
        "first_dose_taken_at": LONG_AGO,
        "dose_source": "on_site",
        "checklist": dict.fromkeys(CHECKLIST, "clear"),
    }
    path = f"episodes/{_signed(door).episode_id}/treatment/"
    refused(send(door.of(Role.CLINICIAN), "POST", path, body), 400, "invalid", "first_dose_taken_at")
    assert not TreatmentStart.objects.exists()
    assert _reasons("treatment.refused") == ["invalid"]


# closing with open conditions


def test_closing_with_open_conditions_is_refused_with_their_list(door: Door) -> None:
    episode = _signed(door).episode
    path = f"episodes/{episode.pk}/close/"
    answer = send(door.of(Role.CLINICIAN), "POST", path, {"reason": "risk_passed"})
    refused(answer, 409, "open_conditions")
    episode.refresh_from_db()
    assert episode.status == "open"
    [event] = Event.objects.filter(kind="episode.closing_refused")
    assert event.codes["conditions"] == [each["code"] for each in answer.json()["conditions"]]


# a link after its expiry, by another patient's birth date, six guesses


@pytest.fixture
def link(door: Door) -> Link:
    report = release_result(
        door.ward.actor(Role.REPRESENTATIVE), report_id=_signed(door, "no_dvt_complete", "negative").pk
    )
    expires_at = clock.now() + timedelta(days=30)
    patient = report.episode.patient
    return links.issue(purpose=LinkPurpose.RESULT, subject_id=report.pk, patient=patient, expires_at=expires_at)


def _link_reasons() -> list[str]:
    return [str(event.codes["reason"]) for event in Event.objects.filter(kind="link.refused").order_by("id")]


def test_a_link_after_its_expiry_opens_nothing_whatever_is_answered(link: Link) -> None:
    path, born = f"/l/{links.token(link)}", link.patient.birth_date
    clock.advance(timedelta(days=31))
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"birth_date": f"{born:%Y-%m-%d}"}).status_code == 410
    link.refresh_from_db()
    assert link.proved_at is None
    assert _link_reasons() == ["link_expired"] * 2


def test_a_session_that_proved_a_link_before_its_expiry_reads_nothing_after_it(link: Link) -> None:
    phone = Client()
    phone.post(f"/l/{links.token(link)}", {"birth_date": f"{link.patient.birth_date:%Y-%m-%d}"})
    phone.post("/result/", {"action": "send_code"})
    link.refresh_from_db()
    phone.post("/result/", {"action": "check_code", "code": links.current_code(link)})
    assert phone.get("/result/").status_code == 200
    Link.objects.filter(pk=link.pk).update(expires_at=clock.now())
    assert phone.get("/result/").status_code == 404
    assert phone.get("/result/paper/").status_code == 404


def test_another_patients_birth_date_does_not_open_a_link(link: Link) -> None:
    other = make_patient(birth_date=date(1941, 3, 2))
    answer = Client().post(f"/l/{links.token(link)}", {"birth_date": f"{other.birth_date:%Y-%m-%d}"})
    assert answer.status_code == 400
    link.refresh_from_db()
    assert (link.failures, link.proved_at) == (1, None)
    assert _link_reasons() == ["birth_date"]
    assert "1941" not in str(list(Event.objects.filter(kind="link.refused").values()))


def test_of_six_guesses_the_fifth_locks_the_link_and_the_sixth_is_not_even_heard(link: Link) -> None:
    path = f"/l/{links.token(link)}"
    answers = [Client().post(path, {"birth_date": f"1950-01-0{number}"}).status_code for number in range(1, 7)]
    assert answers == [400, 400, 400, 400, 410, 410]
    assert _link_reasons() == ["birth_date"] * 5 + ["link_locked"]
    assert Event.objects.filter(kind="link.locked").count() == 1
    right = Client().post(path, {"birth_date": f"{link.patient.birth_date:%Y-%m-%d}"})
    assert right.status_code == 410


def test_of_six_guessed_codes_none_shows_the_result(link: Link) -> None:
    phone = Client()
    phone.post(f"/l/{links.token(link)}", {"birth_date": f"{link.patient.birth_date:%Y-%m-%d}"})
    phone.post("/result/", {"action": "send_code"})
    link.refresh_from_db()
    right = int(links.current_code(link))
    guesses = [f"{(right + number) % 1_000_000:06d}" for number in range(1, 7)]
    answers = [phone.post("/result/", {"action": "check_code", "code": guess}).status_code for guess in guesses]
    assert answers == [400, 400, 400, 400, 410, 404]
    assert _link_reasons()[:5] == ["code"] * 5
    assert Report.objects.get().opened_at is None


# a paper whose times no calendar can reckon with


def test_a_paper_of_the_year_one_is_refused_by_its_field(door: Door) -> None:
    visit = door.ward.scanned()
    body = {"step": visit.step_id, "impression": "negative", "side": "left", "occurred_at": clock.now().isoformat()}
    answer = send(
        door.of(Role.SONOGRAPHER), "POST", "reports/back-entry/", body | {"scan_ended_at": "0001-01-01T00:00:00Z"}
    )
    refused(answer, 400, "invalid", "scan_ended_at")
