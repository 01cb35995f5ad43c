"""What every page must be, on every screen: reachable for all, and no wider than the phone."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import PHONE
from tests.browser.pairs import EVERYTHING

#: The success criteria of WCAG 2.2, level AA, and axe's own advice.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    # What passed is not described: it is asked for nowhere, and takes as long as the rules themselves.
    "resultTypes": ["violations"],
    "preload": False,
}
#: RULEOUT_PICTURES names a folder for a picture of each page looked at.
PICTURES = os.environ.get("RULEOUT_PICTURES")
DESK = ViewportSize(width=1440, height=900)
_axe = Axe()
#: Tables that stand as lines on a phone, and are wider than the card around them all the same.
_CUT_OFF = """() => [...document.querySelectorAll(".table-wrap:has(> .stacks)")]
  .filter(wrap => innerWidth <= 720 && wrap.scrollWidth > wrap.clientWidth + 1)
  .map(wrap => wrap.innerText.slice(0, 90))"""
#: A picture of a whole page holds also what a browser draws only when it is scrolled to.
_ALL_DRAWN = """() => document.querySelectorAll(".script-part")
  .forEach(part => { part.style.contentVisibility = "visible" })"""


def look_at(page: Page, name: str) -> None:
    """Assert that a page has no fault that a machine can see; keep its picture where they are asked for."""
    if PICTURES:
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        page.evaluate(_ALL_DRAWN)
        page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png", full_page=True)
    assert not faults(page), f"{name}: " + "\n".join(faults(page))
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} pixels wider than the screen"
    cut = page.evaluate(_CUT_OFF)
    assert not cut, f"{name}: a table is cut off: {cut}"


def look_at_both(page: Page, name: str) -> None:
    """Look at a page on the phone; where everything is looked at, on a desk as well.

    Only in English there: longer words that fit on the phone fit on a desk.
    """
    wide = EVERYTHING and page.locator("html").get_attribute("lang") == "en"
    for screen in (DESK, PHONE) if wide else (PHONE,):
        page.set_viewport_size(screen)
        look_at(page, f"{name} {screen['width']}")


def faults(page: Page) -> list[str]:
    """What axe finds, a line for each element."""
    found = _axe.run(page, options=RULES).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['target']}: {node['html'][:160]}: {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]
