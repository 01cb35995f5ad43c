"""The ``patient`` group: age or birth date, and sex."""

from collections.abc import Mapping
from datetime import date

from triage.answers.dates import age_on
from triage.answers.errors import AnswerError
from triage.answers.groups import Person
from triage.answers.kept import is_iso_date

# The longest human life that is documented: Jeanne Calment, 122 years.
MAX_AGE = 122

PERSON_KEYS = frozenset({"age", "birth_date", "sex"})
SEXES = frozenset({"F", "M", "X", "unknown"})


def read_person(raw: object, on: date | None, errors: list[AnswerError]) -> Person:
    """The person; the age is None where neither age nor birth date is given. Faults are added to ``errors``."""
    if not isinstance(raw, Mapping):
        errors.append(AnswerError("patient", "object", "Send an object of answers."))
        return Person()
    strange = [key for key in raw if key not in PERSON_KEYS]
    errors.extend(AnswerError(f"patient.{key}", "unknown_key", "This key is not known.") for key in strange)
    age = _age(raw.get("age"), errors)
    derived = _age_from_birth(raw.get("birth_date"), on, errors)
    if age is not None and derived is not None and age != derived:
        message = f"The age is {age}, but the birth date makes it {derived}."
        errors.append(AnswerError("patient.age", "contradiction", message))
    sex = raw.get("sex")
    if sex is not None and (not isinstance(sex, str) or sex not in SEXES):
        errors.append(AnswerError("patient.sex", "choice", "Answer one of: F, M, X, unknown."))
        sex = None
    return Person(age=derived if age is None else age, sex=sex or "unknown")


def _age(value: object, errors: list[AnswerError]) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        errors.append(AnswerError("patient.age", "whole_years", "Give the age in whole years."))
        return None
    if not 0 <= value <= MAX_AGE:
        errors.append(AnswerError("patient.age", "range", f"Give an age from 0 to {MAX_AGE}."))
        return None
    return value


def _age_from_birth(value: object, on: date | None, errors: list[AnswerError]) -> int | None:
    if value is None:
        return None
    fault: tuple[str, str] | None = None
    if not isinstance(value, str) or not is_iso_date(value):
        fault = "date", "Give the birth date as YYYY-MM-DD."
    elif on is None:
        fault = "date_needs_today", "A birth date needs the day of the answers."
    else:
        born = date.fromisoformat(value)
        if born > on:
            fault = "future", "The birth date has not come yet."
        elif age_on(born, on) > MAX_AGE:
            fault = "range", f"The birth date makes an age above {MAX_AGE}."
        else:
            return age_on(born, on)
    errors.append(AnswerError("patient.birth_date", *fault))
    return None
