"""A manager edits availability on pages: the week, the rehearsal, the outcome with whom a person must call."""

from datetime import timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.models import Closure, Role
from scheduling.models import Displacement, Resource, ShiftEdit
from scheduling.services.calendar import materialise
from scheduling.services.editing import Closing, apply
from tests.factories import make_working_center
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db


def _post(ward: Ward, button: str, **given: Any) -> Any:
    return ward.browser(Role.MANAGER).post(f"/staff/shifts/{button}/", given, follow=True)


def _closing(ward: Ward, **more: Any) -> dict[str, Any]:
    center = ward.place.center
    return {"kind": "closure", "center": center.code, "on": clock.today(center.zone), "reason": "Snow", **more}


def test_the_week_shows_who_is_on_duty_and_what_is_out_of_the_ordinary(ward: Ward) -> None:
    ward.place.booked(14)
    center, manager = ward.place.center, ward.browser(Role.MANAGER)
    page = words(manager.get("/staff/shifts/"))
    assert "8am–8pm" in page
    assert "1 visit" in page
    sonographer = Resource.objects.get(center=center, kind="sonographer")
    lunch = {"on": clock.today(center.zone), "starts": "16:00", "ends": "17:00"}
    _post(ward, "confirm", kind="break", resource=sonographer.pk, **lunch)
    page = words(manager.get("/staff/shifts/"))
    assert "8am–4pm" in page
    assert "Break 4pm–5pm" in page
    later = clock.today(center.zone) + timedelta(days=60)
    assert manager.get("/staff/shifts/", {"on": later.isoformat()}).status_code == 200


def test_the_list_of_centers_says_where_visits_wait_to_be_rebooked(ward: Ward) -> None:
    ward.place.booked(14)
    center = ward.place.center
    apply(ward.actor(Role.MANAGER), Closing(place=center, on=clock.today(center.zone), reason="Storm"), displace=True)
    page = words(ward.browser(Role.MANAGER).get("/staff/shifts/"))
    assert f"{center.name} (1 to be rebooked)" in page
    assert "1 visit of this center waits to be rebooked." in page


def test_a_closure_is_rehearsed_then_done_and_says_whom_to_call(ward: Ward) -> None:
    visit = ward.place.booked(14)
    page = words(_post(ward, "preview", **_closing(ward)))
    assert "This displaces 1 visit" in page
    assert "Never agreed to texts" in page
    assert "in 2 h 59 min" in page
    assert not ShiftEdit.objects.exists()
    answer = _post(ward, "confirm", **_closing(ward, displace="yes"))
    edit = ShiftEdit.objects.get()
    assert answer.request["PATH_INFO"] == f"/staff/shifts/edits/{edit.pk}/"
    page = words(answer)
    assert "A person must call 1 patient" in page
    assert str(visit.patient) in page
    assert "Clinician calls the patient" in page


def test_the_confirmation_carries_the_whole_edit_to_its_button(ward: Ward) -> None:
    page = _post(ward, "preview", **_closing(ward, starts="15:00", ends="18:00"))
    for name, value in page.context["kept"]:
        assert f'name="{name}" value="{value}"' in page.content.decode()
    _post(ward, "confirm", **dict(page.context["kept"]))
    closure = Closure.objects.get()
    assert (f"{closure.starts:%H:%M}", f"{closure.ends:%H:%M}", closure.reason) == ("15:00", "18:00", "Snow")


def test_who_was_booked_after_the_rehearsal_is_not_displaced_unseen(ward: Ward) -> None:
    assert "This displaces no visit" in words(_post(ward, "preview", **_closing(ward)))
    ward.place.booked(14)
    page = words(_post(ward, "confirm", **_closing(ward)))
    assert "Somebody was booked meanwhile" in page
    assert not ShiftEdit.objects.exists()


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(ward: Ward) -> None:
    page = _post(ward, "preview", **_closing(ward, reason="Burst pipe", starts="15:00"))
    assert page.status_code == 422
    assert "Burst pipe" in page.content.decode()
    sonographer = Resource.objects.get(center=ward.place.center, kind="sonographer")
    page = _post(ward, "preview", kind="week", resource=sonographer.pk, first="2020-01-01", starts_0="08:00")
    assert page.status_code == 422
    assert "Give both hours, or neither." in words(page)


def test_weekly_hours_are_split_around_their_break(ward: Ward) -> None:
    sonographer = Resource.objects.get(center=ward.place.center, kind="sonographer")
    first = clock.today(ward.place.center.zone) + timedelta(days=1)
    given = {"starts_0": "08:00", "ends_0": "17:00", "break_starts": "12:00", "break_ends": "12:30"}
    _post(ward, "confirm", kind="week", resource=sonographer.pk, first=first, **given)
    found = sonographer.patterns.filter(valid_from=first).order_by("starts").values_list("weekday", "starts", "ends")
    assert [(day, f"{starts:%H:%M}", f"{ends:%H:%M}") for day, starts, ends in found] == [
        (0, "08:00", "12:00"),
        (0, "12:30", "17:00"),
    ]


def test_a_machine_that_is_down_sends_its_visits_on(ward: Ward) -> None:
    make_working_center("NEXT", at=(39.2, -76.88))
    materialise(days=3)
    visit = ward.place.booked(14)
    room = Resource.objects.get(center=ward.place.center, kind="room")
    until = clock.today(ward.place.center.zone)
    given = {"kind": "down", "resource": room.pk, "why": "down", "until_on": until, "until": "19:00"}
    page = words(_post(ward, "confirm", **given, displace="yes"))
    row = Displacement.objects.get()
    assert (row.appointment_id, row.status) == (visit.pk, "moved")
    assert "A person must call 1 patient" in page
    assert "Out of order" in words(ward.browser(Role.MANAGER).get(f"/staff/shifts/units/{room.pk}/"))


def test_a_day_that_no_calendar_has_is_named(ward: Ward) -> None:
    room = Resource.objects.get(center=ward.place.center, kind="room")
    given = {"kind": "down", "resource": room.pk, "why": "down", "until_on": "9999-12-31", "until": "23:59"}
    page = _post(ward, "preview", **given)
    assert page.status_code == 422
    assert "Give a day that the calendar has." in words(page)


def test_every_edit_has_its_form(ward: Ward) -> None:
    manager, center = ward.browser(Role.MANAGER), ward.place.center
    sonographer = Resource.objects.get(center=center, kind="sonographer")
    unit, whole = manager.get(f"/staff/shifts/units/{sonographer.pk}/"), manager.get("/staff/shifts/center/")
    assert set(unit.context["forms"]) == {"down", "day", "break", "week", "weekly_break", "leave", "retirement"}
    assert set(whole.context["forms"]) == {"closure", "hours", "new_unit"}
    _post(ward, "confirm", **_closing(ward))
    assert 'value="reopening"' in manager.get("/staff/shifts/center/").content.decode()
