"""Completing a patient's registration, part by part. Nothing waits for it: a rule-out goes on without."""

import re
from dataclasses import dataclass
from datetime import date

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid, NotFound
from clinic.models import Language, Patient, Registration, RegistrationPart, Sex, ZipCode
from clinic.phones import normalize
from clinic.services.patients import OLDEST_YEARS

#: Emergency contact, primary clinician and payer: "none" is an answer, and is said by leaving it empty.
MAY_BE_NONE = frozenset(
    {RegistrationPart.EMERGENCY_CONTACT, RegistrationPart.PRIMARY_CLINICIAN, RegistrationPart.PAYER}
)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What was asked and answered. ``parts`` names what was asked; the fields of other parts are not looked at."""

    parts: tuple[str, ...]
    legal_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    emergency_contact_name: str = ""
    emergency_contact_phone: str = ""
    language: str = ""
    primary_clinician: str = ""
    payer: str = ""
    member_number: str = ""


def registration_of(patient: Patient) -> Registration:
    """A patient's registration; one that nobody began is empty, and is not stored."""
    kept: Registration | None = getattr(patient, "registration", None)
    return kept or Registration(patient=patient, changed_at=patient.created_at)


def mark_asked(actor: Actor, patient: Patient, part: RegistrationPart) -> None:
    """Note that a part was asked elsewhere, in the transaction of what answered it."""
    row = registration_of(patient)
    if part in row.asked:
        return
    row.asked = [each.value for each in RegistrationPart if each in {*row.asked, part}]
    row.changed_by_id, row.changed_at = actor.staff_id, clock.now()
    row.save()


def complete_registration(actor: Actor, *, patient_id: int, answers: Answers) -> Registration:
    """Keep the parts that were asked, and leave the others as they are. Raises `Invalid` that names each field."""
    require(actor, Permission.REGISTER_PATIENTS)
    of_person, of_registration = _checked(answers)

    def work() -> Registration:
        patient = Patient.objects.select_for_update(no_key=True).filter(pk=patient_id).first()
        if patient is None:
            raise NotFound("There is no such patient.")
        if patient.merged_into_id is not None:
            raise Conflict(
                f"This record was merged into patient {patient.merged_into_id}. Complete that one.",
                code="patient_merged",
            )
        if of_person:
            Patient.objects.filter(pk=patient.pk).update(**of_person)
            patient.refresh_from_db()
        row = registration_of(patient)
        asked = {*row.asked, *answers.parts}
        row.asked = [part.value for part in RegistrationPart if part in asked]
        for field, value in of_registration.items():
            setattr(row, field, value)
        row.patient, row.changed_by_id, row.changed_at = patient, actor.staff_id, clock.now()
        row.save()
        codes = {"parts": sorted(answers.parts), "missing": row.missing}
        events.record("patient.registration", actor=actor, patient=patient, subject=row, codes=codes)
        return row

    return in_transaction(work)


def _checked(said: Answers) -> tuple[dict[str, object], dict[str, object]]:
    """What changes on the patient, and on the registration. Raises `Invalid` with every field that is wrong."""
    unknown = [part for part in said.parts if part not in RegistrationPart.values]
    if unknown or not said.parts:
        raise Invalid(fields={"parts": f"Name what was asked, of: {', '.join(RegistrationPart.values)}."})
    wrong: dict[str, str] = {}
    of_person: dict[str, object] = {}
    of_registration: dict[str, object] = {}
    for part in said.parts:
        person, registration = _READ[RegistrationPart(part)](said, wrong)
        of_person |= person
        of_registration |= registration
    if wrong:
        raise Invalid(fields=wrong)
    return of_person, of_registration


_Read = tuple[dict[str, object], dict[str, object]]


def _line(said: Answers, wrong: dict[str, str], field: str, most: int, *, needed: bool) -> str:
    value = " ".join(str(getattr(said, field)).split())
    if len(value) > most or (needed and not value):
        wrong[field] = f"Enter it, in at most {most} characters." if needed else f"Use at most {most} characters."
    return value


def _legal_name(said: Answers, wrong: dict[str, str]) -> _Read:
    return {}, {"legal_name": _line(said, wrong, "legal_name", 160, needed=True)}


def _birth_date(said: Answers, wrong: dict[str, str]) -> _Read:
    today = clock.now().date()
    if said.birth_date is None or said.birth_date > today or today.year - said.birth_date.year > OLDEST_YEARS:
        wrong["birth_date"] = f"Enter a date in the last {OLDEST_YEARS} years."
    return {"birth_date": said.birth_date}, {}


def _sex(said: Answers, wrong: dict[str, str]) -> _Read:
    if said.sex not in Sex.values:
        wrong["sex"] = f"Choose one of: {', '.join(Sex.values)}."
    return {"sex": said.sex}, {}


def _address(said: Answers, wrong: dict[str, str]) -> _Read:
    lines: dict[str, object] = {
        "street": _line(said, wrong, "street", 120, needed=True),
        "city": _line(said, wrong, "city", 60, needed=True),
        "state": said.state.strip().upper(),
    }
    if not re.fullmatch(r"[A-Z]{2}", str(lines["state"])):
        wrong["state"] = "Enter the two letters of a US state, such as MD."
    if not ZipCode.objects.filter(pk=said.zip).exists():
        wrong["zip"] = "This ZIP code does not exist. Enter the five digits of a US ZIP code."
    return {"zip": said.zip}, lines


def _emergency_contact(said: Answers, wrong: dict[str, str]) -> _Read:
    name, number = _line(said, wrong, "emergency_contact_name", 120, needed=False), ""
    if bool(name) != bool(said.emergency_contact_phone.strip()):
        wrong["emergency_contact_phone" if name else "emergency_contact_name"] = (
            "Enter a name and a number, or neither: nobody."
        )
    elif name:
        try:
            number = normalize(said.emergency_contact_phone)
        except ValueError as error:
            wrong["emergency_contact_phone"] = str(error)
    return {"emergency_contact_name": name, "emergency_contact_phone": number}, {}


def _language(said: Answers, wrong: dict[str, str]) -> _Read:
    if said.language not in Language.values:
        wrong["language"] = f"Choose one of: {', '.join(Language.values)}."
    return {"language": said.language}, {}


def _primary_clinician(said: Answers, wrong: dict[str, str]) -> _Read:
    return {}, {"primary_clinician": _line(said, wrong, "primary_clinician", 120, needed=False)}


def _payer(said: Answers, wrong: dict[str, str]) -> _Read:
    payer, number = (_line(said, wrong, field, most, needed=False) for field, most in _PAYER_LINES)
    return {}, {"payer": payer, "member_number": number}


_PAYER_LINES = (("payer", 120), ("member_number", 40))
_READ = {
    RegistrationPart.LEGAL_NAME: _legal_name,
    RegistrationPart.BIRTH_DATE: _birth_date,
    RegistrationPart.SEX: _sex,
    RegistrationPart.ADDRESS: _address,
    RegistrationPart.EMERGENCY_CONTACT: _emergency_contact,
    RegistrationPart.LANGUAGE: _language,
    RegistrationPart.PRIMARY_CLINICIAN: _primary_clinician,
    RegistrationPart.PAYER: _payer,
}
