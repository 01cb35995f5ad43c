"""The API takes a language that somebody must speak, and refuses a code that is none by its field."""

import pytest

from clinic.models import Role
from scheduling.models import Appointment, Resource, ResourceKind
from tests.doors.conftest import Door, send

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
NONE_SUCH = "Give one of asl, am, ar, zh, fr, ht, hi, ko, pl, pt, ru, es, tl, uk, vi, or leave it out: everybody speaks"


def _teach(door: Door, code: str) -> None:
    scans = Resource.objects.select_related("staff").get(center=door.ward.place.center, kind=ResourceKind.SONOGRAPHER)
    assert scans.staff is not None
    scans.staff.languages = [code]
    scans.staff.save(update_fields=["languages"])


def test_a_search_names_a_language_and_finds_who_speaks_it(door: Door) -> None:
    path = "slots/?visit_type=V10&near=20770&language="
    nobody = send(door.of("portal"), "GET", f"{path}es").json()
    assert nobody["results"] == []
    assert [each["reason"] for each in nobody["unavailable"]] == ["capability_missing"]
    _teach(door, "es")
    assert send(door.of("portal"), "GET", f"{path}es").json()["results"]
    assert send(door.of("portal"), "GET", f"{path}ht").json()["results"] == []


def test_a_hold_and_a_booking_keep_the_language(door: Door) -> None:
    slot = door.slot() | {"language": "es"}
    refused = send(door.of("portal"), "POST", "holds/", slot)
    assert (refused.status_code, refused.json()["code"]) == (409, "language_not_spoken")
    assert not Appointment.objects.exists()
    _teach(door, "es")
    assert send(door.of("portal"), "POST", "holds/", slot).status_code == 201
    episode = door.ward.suspected()
    later = door.slot(16) | {"language": "es"}
    body = {"patient": episode.patient_id, "episode": episode.pk, "slot": later}
    booked = send(door.of(Role.REPRESENTATIVE), "POST", "appointments/", body)
    assert (booked.status_code, booked.json()["needs"]) == (201, ["language-es"])


@pytest.mark.parametrize("code", ["xx", "en", "spanish"])
def test_a_code_that_is_none_is_refused_by_its_field_with_the_codes(door: Door, code: str) -> None:
    searched = send(door.of("portal"), "GET", f"slots/?visit_type=V10&near=20770&language={code}")
    held = send(door.of("portal"), "POST", "holds/", door.slot() | {"language": code})
    for answer in (searched, held):
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["field"], error["message"].startswith(NONE_SUCH)) == ("language", True)
    assert not Appointment.objects.exists()
