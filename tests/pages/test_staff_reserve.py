"""The manager's page of the same-day reserve, and the same over the API."""

import pytest

from clinic.models import Role
from scheduling.models import AddOnLimit, Reserve
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db


def _typed(half: str, scans: int, *steps: tuple[str, str, str]) -> dict[str, object]:
    sent: dict[str, object] = {f"{half}-scans": scans}
    for at in range(3):
        hours, when, percent = steps[at] if at < len(steps) else ("", "after", "")
        sent |= {f"{half}-{at}-hours": hours, f"{half}-{at}-when": when, f"{half}-{at}-percent": percent}
    return sent


def test_a_manager_sets_a_half_day_and_sees_what_is_used_of_it(ward: Ward) -> None:
    code, maya = ward.place.center.code, ward.browser(Role.MANAGER)
    given = _typed("afternoon", 3, ("4", "before", "70"), ("1.5", "after", "0"))
    assert maya.post(f"/staff/reserves/{code}/afternoon/", given).status_code == 302
    ward.place.booked(14)
    kept = Reserve.objects.get()
    assert list(kept.releases.values_list("minutes_before", "kept_percent")) == [(240, 70), (-90, 0)]
    row = maya.get(f"/staff/reserves/{code}/").context["halves"][1][0]
    assert (row.kept, row.used, row.policy.scans) == (3, 1, 3)
    totals = maya.get("/staff/reserves/").context["totals"]
    assert (totals["kept"], totals["used"]) == (3, 1)


@pytest.mark.parametrize(
    "given",
    [
        _typed("morning", 99),
        _typed("morning", 2, ("1", "after", "")),
        _typed("morning", 2, ("1", "after", "20"), ("2", "after", "50")),
        {},
    ],
)
def test_what_makes_no_sense_comes_back_as_it_was_typed(ward: Ward, given: dict[str, object]) -> None:
    answer = ward.browser(Role.MANAGER).post(f"/staff/reserves/{ward.place.center.code}/morning/", given)
    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert not Reserve.objects.exists()


def test_others_see_it_and_do_not_set_it(ward: Ward) -> None:
    code = ward.place.center.code
    page = words(ward.browser(Role.REPRESENTATIVE).get(f"/staff/reserves/{code}/"))
    assert "A manager sets it" in page
    answer = ward.browser(Role.REPRESENTATIVE).post(f"/staff/reserves/{code}/morning/", _typed("morning", 2))
    assert answer.status_code == 403


def test_the_limit_of_add_ons_is_set_there_too(ward: Ward) -> None:
    code, maya = ward.place.center.code, ward.browser(Role.MANAGER)
    maya.post(f"/staff/reserves/{code}/add-ons/", {"add_ons": 2})
    assert AddOnLimit.objects.get().visits == 2
    assert maya.post(f"/staff/reserves/{code}/add-ons/", {"add_ons": 500}).status_code == 422


def test_the_api_sets_it_and_tells_how_it_stands(ward: Ward) -> None:
    code, maya = ward.place.center.code, ward.browser(Role.MANAGER)
    step = {"minutes_before": -60, "kept_percent": 50}
    set_to = {"scans": 2, "release": [step]}
    answer = maya.put(f"/api/v1/reserves/{code}/afternoon/", set_to, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["today"] == {"kept": 2, "used": 0, "free": 9}
    found = maya.get("/api/v1/reserves/", {"center": code}).json()["results"]
    assert [(half["half"], half["scans"]) for half in found] == [("morning", 0), ("afternoon", 2)]
    assert found[1]["release"] == [step]
    wrong = maya.put(f"/api/v1/reserves/{code}/night/", set_to, content_type="application/json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "half")
    slot = {"visit_type": "V20", "center": code, "starts_at": ward.place.at(14).starts_at.isoformat()}
    set_to["scans"] = 60
    maya.put(f"/api/v1/reserves/{code}/afternoon/", set_to, content_type="application/json")
    refused = maya.post("/api/v1/holds/", slot, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "reserved_for_same_day")
