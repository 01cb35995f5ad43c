"""Where a colleague asks the danger signs: what to say stands apart, and a tick says what it means."""

import re
from collections.abc import Callable

import pytest

from clinic.models import Role
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.django_db

PAGES: dict[str, Callable[[Ward], str]] = {
    "walk-in": lambda ward: f"/staff/walk-in/{ward.place.center.code}/",
    "a later contact": lambda ward: f"/staff/episodes/{ward.suspected().pk}/decisions/",
    "a doctor's office": lambda ward: "/staff/referral/",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_the_sentence_to_say_is_no_label(path: Callable[[Ward], str]) -> None:
    ward = open_ward()
    page = ward.browser(Role.REPRESENTATIVE).get(path(ward)).content.decode()
    found = re.findall(r"<label[^>]*>(.*?)</label>", page, re.DOTALL)
    labels = [re.sub(r"<[^>]+>", "", each).strip() for each in found]
    said = page.partition('<p class="say-line">')[2].partition("</p>")[0]
    assert "First I must ask about danger signs." in said
    assert not [label for label in labels if "I must ask" in label]
    assert "Is it hard to breathe, and is this new or worse than usual?" in labels
    assert "I asked all of them: none of these is there" in labels
