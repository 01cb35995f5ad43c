"""The manager's page of turnaround: its plots, its tables, the file, and the same over the API."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest

from clinic import clock
from clinic.models import Role
from scheduling.models import VisitKind
from tests.notifications.rule_outs import rule_out
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db

PAGE, FILE, API = "/staff/turnaround/", "/staff/turnaround/table.csv", "/api/v1/turnaround/"


@pytest.fixture
def past(ward: Ward) -> Ward:
    """Rule-outs of three weeks, one of the middle one too late."""
    scan = ward.place.types[VisitKind.DVT_SCAN]
    for ago, to_scan in ((21, 60), (14, 200), (7, 90)):
        at = clock.now() - timedelta(days=ago)
        rule_out(ward.place.center, scan, at, to_scan=to_scan, to_told=25, to_treated=15)
    return ward


def test_a_manager_sees_medians_shares_and_plots(past: Ward) -> None:
    page = past.browser(Role.MANAGER).get(PAGE)
    said = words(page)
    assert "90 min" in said
    assert "66.7%" in said
    assert len(re.findall(r"<polyline", page.content.decode())) > 6
    assert "Nothing in these weeks" in said


def test_the_plots_need_no_inline_style_and_no_script(past: Ward) -> None:
    svg = "".join(re.findall(r"<svg.*?</svg>", past.browser(Role.MANAGER).get(PAGE).content.decode(), re.DOTALL))
    assert "style" not in svg
    assert "script" not in svg


def test_a_network_without_a_past_is_told_so(ward: Ward) -> None:
    page = ward.browser(Role.MANAGER).get(PAGE, {"weeks": "4"})
    assert "No rule-out, missed step or text in these weeks" in words(page)
    assert "<polyline" not in page.content.decode()


def test_the_file_has_a_row_for_each_center_and_week(past: Ward) -> None:
    answer = past.browser(Role.MANAGER).get(FILE)
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [row["scan_median_minutes"] for row in rows] == ["60.0", "200.0", "90.0"]
    assert [row["scan_in_time"] for row in rows] == ["1", "0", "1"]
    assert {row["center"] for row in rows} == {past.place.center.code}


@pytest.mark.parametrize("given", [{"weeks": "3"}, {"weeks": "x"}, {"center": "NONE"}])
def test_a_span_that_is_not_offered_is_refused_in_words(past: Ward, given: dict[str, str]) -> None:
    assert past.browser(Role.MANAGER).get(PAGE, given).status_code == 422


def test_the_api_gives_the_same_figures(past: Ward) -> None:
    answer = past.browser(Role.MANAGER).get(API, {"weeks": 4}).json()
    assert answer["total"]["first_answer_to_scan"]["median_minutes"] == 90
    assert answer["total"]["first_answer_to_scan"]["in_time"] == {
        "met": 2,
        "due": 3,
        "percent": pytest.approx(66.67, 0.01),
    }
    assert [row["center"] for row in answer["centers"]] == [past.place.center.code]
    assert len(answer["weeks"]) == 4
    assert len(answer["center_weeks"]) == 3


@pytest.mark.parametrize(
    ("given", "field"), [({"weeks": 0}, "weeks"), ({"weeks": 107}, "weeks"), ({"weeks": "x"}, "weeks")]
)
def test_the_api_names_the_field_that_is_wrong(ward: Ward, given: dict[str, str], field: str) -> None:
    answer = ward.browser(Role.MANAGER).get(API, given)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_the_api_does_not_know_a_center_that_is_not_there(ward: Ward) -> None:
    assert ward.browser(Role.MANAGER).get(API, {"center": "NONE"}).status_code in {400, 404}


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.SONOGRAPHER, Role.CLINICIAN, Role.PHYSICIAN])
def test_nobody_else_sees_it(ward: Ward, role: str) -> None:
    assert [ward.browser(role).get(path).status_code for path in (PAGE, FILE, API)] == [403, 403, 403]
