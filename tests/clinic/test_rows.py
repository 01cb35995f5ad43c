"""Rows by statements that are built once: as Django would write, read and change them."""

import pytest
from django.db import IntegrityError, transaction

from clinic import clock, rows
from clinic.models import AccessNeeds, Center, Event, Patient
from tests.factories import make_center, make_patient

pytestmark = pytest.mark.django_db


def test_new_rows_get_their_keys_and_can_be_saved_again() -> None:
    told = [Event(kind=f"tried.{number}", at=clock.now(), actor_kind="system", codes={"n": 1}) for number in (1, 2)]
    rows.insert(*told)
    assert [Event.objects.get(pk=event.pk).kind for event in told] == ["tried.1", "tried.2"]
    assert Event.objects.get(pk=told[0].pk).codes == {"n": 1}
    patient = Patient(
        given_name="Ana", family_name="Example", phone="+13015550100", zip="20770", created_at=clock.now()
    )
    rows.insert(patient)
    patient.family_name = "Other"
    patient.save()
    assert [each.family_name for each in Patient.objects.all()] == ["Other"]


def test_a_row_that_is_there_already_is_left_as_it_stands() -> None:
    patient = make_patient()
    twice = AccessNeeds(patient=patient, interpreter="es", changed_at=clock.now())
    rows.insert(twice, unless_there=True)
    rows.insert(AccessNeeds(patient=patient, interpreter="fr", changed_at=clock.now()), unless_there=True)
    assert AccessNeeds.objects.get(patient=patient).interpreter == "es"
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(AccessNeeds(patient=patient, changed_at=clock.now()))


def test_a_row_is_changed_while_it_is_as_expected_and_is_then_what_it_is_in_the_database() -> None:
    patient = make_patient(given_name="Ana")
    Patient.objects.filter(pk=patient.pk).update(family_name="Changed")
    assert not rows.change(patient, {"given_name": "Eva"}, where="t.given_name = %(was)s", was="Nobody")
    assert patient.given_name == "Ana"
    assert rows.change(patient, {"given_name": "Eva"}, where="t.given_name = %(was)s", was="Ana")
    assert (patient.given_name, patient.family_name) == ("Eva", "Changed")
    assert Patient.objects.get(pk=patient.pk).given_name == "Eva"


def test_rows_side_by_side_say_where_one_is_missing() -> None:
    patient, center = make_patient(), make_center()
    query = f"""
    SELECT {rows.columns(Patient, "p")}, {rows.columns(AccessNeeds, "n")}, {rows.columns(Center, "c")}
    FROM clinic_patient p LEFT JOIN clinic_accessneeds n ON n.patient_id = p.id CROSS JOIN clinic_center c
    """
    assert rows.side_by_side(query, {}, Patient, AccessNeeds, Center) == [(patient, None, center)]


def test_what_django_would_convert_is_not_read_as_it_is_stored() -> None:
    with pytest.raises(TypeError):
        rows.columns(Event, "t")
