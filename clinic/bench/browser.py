"""A phone on a slow network, and a desk beside it: what a page weighs there, and when it is there to be read and used.

The phone is the one that Lighthouse takes for a mid-range one on slow 4G: 562 ms to and fro, 1.44 megabits a second,
and a processor four times slower than this machine's. Its figures belong to the machine; weights don't.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Locator, Page, sync_playwright

from clinic.bench.errors import BenchFailed

NAMES = ("chromium", "chromium-browser", "google-chrome")
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_474_560 / 8,
    "uploadThroughput": 675_000 / 8,
}
SLOWER = 4
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
_PATIENCE_MS = 60_000
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
_READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
#: The longest time from a key to the frame that shows what it did; the browser tells of none below 16 ms.
_LISTEN = """() => { window.slowest = 16; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.slowest = Math.max(window.slowest, entry.duration);
}).observe({type: 'event', durationThreshold: 16}); }"""


@dataclass(frozen=True)
class Seen:
    """One page: its weight over the wire with all that it loads, in how many requests, and its times in ms."""

    title: str
    path: str
    bytes: int
    requests: int
    painted_ms: float
    ready_ms: float
    key_ms: float


class Screen:
    """One browser window, slowed down, that counts what comes over the wire."""

    def __init__(self, browser: Browser, base: str, size: dict[str, int]) -> None:
        context = browser.new_context(viewport=size, locale="en-US", base_url=base)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.page.set_default_timeout(_PATIENCE_MS)
        self._bytes = self._requests = 0
        self._wire: CDPSession = context.new_cdp_session(self.page)
        self._wire.on("Network.loadingFinished", self._count)
        self._wire.send("Network.enable")

    def slow_down(self) -> None:
        """From now on it is the phone on the slow network, and remembers nothing that it loaded."""
        self._wire.send("Network.emulateNetworkConditions", SLOW_4G)
        self._wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def look(self, title: str, path: str, *, key: str = "Tab", keeps: bool = False) -> Seen:
        """Open a page as for the first time, or with what the visit before has loaded (``keeps``), and press a key."""
        self._wire.send("Network.setCacheDisabled", {"cacheDisabled": not keeps})
        self._bytes = self._requests = 0
        answer = self.page.goto(path, wait_until="load")
        if answer is None or not answer.ok or not self.page.url.endswith(path):
            raise BenchFailed(f"{path} was not shown: {self.page.url}.")
        self.page.wait_for_function(f"({_PAINTED}) > 0")
        painted, ready = self.page.evaluate(f"[{_PAINTED}, {_READY}]")
        weight, requests = self._bytes, self._requests
        self.page.evaluate(_LISTEN)
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(400)
        return Seen(title, path, weight, requests, painted, ready, self.page.evaluate("window.slowest"))

    def go(self, target: Locator) -> None:
        """Press what leads to another page, and wait for that."""
        with self.page.expect_navigation():
            target.click()

    def cookies(self) -> str:
        """The session, as a header."""
        return "; ".join(f"{each['name']}={each['value']}" for each in self.page.context.cookies())

    def _count(self, event: dict[str, Any]) -> None:
        self._bytes += int(event["encodedDataLength"])
        self._requests += 1


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, else the one that Playwright has downloaded."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, NAMES)), playwright.chromium.executable_path)
        if not Path(found).is_file():
            raise BenchFailed("There is no Chromium: install one, or run `.venv/bin/playwright install chromium`.")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def heaviest(pages: Sequence[Seen]) -> Seen:
    """The page that weighs most."""
    return max(pages, key=lambda each: each.bytes)
