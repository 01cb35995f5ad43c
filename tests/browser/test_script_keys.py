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


def test_a_call_is_booked_by_keys_alone_and_few_of_them(desk: Page) -> None:
    keys = call_by_keys(desk)
    desk.get_by_text("Your visit is booked").wait_for()
    assert Appointment.objects.filter(status="booked").count() == 1
    assert keys <= MOST_KEYS
