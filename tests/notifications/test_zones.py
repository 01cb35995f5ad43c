"""Where somebody may be whose address tells nothing: where their number's area is, else anywhere between the coasts."""

import pytest

from notifications.zones import ANYWHERE, zones_of, zones_of_number


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+13015550142", {"America/New_York"}),
        ("+13125550142", {"America/Chicago"}),
        ("+16025550142", {"America/Phoenix"}),
        ("+12065550142", {"America/Los_Angeles"}),
        ("+18085550142", {"Pacific/Honolulu"}),
        ("+17875550142", {"America/Puerto_Rico"}),
        # An area that two zones share.
        ("+12085550142", {"America/Boise", "America/Los_Angeles"}),
        ("+19075550142", {"America/Anchorage", "America/Adak"}),
    ],
)
def test_an_area_code_tells_the_zones_that_it_lies_in(number: str, zones: set[str]) -> None:
    assert set(zones_of_number(number)) == zones


@pytest.mark.parametrize("number", ["+18005550142", "+18775550142", "+15005550006", "+442071234567", "+1", "nonsense"])
def test_a_number_that_lies_nowhere_tells_none(number: str) -> None:
    assert zones_of_number(number) == ()


def test_the_address_comes_first_then_the_number_then_both_coasts() -> None:
    assert zones_of("America/Denver", "+13015550142") == ("America/Denver",)
    assert zones_of(None, "+13015550142") == ("America/New_York",)
    assert zones_of(None, "+18005550142") == ANYWHERE
