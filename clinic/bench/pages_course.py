"""The course of the pages: what each weighs and when it is painted on a slow phone, and what it costs the server."""

import http.client
import urllib.parse

from playwright.sync_api import Browser

from clinic.bench.browser import DESK, PHONE, Screen, Seen, chromium, heaviest
from clinic.bench.course import Length
from clinic.bench.errors import BenchFailed
from clinic.bench.results import Figure, Measured, Results
from clinic.bench.turns import Contender, take_turns
from clinic.local.stack import Stack
from clinic.seeding.logins import PASSWORD

PAGE, TRIVIAL = "page", "trivial"
#: Each page of staff that is looked at: whose, where, and the key that is pressed on it.
STAFF = (
    ("rosa", "console", "/staff/console/", "Tab"),
    ("rosa", "call script", "/staff/script/", "n"),
    ("rosa", "conversations", "/staff/conversations/", "Tab"),
    ("sam", "day board", "/staff/day/", "Tab"),
    ("clara", "results desk", "/staff/results/", "Tab"),
    ("clara", "worklist", "/staff/steps/", "ArrowDown"),
    ("maya", "network", "/staff/network/", "Tab"),
)
_WHO = {"given_name": "Maria", "family_name": "Lopez", "birth_date": "1968-03-09", "phone": "301-555-0147"}


class Reader:
    """Somebody's session on a connection that is kept."""

    def __init__(self, base: str, cookies: str) -> None:
        address = urllib.parse.urlsplit(base)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=60)
        self._headers = {"Cookie": cookies, "Accept-Language": "en"}

    def read(self, path: str) -> None:
        """Ask for a page, and read it to its end. Raises `BenchFailed` where it is not there."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise BenchFailed(f"{path} was answered with {answer.status}.")


def run(stack: Stack, results: Results, *, rounds: int) -> None:
    """Measure everything. Raises `BenchFailed` where a page is not shown."""
    length = Length.of(rounds)
    with chromium() as browser:
        visitor, chooser = Screen(browser, stack.web_url, PHONE), Screen(browser, stack.web_url, PHONE)
        patients = _visit(visitor)
        _ask_for_times(chooser)
        desks = {who: Screen(browser, stack.web_url, DESK) for who, *_ in STAFF}
        for who, desk in desks.items():
            _log_in(desk, who)
        staff = [desks[who].look(title, path, key=key) for who, title, path, key in STAFF]
        _tell(results, patients, staff)
        for page in patients:
            # Whoever has booked is led on from the times to the visit, and from a kept one as well.
            if page.path != "/slots/kept/":
                _serve(stack, results, length, chooser if page.path == "/slots/" else visitor, page, "/trivial/")
        for (who, *_), page in zip(STAFF, staff, strict=True):
            _serve(stack, results, length, desks[who], page, "/staff/trivial/")
        _close(browser)


def _visit(screen: Screen) -> list[Seen]:
    """A visitor's way to a visit, each page as for the first time; and a question after a question."""
    page = screen.page
    screen.slow_down()
    seen = [screen.look("landing", "/"), screen.look("question", "/check/1/")]
    seen.append(screen.look("question, the next one", "/check/2/", keeps=True))
    seen.append(screen.look("consultation", "/book/"))
    _ask_for_times(screen)
    seen.append(screen.look("times", "/slots/"))
    screen.go(page.locator("main form:has(input[name=starts_at]) button").first)
    seen.append(screen.look("a time that is kept", "/slots/kept/"))
    for name, value in _WHO.items():
        page.locator(f"input[name={name}]").fill(value)
    page.locator("input[name=consent_to_texts][value=yes]").check()
    screen.go(page.locator("main form button").last)
    return [*seen, screen.look("the visit", "/visit/")]


def _ask_for_times(screen: Screen) -> None:
    screen.page.goto("/book/")
    screen.page.locator("input[name=none]").check()
    screen.page.locator("input[name=zip]").fill("20770")
    screen.go(screen.page.locator("main form button").last)


def _log_in(screen: Screen, who: str) -> None:
    screen.page.goto("/staff/account/login/")
    screen.page.locator("input[name=login]").fill(who)
    screen.page.locator("input[name=password]").fill(PASSWORD)
    screen.go(screen.page.locator("main form button").last)
    screen.slow_down()


def _tell(results: Results, patients: list[Seen], staff: list[Seen]) -> None:
    columns = ("kB", "requests", "painted, ms", "ready, ms", "a key, ms")
    for whose, pages in (("Patients, 360 px", patients), ("Staff, 1440 px", staff)):
        results.say(
            "\n" + f"{whose}, slow 4G, a slow processor".ljust(44) + "".join(each.rjust(13) for each in columns)
        )
        for page in pages:
            times = (f"{each:,.0f}" for each in (page.painted_ms, page.ready_ms, page.key_ms))
            figures = (f"{page.bytes / 1000:.1f}", str(page.requests), *times)
            results.say(page.title.ljust(44) + "".join(each.rjust(13) for each in figures))
            name = page.title.replace(",", "").replace(" ", "_")
            results.figures += [
                Figure(f"{name}_kb", page.title, page.bytes / 1000, "kB"),
                Figure(f"{name}_painted", page.title, page.painted_ms, "ms"),
                Figure(f"{name}_key", page.title, page.key_ms, "ms"),
            ]
    worst = heaviest(patients)
    results.tell(Figure("heaviest", f"The heaviest page of a patient ({worst.title})", worst.bytes / 1000, "kB"))
    results.head((PAGE, TRIVIAL), ("/ trivial",))


def _serve(stack: Stack, results: Results, length: Length, screen: Screen, page: Seen, trivial: str) -> None:
    """Hold a page against the trivial one behind the same doors, in the same session."""
    reader = Reader(stack.web_url, screen.cookies())
    results.begin(page.title)
    ways = [
        Contender(PAGE, lambda _: reader.read(page.path)),
        Contender(TRIVIAL, lambda _: reader.read(trivial)),
    ]
    timings = take_turns(ways, rounds=length.rounds, warm_up=length.warm_up)
    results.add(Measured(f"serve_{page.title.replace(' ', '_')}", page.title, 1, timings))


def _close(browser: Browser) -> None:
    for context in browser.contexts:
        context.close()
