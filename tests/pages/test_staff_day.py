"""The center's day: a visit from check-in to its preliminary, by buttons; and the manager's view."""

import pytest

from clinic.models import Report, Role
from tests.factories import make_center
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db


def test_a_visit_goes_from_check_in_to_its_preliminary(ward: Ward) -> None:
    visit = ward.place.booked()
    sam = ward.browser(Role.SONOGRAPHER)
    for action in ("check-in", "start", "complete"):
        assert f"/staff/visits/{visit.pk}/{action}/" in sam.get("/staff/day/").content.decode()
        answer = sam.post(f"/staff/visits/{visit.pk}/{action}/", {"next": "/staff/day/"})
        assert answer.headers["Location"] == "/staff/day/"
    assert f"/staff/visits/{visit.pk}/#preliminary" in sam.get("/staff/day/").content.decode()
    given = {"impression": "suspicious", "side": "left", "findings": "Noncompressible."}
    sam.post(f"/staff/visits/{visit.pk}/preliminary/", given)
    report = Report.objects.get()
    assert (report.impression, report.created_by) == ("suspicious", ward.people[Role.SONOGRAPHER])
    assert "Preliminary</a>" not in sam.get("/staff/day/").content.decode()


def test_a_preliminary_without_a_side_keeps_its_findings(ward: Ward) -> None:
    visit = ward.scanned()
    given = {"impression": "negative", "findings": "Compressible throughout."}
    answer = ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/preliminary/", given)
    assert answer.status_code == 422
    assert "Compressible throughout." in answer.content.decode()
    assert not Report.objects.exists()


def test_a_button_pressed_twice_is_told_not_done_twice(ward: Ward) -> None:
    visit = ward.place.booked()
    sam = ward.browser(Role.SONOGRAPHER)
    sam.post(f"/staff/visits/{visit.pk}/check-in/")
    again = sam.post(f"/staff/visits/{visit.pk}/check-in/", {"next": "/staff/day/"}, follow=True)
    assert again.status_code == 200
    assert 'class="alert tone-critical" role="alert"' in again.content.decode()


def test_nobody_is_marked_as_missing_before_their_time(ward: Ward) -> None:
    visit = ward.place.booked(15)
    assert (
        f"/staff/visits/{visit.pk}/no-show/" not in ward.browser(Role.SONOGRAPHER).get("/staff/day/").content.decode()
    )
    ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/no-show/")
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_only_a_sonographer_is_offered_the_preliminary(ward: Ward) -> None:
    visit = ward.scanned()
    assert "preliminary/" not in ward.browser(Role.CLINICIAN).get(f"/staff/visits/{visit.pk}/").content.decode()


def test_an_address_of_a_button_leads_to_its_page(ward: Ward) -> None:
    visit = ward.place.booked()
    page = ward.browser(Role.SONOGRAPHER).get(f"/staff/visits/{visit.pk}/check-in/", follow=True)
    assert page.request["PATH_INFO"] == f"/staff/visits/{visit.pk}/"


def test_another_center_has_its_own_day(ward: Ward) -> None:
    visit = ward.place.booked()
    other = make_center("FAR", zone="Pacific/Honolulu", state="HI")
    sam = ward.browser(Role.SONOGRAPHER)
    assert str(visit.patient) in sam.get("/staff/day/").content.decode()
    assert str(visit.patient) not in sam.get("/staff/day/", {"center": other.code}).content.decode()
    assert sam.get("/staff/day/", {"center": "NOWHERE"}).status_code == 404


def test_the_manager_sees_each_centers_day_in_its_own_time(ward: Ward) -> None:
    make_center("FAR", zone="Pacific/Honolulu", state="HI")
    ward.place.booked(15)
    ward.read(hour=13)
    rows = {row.center.code: row for row in ward.browser(Role.MANAGER).get("/staff/network/").context["rows"]}
    home = rows[ward.place.center.code]
    assert (home.total, home.ahead, home.visits["completed"], home.open_results) == (2, 1, 1, 1)
    assert rows["FAR"].total == 0


def test_a_scan_whose_order_is_not_signed_leads_to_where_it_is(ward: Ward) -> None:
    ward.place.center.standing_protocol = False
    ward.place.center.save()
    visit, sam = ward.place.booked(), ward.browser(Role.SONOGRAPHER)
    orders = f'href="/staff/episodes/{visit.episode_id}/orders/"'
    board = sam.post(f"/staff/visits/{visit.pk}/check-in/", follow=True)
    assert "order not signed" in words(board)
    assert orders in board.content.decode()
    refused = sam.post(f"/staff/visits/{visit.pk}/start/", {"side": "left"}, follow=True).content.decode()
    alert = refused[refused.index('role="alert"') :]
    assert orders in alert[: alert.index("</div>")]


def test_the_day_says_whose_turn_is_next(ward: Ward) -> None:
    later, owed = ward.place.booked(16), ward.scanned(13)
    page = words(ward.browser(Role.SONOGRAPHER).get("/staff/day/"))
    assert f"Next: {owed.patient} , 1:00 PM, the preliminary is owed" in page
    ward.browser(Role.SONOGRAPHER).post(
        f"/staff/visits/{owed.pk}/preliminary/", {"impression": "negative", "side": "left"}
    )
    page = words(ward.browser(Role.SONOGRAPHER).get("/staff/day/"))
    assert f"Next: {later.patient} , 4:00 PM, booked" in page
