"""A registration is completed in parts, and nothing waits for it."""

from datetime import date

import pytest

from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Event, Patient, Registration, RegistrationPart, Role
from clinic.services.registration import Answers, complete_registration, registration_of
from clinic.services.welfare import name_emergency_contact
from tests.kernel import acting, make_patient, make_zip

pytestmark = pytest.mark.django_db
ALL = Answers(
    parts=tuple(part.value for part in RegistrationPart),
    legal_name="Maria Elena Lopez",
    birth_date=date(1968, 3, 9),
    sex="F",
    street="12 Elm St",
    city="Greenbelt",
    state="md",
    zip="20770",
    language="es",
    payer="Blue Plan",
    member_number="X-1",
)


@pytest.fixture
def patient() -> Patient:
    make_zip()
    return make_patient()


def test_what_nobody_asked_is_missing_also_where_a_value_stands(patient: Patient) -> None:
    assert patient.birth_date is not None
    assert registration_of(patient).missing == list(RegistrationPart)


def test_a_part_is_completed_and_the_others_stay_as_they_were(patient: Patient) -> None:
    first = complete_registration(
        acting(), patient_id=patient.pk, answers=Answers(parts=("sex", "language"), sex="M", language="es", payer="No")
    )
    assert set(first.asked) == {"sex", "language"}
    second = complete_registration(acting(), patient_id=patient.pk, answers=Answers(parts=("payer",), payer="Blue"))
    patient.refresh_from_db()
    assert (patient.sex, patient.language, second.payer) == ("M", "es", "Blue")
    assert second.missing[0] == RegistrationPart.LEGAL_NAME
    assert "payer" not in [part.value for part in second.missing]
    assert Event.objects.filter(kind="patient.registration").count() == 2


def test_all_of_it_at_once_with_nobody_to_name_and_no_clinician(patient: Patient) -> None:
    row = complete_registration(acting(Role.REPRESENTATIVE), patient_id=patient.pk, answers=ALL)
    patient.refresh_from_db()
    assert row.missing == []
    assert (row.state, row.legal_name, patient.birth_date) == ("MD", "Maria Elena Lopez", date(1968, 3, 9))
    assert patient.emergency_contact_phone == ""


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (Answers(parts=()), "parts"),
        (Answers(parts=("shoe_size",)), "parts"),
        (Answers(parts=("legal_name",), legal_name=" "), "legal_name"),
        (Answers(parts=("birth_date",), birth_date=date(2999, 1, 1)), "birth_date"),
        (Answers(parts=("birth_date",)), "birth_date"),
        (Answers(parts=("sex",), sex="?"), "sex"),
        (Answers(parts=("address",), street="1 A St", city="B", state="Maryland", zip="20770"), "state"),
        (Answers(parts=("address",), street="1 A St", city="B", state="MD", zip="00000"), "zip"),
        (Answers(parts=("emergency_contact",), emergency_contact_name="Lee"), "emergency_contact_phone"),
        (Answers(parts=("emergency_contact",), emergency_contact_phone="301-555-0142"), "emergency_contact_name"),
        (
            Answers(parts=("emergency_contact",), emergency_contact_name="Lee", emergency_contact_phone="1"),
            "emergency_contact_phone",
        ),
        (Answers(parts=("language",), language="fr"), "language"),
        (Answers(parts=("payer",), payer="x" * 121), "payer"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_kept(patient: Patient, answers: Answers, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        complete_registration(acting(), patient_id=patient.pk, answers=answers)
    assert field in refused.value.fields
    assert not Registration.objects.exists()


def test_a_merged_record_is_completed_where_it_went_and_an_administrator_completes_none(patient: Patient) -> None:
    with pytest.raises(Forbidden):
        complete_registration(acting(Role.ADMINISTRATOR), patient_id=patient.pk, answers=ALL)
    Patient.objects.filter(pk=patient.pk).update(merged_into=make_patient())
    with pytest.raises(Conflict) as refused:
        complete_registration(acting(), patient_id=patient.pk, answers=ALL)
    assert refused.value.code == "patient_merged"


def test_an_emergency_contact_that_was_named_elsewhere_is_asked(patient: Patient) -> None:
    name_emergency_contact(acting(), patient_id=patient.pk, name="Lee", phone="301-555-0142")
    assert "emergency_contact" in registration_of(patient).asked
