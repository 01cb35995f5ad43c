"""The representative's script and its outcome, on a wide screen: read by everybody, and taken by keys alone."""

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.browser.conftest import as_staff, path_of
from tests.browser.looking import look_at
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


def test_the_script_can_be_read_by_everybody(desk: Page, site: str) -> None:
    desk.goto(site + PAGE)
    look_at(desk, "staff script")


@pytest.mark.parametrize("call", CALLS)
def test_what_the_script_says_next_can_be_read_by_everybody(call: str, desk: Page, site: str, network: Network) -> None:
    client = Client()
    client.force_login(network.staff["rosa"])
    path = take(client, CALLS[call]).request["PATH_INFO"]
    desk.goto(site + path)
    assert path_of(desk, site) == path
    look_at(desk, f"staff script {call}")
