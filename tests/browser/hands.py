"""What somebody does at a screen: taps and clicks, types and chooses, and waits for the page that follows."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page

from scheduling.pages.patient import screens
from tests.browser.conftest import path_of
from tests.pages.visitors import CLOT


def press(page: Page, target: Locator) -> None:
    """Click, and wait for the page that follows."""
    with page.expect_navigation():
        target.click()


def button(page: Page, label: str) -> Locator:
    """The first button of the page's own part with just these words, which may name whom it is about as well."""
    return page.locator("main").get_by_role("button", name=re.compile(rf"^{re.escape(label)}\b")).first


def link(page: Page, label: str) -> Locator:
    """The first link of the page's own part that begins with these words."""
    return page.locator("main").get_by_role("link", name=re.compile(rf"^{re.escape(label)}\b")).first


def fill(form: Locator, answers: Mapping[str, str]) -> None:
    """Type and choose what of these answers stands in a form."""
    for field in form.locator("input:not([type=hidden]), textarea, select").all():
        value, kind = answers.get(field.get_attribute("name") or "", ""), field.get_attribute("type")
        if kind in ("radio", "checkbox"):
            if value == field.get_attribute("value"):
                field.check()
        elif value and field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        elif value:
            field.fill(value)


def answer_screens(page: Page, site: str, answers: Mapping[str, str] = CLOT) -> None:
    """Answer screen after screen of the questions as this visitor would, until they end."""
    while match := re.fullmatch(r"/check/(\d+)/", path_of(page, site)):
        taps = page.locator("button[name=answer]")
        if taps.count():
            value = answers.get(screens.ALL[int(match[1]) - 1][0].key, "no")
            press(page, page.locator(f"button[name=answer][value='{value}']"))
            continue
        fill(page.locator("main form").last, answers)
        press(page, page.locator("main form button").last)
