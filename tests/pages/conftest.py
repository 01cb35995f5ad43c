"""A small network at noon, and a browser."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.factories import noon_tomorrow, set_clock
from tests.network import Network, small_network


@pytest.fixture(autouse=True)
def _static_files(settings: LazySettings, tmp_path: Path) -> None:
    """Tests serve no static files, but their folder must be there."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def network(transactional_db: None) -> Network:
    """Three working centers around 20770, at noon of a day on which they are open."""
    made = small_network()
    set_clock(noon_tomorrow())
    return made


@pytest.fixture
def browser(network: Network) -> Client:
    """A visitor on the first page."""
    return Client()
