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
