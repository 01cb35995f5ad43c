"""Pages on a phone: few queries, however many slots and centers there are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pages.visitors import booked, decide, well

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 12
MOST_BYTES = 60_000


def _weighed(browser: Client, path: str) -> tuple[int, int]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = browser.get(path)
    assert answer.status_code == 200, path
    # The movable clock of tests asks for its offset; production has none.
    queries = [query for query in asked.captured_queries if "clockoffset" not in query["sql"]]
    return len(queries), len(answer.content)


@pytest.mark.parametrize("path", ["/", "/check/1/", "/check/next/", "/slots/"])
def test_a_page_before_the_booking_is_light(browser: Client, path: str) -> None:
    if path in ("/check/next/", "/slots/"):
        decide(browser)
    queries, size = _weighed(browser, path)
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES


@pytest.mark.parametrize("path", ["/visit/", "/visit/signs/", "/visit/move/", "/visit/cancel/"])
def test_a_page_of_the_visit_is_light(browser: Client, path: str) -> None:
    booked(browser)
    well(browser)
    queries, size = _weighed(browser, path)
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES


def test_a_page_comes_compressed_to_a_browser_that_can_read_it(browser: Client) -> None:
    plain = browser.get("/")
    small = browser.get("/", headers={"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
    assert len(small.content) < len(plain.content) / 2
