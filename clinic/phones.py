"""Telephone numbers, kept as E.164."""

import re

import phonenumbers
from django.core.exceptions import ValidationError

E164 = re.compile(r"^\+[1-9]\d{7,14}$")


def normalize(number: str, region: str = "US") -> str:
    """Return ``number`` as E.164.

    Raises ``ValueError`` with a sentence for the person who typed it, where it cannot be a telephone number. Numbers
    reserved for fiction (555-01xx) pass: the form is checked here, the reach is learned by calling.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError("Enter a telephone number with its area code, such as 301-555-0142.") from error
    if not phonenumbers.is_possible_number(parsed):
        raise ValueError("This number has too few or too many digits.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


#: Where our texts and calls go: the states and the territories of the United States.
SERVED = frozenset({"US", "PR", "VI", "GU", "MP", "AS"})
_NOBODY_ANSWERS = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
    }
)


def normalize_own(number: str) -> str:
    """Return the number at which somebody is reached themselves, as E.164: one that our texts and calls go to.

    Raises ``ValueError`` as `normalize` does, and for a number of another country and a company's toll-free one. That
    a number is a landline shows by no digit of it: a text that fails says so, and from then on a person calls.
    """
    found = normalize(number)
    parsed = phonenumbers.parse(found)
    if not is_served(found):
        raise ValueError(
            "This is a number of another country: our texts and calls do not reach it. Enter a US number, such as that"
            " of a relative nearby."
        )
    if phonenumbers.number_type(parsed) in _NOBODY_ANSWERS:
        raise ValueError("This is a company's number. Enter one at which the patient answers themselves.")
    return found


def is_served(number: str) -> bool:
    """Whether our texts and calls go to where a number is, as far as its digits tell."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    region = phonenumbers.region_code_for_number(parsed)
    return parsed.country_code == 1 and (region is None or region in SERVED)


def area_code(number: str) -> str:
    """Return the area code of a US number as we keep it, or nothing."""
    return number[2:5] if number.startswith("+1") else ""


def validate_e164(number: str) -> None:
    """Django validator: the stored form is E.164."""
    if not E164.match(number):
        raise ValidationError("Not an E.164 number.", code="phone_not_e164")


def national(number: str) -> str:
    """Return a number as a US reader expects it, for pages and texts."""
    parsed = phonenumbers.parse(number, "US")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def spoken(number: str) -> str:
    """Return a number as a voice says it: digit by digit, with a pause wherever a reader sees a gap."""
    groups = re.findall(r"\d+", national(number))
    return ", ".join(" ".join(group) for group in groups)
