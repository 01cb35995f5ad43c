"""Around a result on the desk: in hand, read, home, and told to who referred; each by those who may."""

import pytest

from clinic.models import Departure, Referrer, Report, Role, WetRead
from tests.kernel import make_wet_read
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
WET = {"category": "acute_proximal_dvt", "told_to": "Clara", "read_back": "on"}
HOME = {"callback_phone": "301-555-0177", "instructions": ["danger_signs", "whom_to_call"]}


def _at(report: Report, action: str = "") -> str:
    return f"/staff/results/{report.pk}/{action}"


def test_a_clinician_takes_a_finding_in_hand_and_the_desk_says_who(ward: Ward) -> None:
    report = ward.read("positive")
    clara = ward.browser(Role.CLINICIAN)
    assert "Nobody has this finding in hand" in clara.get(_at(report)).content.decode()
    clara.post(_at(report, "acknowledge/"))
    report.refresh_from_db()
    assert report.acknowledged_by == ward.people[Role.CLINICIAN]
    assert "Nobody has this finding in hand" not in clara.get(_at(report)).content.decode()
    assert str(ward.people[Role.CLINICIAN]) in clara.get("/staff/results/").content.decode()


def test_the_physician_notes_a_wet_read_and_the_page_keeps_it(ward: Ward) -> None:
    report = ward.read("positive")
    peter = ward.browser(Role.PHYSICIAN)
    assert peter.post(_at(report, "wet-read/"), WET).status_code == 302
    page = peter.get(_at(report)).content.decode()
    assert "Spoken to Clara" in page
    assert WetRead.objects.get().reader == ward.people[Role.PHYSICIAN]


def test_a_wet_read_without_read_back_is_refused_beside_its_field(ward: Ward) -> None:
    report = ward.read("positive")
    given = {key: value for key, value in WET.items() if key != "read_back"}
    answer = ward.browser(Role.PHYSICIAN).post(_at(report, "wet-read/"), given)
    assert answer.status_code == 422
    assert "It counts once they have read it back correctly." in answer.content.decode()


def test_veins_are_chosen_row_by_row_and_a_contradiction_names_the_vein(ward: Ward) -> None:
    report = ward.read("positive")
    peter = ward.browser(Role.PHYSICIAN)
    given = {
        "category": "isolated_distal_dvt",
        "side": "left",
        "d_dimer": "unknown",
        "vein_left_popliteal": "acute",
        "vein_left_peroneal": "acute",
    }
    refused = peter.post(_at(report, "sign/"), given)
    assert refused.status_code == 422
    assert "excludes an acute popliteal" in refused.content.decode()
    peter.post(_at(report, "sign/"), given | {"category": "acute_proximal_dvt"})
    report.refresh_from_db()
    assert {vein["vein"] for vein in report.versions.get(number=2).veins} == {"popliteal", "peroneal"}
    assert "left popliteal: acute" in peter.get(_at(report)).content.decode()


def test_the_sonographer_releases_after_a_clear_scan_on_the_visits_page(ward: Ward) -> None:
    visit = ward.read("negative").step.appointments.get()
    sam = ward.browser(Role.SONOGRAPHER)
    assert "The way home" in sam.get(f"/staff/visits/{visit.pk}/").content.decode()
    assert sam.post(f"/staff/visits/{visit.pk}/departure/", HOME).status_code == 302
    assert Departure.objects.get().released_by == ward.people[Role.SONOGRAPHER]
    assert "Left the center" in sam.get(f"/staff/visits/{visit.pk}/").content.decode()


def test_of_a_finding_that_is_not_clear_only_a_clinician_lets_go(ward: Ward) -> None:
    report = ward.read("suspicious")
    visit = report.step.appointments.get()
    refused = ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/departure/", HOME)
    assert refused.status_code == 422
    assert "A clinician or a physician releases this patient" in refused.content.decode()
    assert ward.browser(Role.CLINICIAN).post(_at(report, "departure/"), HOME).status_code == 302
    assert Departure.objects.filter(report=report).exists()


def test_who_referred_is_recorded_told_and_confirmed(ward: Ward) -> None:
    report = ward.read("positive")
    rosa, clara = ward.browser(Role.REPRESENTATIVE), ward.browser(Role.CLINICIAN)
    rosa.post(_at(report, "office/"), {"name": "Dr. Rey", "phone": "301-555-0150"})
    assert Referrer.objects.get().phone == "+13015550150"
    final = {"category": "acute_proximal_dvt", "side": "left", "d_dimer": "unknown"}
    ward.browser(Role.PHYSICIAN).post(_at(report, "sign/"), final)
    assert "To be told by voice" in clara.get(_at(report)).content.decode()
    for how in ("voice", "fax"):
        clara.post(_at(report, "notice/"), {"how": how, "sent_to": "Dr. Rey", "confirmed_by": "Dr. Rey"})
    assert not report.episode.steps.filter(kind="referrer", status="open").exists()


def test_after_three_calls_in_vain_the_desk_asks_a_clinician_to_decide(ward: Ward) -> None:
    report = ward.read("positive")
    clara = ward.browser(Role.CLINICIAN)
    for _ in range(3):
        clara.post(_at(report, "call/"), {"audience": "patient", "outcome": "no_answer"})
    assert "Decide on a welfare check" in clara.get(_at(report)).content.decode()
    clara.post(_at(report, "welfare/"), {"choice": "requested", "reason": "No answer for an hour"})
    assert report.welfare_decisions.get().by == ward.people[Role.CLINICIAN]
    assert "Decide on a welfare check" not in clara.get(_at(report)).content.decode()


def test_the_emergency_contact_is_kept_on_the_page(ward: Ward) -> None:
    report = ward.read("positive")
    rosa = ward.browser(Role.REPRESENTATIVE)
    rosa.post(_at(report, "contact/"), {"name": "Lee Ruiz", "phone": "301-555-0199"})
    assert "Lee Ruiz" in rosa.get(_at(report)).content.decode()
    refused = rosa.post(_at(report, "contact/"), {"name": "Lee Ruiz", "phone": "12"})
    assert refused.status_code == 422


def test_what_was_read_is_not_shown_to_who_need_not_know(ward: Ward) -> None:
    report = ward.read("positive")
    make_wet_read(report)
    assert "Acute proximal" not in ward.browser(Role.REPRESENTATIVE).get(_at(report)).content.decode()
