"""Registering somebody who has no telephone: only with another way to reach them; and what goes by a number."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from clinic.access import SYSTEM
from clinic.errors import Invalid
from clinic.keeping.record import resources
from clinic.models import AccessNeeds, IdentityCheck, Patient, Role
from clinic.selectors.duplicates import others_with_birth_date_and_phone, possible_duplicates
from clinic.selectors.patients import matching
from clinic.selectors.reach import unreachable
from clinic.services.access_needs import Access, record_access
from clinic.services.identifying import Said, check_identity
from clinic.services.other_ways import OtherWay
from clinic.services.patients import register
from tests.factories import make_zip
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
BORN = date(1950, 5, 4)
ANN = {"contact_name": "Ann Lee", "contact_phone": "301-555-0188"}


def _register(given: str = "Otto", family: str = "Finder", **way: str) -> Patient:
    make_zip()
    return register(
        SYSTEM,
        given_name=given,
        family_name=family,
        phone="",
        zip="20770",
        birth_date=BORN,
        other_way=OtherWay(**way),
        consent_to_texts=True,
    )


@pytest.mark.parametrize("way", [ANN, {"address": "4 Elm Street, Greenbelt"}, {"in_person_plan": "At the desk at 4"}])
def test_another_contact_an_address_or_a_plan_is_enough(way: dict[str, str]) -> None:
    patient = _register(**way)
    assert patient.phone is None
    assert patient.findable
    assert unreachable([patient]) == {patient.pk: "no_phone"}


@pytest.mark.parametrize(
    ("way", "field"),
    [
        ({}, "phone"),
        ({"in_person_plan": "   "}, "phone"),
        ({"contact_name": "Ann Lee"}, "contact_phone"),
        ({"contact_phone": "301-555-0188"}, "contact_name"),
        ({"contact_name": "Ann Lee", "contact_phone": "12"}, "contact_phone"),
        ({"address": "x" * 201}, "address"),
    ],
)
def test_without_one_nobody_is_registered_and_the_field_says_what_is_missing(way: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _register(**way)
    assert field in refused.value.fields
    assert not Patient.objects.exists()


def test_the_database_holds_no_patient_whom_nobody_can_reach() -> None:
    patient = _register(in_person_plan="At the desk at 4")
    with pytest.raises(IntegrityError, match="patient_can_be_reached"), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(in_person_plan="")


def test_the_last_way_is_not_taken_back(ward: Ward) -> None:
    patient = _register(**ANN)
    with pytest.raises(Invalid) as refused:
        record_access(ward.actor(Role.REPRESENTATIVE), patient_id=patient.pk, access=Access(mobility="wheelchair"))
    assert "contact_phone" in refused.value.fields
    assert not AccessNeeds.objects.exists()
    said = Access(mobility="wheelchair", in_person_plan="At the desk at 4")
    assert record_access(ward.actor(Role.REPRESENTATIVE), patient_id=patient.pk, access=said).no_phone


def test_two_without_a_phone_are_not_alike_for_it() -> None:
    one, other = _register(**ANN), _register("Zoe", "Quill", address="4 Elm Street")
    assert possible_duplicates(one) == []
    assert others_with_birth_date_and_phone(one) == []
    assert one != other


def test_a_like_name_and_birth_date_warn_and_the_same_contact_is_the_same_person() -> None:
    one, elsewhere = _register(**ANN), _register(in_person_plan="At the desk at 4")
    assert one != elsewhere
    assert [each.patient for each in possible_duplicates(one)] == [elsewhere]
    assert _register(**ANN) == one


def test_they_are_found_by_name_and_by_the_number_of_their_contact() -> None:
    patient = _register(**ANN)
    assert matching(name="finder") == [patient]
    assert matching(phone="301-555-0188") == [patient]


def test_the_number_of_a_contact_identifies_nobody(ward: Ward) -> None:
    patient = _register(**ANN)
    rosa = ward.actor(Role.REPRESENTATIVE)
    said = Said(name="Otto Finder", phone="301-555-0188")
    assert not check_identity(rosa, patient_id=patient.pk, said=said).passed
    with pytest.raises(Invalid):
        check_identity(rosa, patient_id=patient.pk, said=Said(name="Otto Finder"), called_back=True)
    said = Said(name="Otto Finder", birth_date=BORN)
    assert check_identity(rosa, patient_id=patient.pk, said=said).passed


def test_a_locked_phone_opens_on_a_call_to_their_contact_with_two_identifiers(ward: Ward) -> None:
    patient, rosa = _register(**ANN), ward.actor(Role.REPRESENTATIVE)
    for _ in range(3):
        check_identity(rosa, patient_id=patient.pk, said=Said(name="Nobody Known", birth_date=BORN))
    said = Said(name="Otto Finder", birth_date=BORN)
    assert check_identity(rosa, patient_id=patient.pk, said=said, called_back=True).passed
    assert IdentityCheck.objects.count() == 4


def test_the_record_that_is_exported_says_how_they_are_reached() -> None:
    patient = _register(**ANN, address="4 Elm Street")
    (row,) = [each for each in resources(patient) if each["resourceType"] == "Patient"]
    assert row["telecom"] == []
    assert "4 Elm Street" in str(row["address"])
    assert "+13015550188" in str(row["contact"])
