"""The representative's script and its outcome, on both screens: read by everybody, and taken by keys alone."""

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.browser.conftest import PHONE, as_staff, path_of
from tests.browser.looking import look_at
from tests.browser.pairs import pairs
from tests.network import Network
from tests.pages.calls import CLOT, CRAMPS, PAGE, take

DESK = ViewportSize(width=1440, height=900)
CALLS = {
    "emergency": CLOT | {"emergency.fainted": "yes"},
    "emergency room": CLOT | {"limb_threat.limb_cold": "yes"},
    "callback": CLOT | {"limb_threat.limb_cold": "unknown"},
    "scan": CLOT,
    "consult": CRAMPS,
}


@pytest.fixture
def desk(site: str, network: Network, context: BrowserContext, page: Page) -> Page:
    """The screen of a representative who is logged in."""
    as_staff(context, network, "rosa", site)
    page.set_viewport_size(DESK)
    return page


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_the_script_can_be_read_by_everybody(screen: ViewportSize, desk: Page, site: str) -> None:
    desk.set_viewport_size(screen)
    desk.goto(site + PAGE)
    look_at(desk, f"staff script {screen['width']}")


@pytest.mark.parametrize(("call", "screen"), pairs(list(CALLS), (DESK, PHONE)))
def test_what_the_script_says_next_can_be_read_by_everybody(
    call: str, screen: ViewportSize, desk: Page, site: str, network: Network
) -> None:
    desk.set_viewport_size(screen)
    client = Client()
    client.force_login(network.staff["rosa"])
    path = take(client, CALLS[call]).request["PATH_INFO"]
    desk.goto(site + path)
    assert path_of(desk, site) == path
    look_at(desk, f"staff script {call} {screen['width']}")
