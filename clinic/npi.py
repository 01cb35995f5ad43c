"""The National Provider Identifier: ten digits, the last of which checks the others. Pure.

The check digit is Luhn's over the card issuer's prefix 80840 and the number (45 CFR 162.406; CMS, "Requirements for
National Provider Identifier (NPI) and NPI check digit").
"""

PREFIX = "80840"
LENGTH = 10
REMEDY = "An NPI has ten digits, and its last digit does not fit these. Have it read again."


def is_npi(number: str) -> bool:
    """Whether ``number`` is ten ASCII digits whose check digit is right."""
    if len(number) != LENGTH or not (number.isascii() and number.isdecimal()):
        return False
    return _luhn(PREFIX + number)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
