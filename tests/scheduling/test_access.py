"""Getting in, onto the table, and understood: what is asked and kept, and nobody loses their tier by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from clinic.errors import Invalid
from clinic.models import AccessNeeds, Role, Staff, Step, StepKind
from clinic.services.departures import Leaving, record_departure
from clinic.tables import STANDARD_LB, table_for
from scheduling.models import ResourceKind
from scheduling.services.rescheduling import reschedule
from tests.factories import make_patient, tomorrow_at
from tests.pages.staff import Ward
from tests.pages.visitors import words
from tests.scheduling.access import booked, record

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


# What is kept.


def test_of_a_weight_only_the_table_that_it_needs_is_kept(ward: Ward) -> None:
    row = record(ward, make_patient(), weight_lb=412)
    assert row.table_limit_lb == 450
    assert "412" not in str([getattr(row, field.attname) for field in row._meta.concrete_fields])
    assert record(ward, row.patient).table_limit_lb == 450
    assert record(ward, row.patient, weight_lb=180).table_limit_lb == 0


@pytest.mark.parametrize(("weight", "table"), [(5, 0), (350, 0), (351, 400), (400, 400), (401, 450), (1000, 1000)])
def test_the_table_carries_the_weight_and_is_no_stronger_than_needed(weight: int, table: int) -> None:
    assert table_for(weight) == table
    assert table == 0 or weight <= table < weight + 50
    assert table or weight <= STANDARD_LB


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"weight_lb": 1001}, "weight_lb"),
        ({"mobility": "flies"}, "mobility"),
        ({"transfer": "thrown"}, "transfer"),
        ({"interpreter": "xx"}, "interpreter"),
        ({"contact_name": "Sister"}, "contact_phone"),
        ({"contact_phone": "301-555-0142"}, "contact_name"),
        ({"contact_name": "Sister", "contact_phone": "12"}, "contact_phone"),
    ],
)
def test_what_makes_no_sense_names_the_field_and_changes_nothing(ward: Ward, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        record(ward, make_patient(), **said)
    assert set(refused.value.fields) == {field}
    assert not AccessNeeds.objects.exists()


# An interpreter.


def test_no_interpreter_opens_a_step_before_the_visit_and_changes_neither_tier_nor_time(ward: Ward) -> None:
    episode = ward.suspected()
    before = (episode.tier, episode.scan_by, episode.result_by)
    record(ward, episode.patient, interpreter="ht")
    visit = booked(ward, episode)
    step = Step.objects.get(episode=episode, kind=StepKind.LANGUAGE_LINE)
    assert step.due_at is not None
    assert clock.now() < step.due_at <= visit.starts_at
    assert (step.owner_role, step.center) == (Role.REPRESENTATIVE, visit.center)
    episode.refresh_from_db()
    assert (episode.tier, episode.scan_by, episode.result_by) == before


def test_where_somebody_on_duty_speaks_it_nothing_is_owed(ward: Ward) -> None:
    Staff.objects.filter(resource__kind=ResourceKind.SONOGRAPHER).update(languages=["ht"])
    episode = ward.suspected()
    record(ward, episode.patient, interpreter="ht")
    booked(ward, episode)
    assert not Step.objects.filter(kind=StepKind.LANGUAGE_LINE).exists()


def test_a_visit_that_moves_moves_its_arrangement_and_owes_it_once(ward: Ward) -> None:
    episode = ward.suspected()
    record(ward, episode.patient, interpreter="asl")
    visit = booked(ward, episode)
    moved = tomorrow_at(14, 0, days=0)
    reschedule(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk, starts_at=moved)
    step = Step.objects.get(episode=episode, kind=StepKind.LANGUAGE_LINE)
    assert step.due_at == moved - timedelta(minutes=30)


# Without a telephone.


def test_who_has_no_phone_does_not_leave_before_it_is_recorded_how_they_are_found(ward: Ward) -> None:
    report = ward.read()
    patient = report.episode.patient
    record(ward, patient, no_phone=True)
    leaving = Leaving(callback_phone="", instructions=["danger_signs", "whom_to_call"])
    with pytest.raises(Invalid) as refused:
        record_departure(ward.actor(Role.SONOGRAPHER), report_id=report.pk, leaving=leaving)
    assert "no telephone" in refused.value.fields["callback_phone"]
    record(ward, patient, no_phone=True, in_person_plan="Back at the desk at 4 pm")
    row = record_departure(ward.actor(Role.SONOGRAPHER), report_id=report.pk, leaving=leaving)
    assert row.callback_phone == ""


def test_who_has_a_phone_says_it_as_ever(ward: Ward) -> None:
    report = ward.read()
    leaving = Leaving(callback_phone="", instructions=["danger_signs", "whom_to_call"])
    with pytest.raises(Invalid) as refused:
        record_departure(ward.actor(Role.SONOGRAPHER), report_id=report.pk, leaving=leaving)
    assert "callback_phone" in refused.value.fields


# The doors.


def test_a_colleague_asks_on_a_page_and_comes_back_to_the_call(ward: Ward) -> None:
    patient = ward.suspected().patient
    rosa = ward.browser(Role.REPRESENTATIVE)
    url = f"/staff/patients/{patient.pk}/access/"
    assert "Interpreter" in words(rosa.get(url))
    given = {"mobility": "wheelchair", "transfer": "alone", "weight_lb": "400", "interpreter": "ht"}
    answer = rosa.post(url, {**given, "next": "/staff/console/"})
    assert answer.headers["Location"] == "/staff/console/"
    assert "carries 400 pounds" in words(rosa.get(url))
    assert 'value="400"' not in rosa.get(url).content.decode()
    assert rosa.post(url, {**given, "weight_lb": "4000"}).status_code == 422


def test_the_api_records_and_tells(ward: Ward) -> None:
    patient = make_patient()
    rosa = ward.browser(Role.REPRESENTATIVE)
    url = f"/api/v1/patients/{patient.pk}/access/"
    assert rosa.get(url).json()["asked"] is False
    said = {"mobility": "wheelchair", "weight_lb": 360, "interpreter": "asl"}
    answer = rosa.post(url, said, content_type="application/json", headers={"Idempotency-Key": "a1"})
    assert (answer.json()["table_limit_lb"], answer.json()["interpreter"]) == (400, "asl")
    wrong = rosa.post(url, {"weight_lb": 9999}, content_type="application/json", headers={"Idempotency-Key": "a2"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "weight_lb")


def test_a_visitor_is_asked_in_both_languages(ward: Ward) -> None:
    from django.utils import translation  # noqa: PLC0415

    from scheduling.pages.patient.forms import DetailsForm  # noqa: PLC0415

    assert "wheelchair" in DetailsForm(wording="").as_p()
    with translation.override("es"):
        assert "silla de ruedas" in DetailsForm(wording="").as_p()
        assert "Criollo haitiano" in DetailsForm(wording="").as_p()
    assert Client().get("/").status_code == 200
