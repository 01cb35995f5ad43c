"""A board that refreshes itself while somebody works on it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.models import Role
from scheduling.models import Appointment
from scheduling.services import visits
from tests.browser.conftest import become
from tests.pages.staff import Ward, open_ward

#: Ask now for what the page would ask for within a quarter of a minute.
REFRESH = "htmx.trigger(document.getElementById('live'), 'refresh')"


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


@pytest.fixture
def board(ward: Ward, live_server: LiveServer, context: BrowserContext, page: Page) -> Callable[[str], Page]:
    """Opens a page of the sonographer's, who is logged in."""

    def opened(path: str) -> Page:
        become(context, ward.browser(Role.SONOGRAPHER), live_server.url)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(live_server.url + path)
        return page

    return opened


def _arrived(ward: Ward, hour: int) -> Appointment:
    return visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=ward.place.booked(hour).pk)


def test_what_is_half_chosen_stays_while_the_board_moves_on(ward: Ward, board: Callable[[str], Page]) -> None:
    mine, other = _arrived(ward, 13), ward.place.booked(15)
    page = board("/staff/day/")
    side = page.locator(f"#visit-{mine.pk} select[name=side]")
    side.select_option("left")
    side.focus()
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=other.pk)
    page.evaluate(REFRESH)
    expect(page.locator(f"#visit-{other.pk}")).to_contain_text("Arrived")
    expect(side).to_have_value("left")
    expect(side).to_be_focused()


def test_who_chooses_for_a_visit_that_somebody_else_began_is_told(ward: Ward, board: Callable[[str], Page]) -> None:
    mine = _arrived(ward, 13)
    page = board("/staff/day/")
    side = page.locator(f"#visit-{mine.pk} select[name=side]")
    side.select_option("left")
    visits.start(ward.actor(Role.SONOGRAPHER), appointment_id=mine.pk, side="left")
    page.evaluate(REFRESH)
    expect(page.locator("#live-said")).to_contain_text("Somebody else has ended or taken")
    expect(page.locator(f"#visit-{mine.pk}")).to_contain_text("In progress")


def test_a_board_whose_log_in_ran_out_says_so_and_stays(
    ward: Ward, board: Callable[[str], Page], context: BrowserContext
) -> None:
    visit = ward.place.booked()
    page = board("/staff/day/")
    context.clear_cookies()
    page.evaluate(REFRESH)
    expect(page.locator("#logged-out")).to_be_visible()
    expect(page.locator(f"#visit-{visit.pk}")).to_be_visible()
