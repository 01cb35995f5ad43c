"""A request that was sent twice acts once: same key and body, same answer; another body, 422; in flight, 409."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection

from clinic.models import IdempotencyKey, Patient
from scheduling.models import Appointment
from tests.doors.conftest import Door, changes_nothing, refused, send

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
NAMED = {"given_name": "Ana", "family_name": "Ruiz", "phone": "301-555-0142", "zip": "20770"}


def test_the_same_request_answers_the_same_and_writes_one_row(door: Door) -> None:
    client = door.of("portal")
    for path, body in (("patients/", NAMED), ("holds/", door.slot())):
        first = send(client, "POST", path, body, Idempotency_Key="one-" + path)
        again = changes_nothing(
            lambda path=path, body=body: send(client, "POST", path, body, Idempotency_Key="one-" + path)
        )
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert again["Idempotent-Replayed"] == "true"
        # The order of a body's members means nothing.
        turned = dict(reversed(list(body.items())))
        assert send(client, "POST", path, turned, Idempotency_Key="one-" + path).json() == first.json()
    assert Patient.objects.filter(family_name="Ruiz").count() == 1
    assert Appointment.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(door: Door) -> None:
    client = door.of("portal")
    assert send(client, "POST", "patients/", NAMED, Idempotency_Key="k").status_code == 201
    for path, body in (("patients/", {**NAMED, "given_name": "Eva"}), ("holds/", door.slot())):
        answer = changes_nothing(lambda path=path, body=body: send(client, "POST", path, body, Idempotency_Key="k"))
        refused(answer, 422, "idempotency_key_reused")


def test_a_key_belongs_to_its_caller(door: Door) -> None:
    first = send(door.of("portal"), "POST", "patients/", NAMED, Idempotency_Key="k").json()
    other = send(door.of("representative"), "POST", "patients/", NAMED, Idempotency_Key="k")
    assert other.status_code == 201
    assert other.json()["id"] != first["id"]


def test_a_refusal_is_not_kept(door: Door) -> None:
    client = door.of("portal")
    refused(send(client, "POST", "patients/", {**NAMED, "zip": "00000"}, Idempotency_Key="k"), 400, "invalid", "zip")
    assert not IdempotencyKey.objects.exists()
    assert send(client, "POST", "patients/", NAMED, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 129, "caf\u00e9\u0007"])
def test_a_key_that_is_none_is_refused(door: Door, key: str) -> None:
    answer = changes_nothing(lambda: send(door.of("portal"), "POST", "patients/", NAMED, Idempotency_Key=key))
    refused(answer, 400, "idempotency_key_invalid")


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_in_flight_the_second_is_told_so(door: Door) -> None:
    episode = door.ward.place.suspected()
    body = {"patient": episode.patient_id, "episode": episode.pk, "slot": door.slot()}

    def post() -> Any:
        try:
            return send(door.of("portal"), "POST", "appointments/", body, Idempotency_Key="k")
        finally:
            connection.close()

    place = connection.settings_dict
    with (
        psycopg.connect(host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=place["USER"]) as busy,
        ThreadPoolExecutor(1) as pool,
    ):
        busy.execute("SELECT FROM clinic_patient WHERE id = %s FOR UPDATE", [episode.patient_id])
        first = pool.submit(post)
        _wait_until_somebody_waits()
        refused(changes_nothing(post), 409, "idempotency_in_flight")
        busy.rollback()
        booked = first.result(timeout=30)
    assert booked.status_code == 201, booked.content
    assert post().json() == booked.json()
    assert Appointment.objects.count() == 1


def _wait_until_somebody_waits() -> None:
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(_WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("The first request does not wait for the patient's row.")
