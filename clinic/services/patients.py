"""Registering patients."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.models import ConsentChannel, Language, Patient, Sex, ZipCode
from clinic.phones import normalize_own
from clinic.selectors.patients import staying
from clinic.services.consent import record_consent
from clinic.services.other_ways import NEEDED, OtherWay, checked

OLDEST_YEARS = 125


def register(
    actor: Actor,
    *,
    given_name: str,
    family_name: str,
    phone: str,
    zip: str,
    other_way: OtherWay = OtherWay(),
    birth_date: date | None = None,
    sex: str = Sex.OTHER,
    language: str = Language.ENGLISH,
    consent_to_texts: bool | None = None,
    consent_channel: ConsentChannel = ConsentChannel.WEB,
) -> Patient:
    """Register a patient, with their answer to the question about texts (None: it was not asked).

    Raises `Invalid` that names each field. The same person registered again with the same name, birth date and number
    is the same patient; anything less alike is not merged by the system. An empty ``phone`` is that of who has none,
    and is taken only with another way to reach them.
    """
    person = _checked(_Person(given_name, family_name, birth_date, sex, phone, language, zip), other_way)

    def work() -> Patient:
        patient = _same(person) or _registered(actor, person)
        if consent_to_texts is not None and person.phone is not None:
            record_consent(
                actor,
                phone=person.phone,
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


@dataclass(frozen=True)
class _Person:
    """Who somebody says that they are; by the names of `Patient`."""

    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    phone: str | None
    language: str
    zip: str
    contact_name: str = ""
    contact_phone: str = ""
    contact_address: str = ""
    in_person_plan: str = ""


def _same(person: _Person) -> Patient | None:
    if person.birth_date is None:
        return None
    found = Patient.objects.filter(
        given_name__iexact=person.given_name,
        family_name__iexact=person.family_name,
        phone=person.phone,
        birth_date=person.birth_date,
    )
    if person.phone is None:
        # Without a number in common another contact or address must be: a name and a birth date are two people's too.
        found = found.filter(contact_phone=person.contact_phone, contact_address__iexact=person.contact_address)
        if not (person.contact_phone or person.contact_address):
            return None
    # Who was found to be somebody's second record is that patient, whichever way they give their name.
    row = found.order_by(F("merged_into").asc(nulls_first=True), "id").first()
    return staying(row) if row is not None else None


def _registered(actor: Actor, person: _Person) -> Patient:
    patient = Patient.objects.create(**vars(person), created_at=clock.now())
    events.record("patient.registered", actor=actor, patient=patient, subject=patient)
    return patient


def _own_number(phone: str, other: OtherWay, wrong: dict[str, str]) -> str | None:
    """Return the number as E.164, or None of who has none and is reached otherwise."""
    try:
        if phone.strip():
            return normalize_own(phone)
    except ValueError as error:
        wrong["phone"] = str(error)
        return None
    if not other.said:
        wrong["phone"] = NEEDED
    return None


def _checked(said: _Person, other: OtherWay) -> _Person:
    """Return the person with their numbers as E.164, or raise `Invalid` with every field that is wrong."""
    wrong: dict[str, str] = {}
    way = checked(other, wrong)
    for field, value in (("given_name", said.given_name), ("family_name", said.family_name)):
        if not value.strip() or len(value) > 80:
            wrong[field] = "Enter a name of at most 80 characters."
    number = _own_number(said.phone or "", other, wrong)
    if not ZipCode.objects.filter(pk=said.zip).exists():
        wrong["zip"] = "This ZIP code does not exist. Enter the five digits of a US ZIP code."
    if said.birth_date is not None:
        today = clock.now().date()
        if said.birth_date > today or today.year - said.birth_date.year > OLDEST_YEARS:
            wrong["birth_date"] = f"Enter a date in the last {OLDEST_YEARS} years."
    if said.sex not in Sex.values:
        wrong["sex"] = f"Choose one of: {', '.join(Sex.values)}."
    if said.language not in Language.values:
        wrong["language"] = f"Choose one of: {', '.join(Language.values)}."
    if wrong:
        raise Invalid(fields=wrong)
    return replace(
        said,
        given_name=said.given_name.strip(),
        family_name=said.family_name.strip(),
        phone=number,
        contact_name=way["contact_name"],
        contact_phone=way["contact_phone"],
        contact_address=way["contact_address"],
        in_person_plan=way["in_person_plan"],
    )
