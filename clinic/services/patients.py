"""Registering patients."""

from datetime import date

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.models import ConsentChannel, Language, Patient, Sex, ZipCode
from clinic.phones import normalize_own
from clinic.services.consent import record_consent

OLDEST_YEARS = 125


def register(
    actor: Actor,
    *,
    given_name: str,
    family_name: str,
    phone: str,
    zip: str,
    birth_date: date | None = None,
    sex: str = Sex.OTHER,
    language: str = Language.ENGLISH,
    consent_to_texts: bool | None = None,
    consent_channel: ConsentChannel = ConsentChannel.WEB,
) -> Patient:
    """Register a patient, with their answer to the question about texts (None: it was not asked).

    Raises `Invalid` that names each field. The same person registered again with the same name, birth date and number
    is the same patient; anything less alike is not merged by the system.
    """
    number = _checked(given_name, family_name, phone, zip, birth_date, sex, language)

    def work() -> Patient:
        patient = _same(given_name, family_name, number, birth_date)
        if patient is None:
            patient = Patient.objects.create(
                given_name=given_name.strip(),
                family_name=family_name.strip(),
                birth_date=birth_date,
                sex=sex,
                phone=number,
                language=language,
                zip=zip,
                created_at=clock.now(),
            )
            events.record("patient.registered", actor=actor, patient=patient, subject=patient)
        if consent_to_texts is not None:
            record_consent(
                actor,
                phone=number,
                granted=consent_to_texts,
                channel=consent_channel,
                language=language,
                patient=patient,
            )
        return patient

    return in_transaction(work)


def register_unnamed(
    actor: Actor, *, given_name: str, family_name: str, phone: str, zip: str, language: str
) -> Patient:
    """Keep somebody of whom we know nothing but a number that wrote to us: the name says so, and the ZIP is a center's.

    Their number is taken as it is: wherever it is from, it has reached us.
    """

    def work() -> Patient:
        patient = Patient.objects.create(
            given_name=given_name,
            family_name=family_name,
            phone=phone,
            language=language,
            zip=zip,
            created_at=clock.now(),
        )
        events.record("patient.registered", actor=actor, patient=patient, subject=patient)
        return patient

    return in_transaction(work)


def _same(given_name: str, family_name: str, phone: str, birth_date: date | None) -> Patient | None:
    if birth_date is None:
        return None
    return Patient.objects.filter(
        given_name__iexact=given_name.strip(),
        family_name__iexact=family_name.strip(),
        phone=phone,
        birth_date=birth_date,
        merged_into=None,
    ).first()


def _checked(
    given_name: str, family_name: str, phone: str, zip: str, birth_date: date | None, sex: str, language: str
) -> str:
    """Return the number as E.164, or raise `Invalid` with every field that is wrong."""
    wrong: dict[str, str] = {}
    number = ""
    for field, value in (("given_name", given_name), ("family_name", family_name)):
        if not value.strip() or len(value) > 80:
            wrong[field] = "Enter a name of at most 80 characters."
    try:
        number = normalize_own(phone)
    except ValueError as error:
        wrong["phone"] = str(error)
    if not ZipCode.objects.filter(pk=zip).exists():
        wrong["zip"] = "This ZIP code does not exist. Enter the five digits of a US ZIP code."
    if birth_date is not None:
        today = clock.now().date()
        if birth_date > today or today.year - birth_date.year > OLDEST_YEARS:
            wrong["birth_date"] = f"Enter a date in the last {OLDEST_YEARS} years."
    if sex not in Sex.values:
        wrong["sex"] = f"Choose one of: {', '.join(Sex.values)}."
    if language not in Language.values:
        wrong["language"] = f"Choose one of: {', '.join(Language.values)}."
    if wrong:
        raise Invalid(fields=wrong)
    return number
