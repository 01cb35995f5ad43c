"""The list of veins on the visit's page and on the desk: a row a vein, a column a side; and amendments drop nothing."""

from typing import Any

import pytest
from django.test import Client

from clinic.models import Event, Plan, Report, Role
from clinic.pages.vein_form import GROUPS
from clinic.veins import COMPLETE_LEG, VEINS
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
SIGNED = {"category": "isolated_distal_dvt", "side": "left", "d_dimer": "unknown"}


def _written(ward: Ward, **changes: object) -> Any:
    visit = ward.scanned()
    given = {"impression": "positive", "side": "left", "findings": ""} | changes
    return ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/preliminary/", given)


def _sign(ward: Ward, report: Report, **changes: object) -> Any:
    return ward.browser(Role.PHYSICIAN).post(f"/staff/results/{report.pk}/sign/", SIGNED | changes)


def test_the_form_has_every_vein_once() -> None:
    names = [name for _title, group in GROUPS for name in group]
    assert len(names) == len(set(names))
    assert set(names) == VEINS


def test_the_sonographer_lists_veins_and_lengths_on_the_visits_page(ward: Ward) -> None:
    answer = _written(ward, vein_left_popliteal="acute", vein_left_femoral="not_seen", clot_length_cm="4.5")
    assert answer.status_code == 302
    version = Report.objects.get().versions.get()
    assert {(vein["side"], vein["vein"], vein["state"]) for vein in version.veins} == {
        ("left", "popliteal", "acute"),
        ("left", "femoral", "not_seen"),
    }
    assert version.clot_length_cm == 4.5


def test_one_choice_marks_a_complete_study_clear_but_for_what_is_marked(ward: Ward) -> None:
    _written(ward, side="right", unmarked="leg", vein_right_peroneal="acute")
    veins = {vein["vein"]: vein["state"] for vein in Report.objects.get().versions.get().veins}
    assert set(veins) == COMPLETE_LEG
    assert veins.pop("peroneal") == "acute"
    assert set(veins.values()) == {"clear"}
    assert {vein["side"] for vein in Report.objects.get().versions.get().veins} == {"right"}


def test_a_vein_of_the_side_that_was_not_studied_is_refused_and_the_form_comes_back_as_it_was(ward: Ward) -> None:
    answer = _written(ward, vein_right_popliteal="acute")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The study is of the left side, but the list names: right popliteal." in page
    assert '<details class="more" open>' in page
    assert not Report.objects.exists()
    assert Event.objects.get(kind="report.refused").codes["code"] == "contradiction"


def test_the_physician_finds_the_sonographers_list_on_the_desk(ward: Ward) -> None:
    _written(ward, vein_left_peroneal="acute", clot_length_cm="3")
    form = _form(ward.browser(Role.PHYSICIAN), Report.objects.get())
    assert form["vein_left_peroneal"].value() == "acute"
    assert form["clot_length_cm"].value() == 3


def _form(browser: Client, report: Report) -> Any:
    return browser.get(f"/staff/results/{report.pk}/").context["forms"]["sign"]


def _signed(ward: Ward) -> Report:
    report = ward.read("positive")
    given = {"d_dimer": "positive", "suspicion_persists": "yes", "treated": "on", "findings": "One calf vein."}
    _sign(ward, report, vein_left_peroneal="acute", **given)
    return report


def test_an_amendment_begins_as_the_report_stands(ward: Ward) -> None:
    form = _form(ward.browser(Role.PHYSICIAN), _signed(ward))
    said = {
        name: form[name].value()
        for name in ("category", "side", "d_dimer", "suspicion_persists", "treated", "findings")
    }
    assert said == {
        "category": "isolated_distal_dvt",
        "side": "left",
        "d_dimer": "positive",
        "suspicion_persists": "yes",
        "treated": True,
        "findings": "One calf vein.",
    }
    assert form["vein_left_peroneal"].value() == "acute"
    assert form["reason"].value() is None


def test_what_was_known_cannot_be_amended_to_not_known(ward: Ward) -> None:
    report = _signed(ward)
    assert [value for value, _ in _form(ward.browser(Role.PHYSICIAN), report).fields["d_dimer"].choices] == [
        "negative",
        "positive",
    ]
    assert _sign(ward, report, d_dimer="unknown", reason="typing error").status_code == 422


def test_an_amendment_that_leaves_all_as_it_was_changes_no_plan(ward: Ward) -> None:
    report = _signed(ward)
    plan = Plan.objects.get()
    given = {"d_dimer": "positive", "suspicion_persists": "yes", "treated": "on", "reason": "typing error"}
    assert _sign(ward, report, vein_left_peroneal="acute", **given).status_code == 302
    assert Plan.objects.get() == plan


def test_a_box_that_is_cleared_takes_back_what_the_plan_was_made_by(ward: Ward) -> None:
    report = _signed(ward)
    given = {"d_dimer": "positive", "suspicion_persists": "yes", "reason": "watched after all"}
    assert _sign(ward, report, vein_left_peroneal="acute", **given).status_code == 302
    assert not Plan.objects.get(superseded_at=None).treated
    assert report.episode.steps.filter(plan_code="scan_d7", status="open").exists()
    assert not report.episode.steps.filter(kind="treatment_start", status="open").exists()
