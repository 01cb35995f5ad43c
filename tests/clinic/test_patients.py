"""Registering: each wrong field is named, and consent is a row of its own."""

from datetime import date

import pytest

from clinic.access import SYSTEM
from clinic.errors import Invalid
from clinic.models import Consent, ConsentChannel, Patient
from clinic.selectors.consent import may_text
from clinic.selectors.patients import matching
from clinic.services.consent import record_consent
from clinic.services.patients import register
from tests.factories import phone_of
from tests.kernel import make_zip

pytestmark = pytest.mark.django_db
GOOD: dict[str, object] = {
    "given_name": "Ana",
    "family_name": "Ruiz",
    "phone": "(301) 555-0142",
    "zip": "20770",
    "birth_date": date(1964, 5, 17),
}


@pytest.fixture(autouse=True)
def _zip() -> None:
    make_zip()


def _register(**changes: object) -> Patient:
    return register(SYSTEM, **(GOOD | changes))  # type: ignore[arg-type]


def test_a_patient_is_kept_with_an_e164_number_and_the_words_of_the_consent() -> None:
    patient = _register(consent_to_texts=True)
    assert patient.phone == "+13015550142"
    assert may_text(patient.phone)
    assert "STOP" in Consent.objects.get().wording


def test_the_same_person_registered_twice_is_one_patient_and_a_twin_is_another() -> None:
    first = _register()
    assert _register(phone="301-555-0142", given_name="ana") == first
    assert _register(given_name="Eva") != first


def test_no_consent_asked_or_refused_or_taken_back_means_no_texts() -> None:
    patient = _register()
    assert not may_text(phone_of(patient))
    _register(consent_to_texts=False)
    assert not may_text(phone_of(patient))
    _register(consent_to_texts=True)
    assert may_text(phone_of(patient))
    record_consent(
        SYSTEM, phone=phone_of(patient), granted=False, channel=ConsentChannel.REPLY, language="en", wording="STOP"
    )
    assert not may_text(phone_of(patient))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", " "),
        ("family_name", "x" * 81),
        ("phone", "12"),
        ("phone", "not a number"),
        ("zip", "00000"),
        ("birth_date", date(2999, 1, 1)),
        ("birth_date", date(1890, 1, 1)),
        ("sex", "?"),
        ("language", "fr"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        _register(**{field: value})
    assert list(refused.value.fields) == [field]
    assert not Patient.objects.exists()


def test_a_search_wants_something_to_go_by() -> None:
    patient = _register()
    assert matching(phone="3015550142") == [patient]
    assert matching(name="rui an") == [patient]
    assert matching(birth_date=date(1964, 5, 17), name="Ruiz") == [patient]
    assert matching(name="Other") == []
    with pytest.raises(Invalid):
        matching()
    with pytest.raises(Invalid):
        matching(phone="12")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+44 7700 900123", "another country"),
        ("+52 55 1234 5678", "another country"),
        ("+1 613 555 0142", "another country"),
        ("+1 876 555 0142", "another country"),
        ("800-555-0142", "a company's number"),
        ("900-555-1234", "a company's number"),
    ],
)
def test_a_number_that_our_texts_and_calls_do_not_reach_is_refused_with_its_reason(number: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        _register(phone=number)
    assert why in refused.value.fields["phone"]
    assert not Patient.objects.exists()


@pytest.mark.parametrize("number", ["301-555-0142", "+1 787 555 0142", "808 555 0142", "+1 671 555 0142"])
def test_a_number_of_a_state_or_territory_is_kept(number: str) -> None:
    assert phone_of(_register(phone=number)).startswith("+1")
