"""From the first page to a booked scan by taps, as somebody with a phone does it.

Without script and in Spanish the journey does the same, and goes on.
"""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page

from scheduling.models import Appointment
from scheduling.pages.patient import screens
from tests.browser.conftest import PHONE, path_of
from tests.browser.hands import fill
from tests.pages.visitors import CLOT, DETAILS

#: What a visitor looks for on the way.
WAY = {"en-US": ("Check your symptoms", "Choose a time", "Book this time", "Your visit is booked")}


@pytest.mark.parametrize(("language", "script"), [("en-US", True)])
def test_a_scan_is_booked_by_taps(language: str, script: bool, site: str, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, locale=language, java_script_enabled=script)
    page = context.new_page()
    begin, choose, book, booked = WAY[language]
    page.goto(site)
    tap(page, page.get_by_role("link", name=begin))
    while match := re.fullmatch(r"/check/(\d+)/", path_of(page, site)):
        answer(page, int(match[1]))
    fill(page.locator("main form").last, DETAILS)
    tap(page, page.locator("main form button").last)
    tap(page, page.get_by_role("link", name=choose).or_(page.get_by_role("button", name=choose)).first)
    tap(page, page.locator("main form:has(input[name=starts_at]) button").first)
    tap(page, page.get_by_role("button", name=book))
    page.get_by_role("heading", name=booked).wait_for()
    assert Appointment.objects.filter(status="booked").count() == 1
    context.close()


def answer(page: Page, number: int) -> None:
    """Answer the screen that is shown as this visitor would, and go on."""
    taps = page.locator("button[name=answer]")
    if taps.count():
        value = CLOT.get(screens.ALL[number - 1][0].key, "no")
        tap(page, page.locator(f"button[name=answer][value='{value}']"))
        return
    fill(page.locator("main form").last, CLOT)
    tap(page, page.locator("main form button").last)


def tap(page: Page, target: Locator) -> None:
    """Tap, and wait for the page that follows."""
    with page.expect_navigation():
        target.tap()
