"""The check digit of an NPI (CMS's own example: 1234567893)."""

import pytest

from clinic.npi import is_npi


@pytest.mark.parametrize("number", ["1234567893", "1003000126", "1679576722"])
def test_numbers_that_were_given_out_are_right(number: str) -> None:
    assert is_npi(number)


@pytest.mark.parametrize("digit", "012456789")
def test_any_other_check_digit_is_wrong(digit: str) -> None:
    assert not is_npi(f"123456789{digit}")


@pytest.mark.parametrize("number", ["", "123456789", "12345678930", "123456789X", " 1234567893", "\u0661234567893"])
def test_what_is_not_ten_digits_is_none(number: str) -> None:
    assert not is_npi(number)
