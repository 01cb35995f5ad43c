"""Real Chromium against the real pages: the system's own, else the one that Playwright downloads."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.factories import noon_tomorrow, set_clock
from tests.network import Network, small_network

# From its first page on Playwright keeps an event loop in this thread, which Django takes for an asynchronous caller.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = ViewportSize(width=360, height=740)
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Path:
    """The browser's program. Without one these tests are skipped, or fail where RULEOUT_REQUIRE_BROWSER=1 is set."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    path = Path(found or playwright.chromium.executable_path)
    if not path.is_file():
        why = "There is no Chromium: install the system's, or run `.venv/bin/playwright install chromium`"
        if os.environ.get("RULEOUT_REQUIRE_BROWSER") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: Path) -> dict[str, Any]:
    """Start that program. A container's root has no sandbox to start it in."""
    return browser_type_launch_args | {"executable_path": str(chromium), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A narrow phone, in English."""
    return browser_context_args | {"viewport": PHONE, "locale": "en-US", "has_touch": True}


@pytest.fixture
def network(transactional_db: None) -> Network:
    """Three working centers around 20770, at noon of a day on which they are open."""
    made = small_network()
    set_clock(noon_tomorrow())
    return made


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The pages on a port of their own, with the style as it stands in the checkout."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": StaticFilesStorage.__module__ + ".StaticFilesStorage"}}
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root, STORAGES=storages), pytest.MonkeyPatch.context() as patch:
        # A browser keeps its connections, and the threads behind them live on: none of them may keep the database.
        patch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        server = LiveServer("localhost")
        yield server
        server.stop()


@pytest.fixture
def site(network: Network, live_server: LiveServer) -> str:
    """The address of the product."""
    return live_server.url


def become(context: BrowserContext, client: Client, site: str) -> None:
    """Go on in this browser where a test client left off: with its session."""
    context.add_cookies([{"name": name, "value": morsel.value, "url": site} for name, morsel in client.cookies.items()])


def as_staff(context: BrowserContext, network: Network, username: str, site: str) -> None:
    """Log somebody of the network in."""
    client = Client()
    client.force_login(network.staff[username])
    become(context, client, site)


def path_of(page: Page, site: str) -> str:
    """Where a page stands, without the server's address."""
    return page.url.removeprefix(site)
