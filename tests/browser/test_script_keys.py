"""A whole call by the keyboard alone: the script, the times, the booking; and how many keys it takes."""

import pytest
from playwright.sync_api import BrowserContext, Page

from scheduling.models import Appointment
from tests.browser.conftest import as_staff
from tests.browser.keys import call_by_keys
from tests.network import Network
from tests.pages.calls import PAGE

MOST_KEYS = 60


@pytest.fixture
def desk(site: str, network: Network, context: BrowserContext, page: Page) -> Page:
    """The script on the screen of a representative who is logged in."""
    as_staff(context, network, "rosa", site)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(site + PAGE)
    return page


def test_the_sections_that_are_asked_are_numbered_one_after_the_other_and_a_digit_goes_there(desk: Page) -> None:
    links = desk.locator("#script-nav li:not([hidden]) a")
    hidden = desk.locator("#script-nav li[hidden]").count()
    assert hidden
    count = links.count()
    assert links.locator("kbd").all_inner_texts() == [str(number % 10) for number in range(1, count + 1)]
    desk.keyboard.press("/")
    desk.keyboard.press(str(count % 10))
    last = links.last.get_attribute("data-part")
    assert desk.locator(".ask.now").locator("xpath=ancestor::*[@data-part]").get_attribute("data-part") == last


def test_a_call_is_booked_by_keys_alone_and_few_of_them(desk: Page) -> None:
    keys = call_by_keys(desk)
    desk.get_by_text("Your visit is booked").wait_for()
    assert Appointment.objects.filter(status="booked").count() == 1
    assert keys <= MOST_KEYS
