"""The main story by clicks: from the first question to the signature that the risk has passed, a browser for each role.

Maria's leg is swollen after an operation. She asks the pages, or calls; she is scanned, read, told, called a week
later, and her episode is closed. Each role does its part on its own pages, with and without script.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from clinic.models import Episode, Report, Step
from clinic.services import links
from scheduling.models import Appointment
from tests.browser.conftest import PHONE, become
from tests.browser.hands import answer_screens, button, fill, link, press
from tests.browser.keys import call_by_keys
from tests.browser.pairs import EVERYTHING
from tests.factories import set_clock
from tests.network import Network
from tests.pages import calls
from tests.pages.told import link_to
from tests.pages.visitors import BORN, DETAILS

DESK = ViewportSize(width=1440, height=900)
#: What a visitor looks for on the way, in each language.
WAY = {
    "en": ("Check your symptoms", "Choose a time", "Book this time", "Your visit is booked", "no sign of a blood clot"),
    "es": (
        "Revisar sus síntomas",
        "Elegir una hora",
        "Reservar esta hora",
        "Su cita está reservada",
        "No hay señal de un coágulo",
    ),
}


@dataclass(frozen=True)
class Way:
    """Who begins, in which language the patient reads, on which screens, and whether scripts run."""

    begins: str
    language: str
    screen: ViewportSize
    script: bool


#: What `make test` walks: each value of each choice once. The soak walks all of them.
FEW = [Way("patient", "es", PHONE, False), Way("representative", "en", DESK, True)]
ALL = [
    Way(begins, language, screen, script)
    for begins in ("patient", "representative")
    for language in WAY
    for screen in (PHONE, DESK)
    for script in (True, False)
]


class Cast:
    """A browser for each person of the story."""

    def __init__(self, browser: Browser, way: Way, network: Network, site: str) -> None:
        self.way, self.site, self._network, self._browser = way, site, network, browser
        self._contexts: dict[str, BrowserContext] = {}

    def page(self, who: str, path: str) -> Page:
        """A page in somebody's browser; whoever works here is logged in."""
        context = self._contexts.get(who) or self._open(who)
        page = context.pages[0] if context.pages else context.new_page()
        page.goto(self.site + path)
        return page

    def close(self) -> None:
        """Close every browser."""
        for context in self._contexts.values():
            context.close()

    def _open(self, who: str) -> BrowserContext:
        context = self._contexts[who] = self._browser.new_context(
            viewport=self.way.screen, locale=f"{self.way.language}-US", java_script_enabled=self.way.script
        )
        if who in self._network.staff:
            client = Client()
            client.force_login(self._network.staff[who])
            become(context, client, self.site)
        return context


def _named(way: Way) -> str:
    return "-".join((way.begins, way.language, str(way.screen["width"]), "script" if way.script else "plain"))


@pytest.fixture(params=ALL if EVERYTHING else FEW, ids=_named)
def cast(request: pytest.FixtureRequest, browser: Browser, network: Network, site: str) -> Iterator[Cast]:
    cast = Cast(browser, request.param, network, site)
    yield cast
    cast.close()


@pytest.mark.soak
def test_a_patient_is_led_from_the_first_question_to_the_signature_that_the_risk_has_passed(cast: Cast) -> None:
    _asks(cast) if cast.way.begins == "patient" else _calls(cast)
    visit = Appointment.objects.get(status="booked")
    _is_found(cast)
    _is_scanned(cast, visit)
    _is_read_and_released(cast)
    _is_counted(cast)
    _reads_the_result(cast)
    _is_called_and_signed_out(cast)
    assert Episode.objects.get().closing_reason == "ruled_out"


def _asks(cast: Cast) -> None:
    """She answers the questions herself and takes the first time."""
    begin, choose, book, booked, _ = WAY[cast.way.language]
    page = cast.page("maria", "/")
    press(page, link(page, begin))
    answer_screens(page, cast.site)
    fill(page.locator("main form").last, DETAILS)
    press(page, page.locator("main form button").last)
    press(page, link(page, choose).or_(button(page, choose)).first)
    press(page, page.locator("main form:has(input[name=starts_at]) button").first)
    press(page, button(page, book))
    expect(page.get_by_role("heading", name=booked)).to_be_visible()


def _calls(cast: Cast) -> None:
    """A representative asks her on the telephone, and books while she is on the line."""
    page = cast.page("rosa", "/staff/console/")
    press(page, link(page, "Begin the script"))
    if cast.way.language == "es":
        press(page, page.locator("button[name=switch][value=es]"))
    if cast.way.script:
        call_by_keys(page)
    else:
        _by_clicks(page)
    expect(page.get_by_role("heading", name="Booked")).to_be_visible()


def _by_clicks(page: Page) -> None:
    asked = calls.script(calls.CLOT)
    for field in page.locator(".ask input").all():
        name = field.get_attribute("name") or ""
        if field.get_attribute("type") != "radio":
            if name in asked:
                field.fill(asked[name])
        elif asked.get(name) == field.get_attribute("value") and field.is_visible():
            field.check()
    press(page, page.locator("#send"))
    press(page, button(page, "Book"))


def _is_found(cast: Cast) -> None:
    """A representative finds her by her name, and sees what she was texted."""
    page = cast.page("rosa", "/staff/console/")
    page.get_by_label("Name, or how it begins").fill("Lopez")
    press(page, button(page, "Search"))
    press(page, link(page, "Lopez, Maria"))
    press(page, link(page, "Conversation"))
    expect(page.locator("main")).to_contain_text("Confirmation")


def _is_scanned(cast: Cast, visit: Appointment) -> None:
    """The sonographer checks her in, scans the left leg, and writes the preliminary."""
    set_clock(visit.starts_at - timedelta(minutes=8))
    page = cast.page("sam", f"/staff/day/?center={visit.center.code}")
    press(page, button(page, "Check in"))
    _has_an_order(cast)
    set_clock(visit.starts_at)
    page = cast.page("sam", f"/staff/day/?center={visit.center.code}")
    page.locator("select[name=side]").select_option("left")
    press(page, button(page, "Start"))
    expect(page.locator("main")).to_contain_text("the visit has begun")
    set_clock(visit.starts_at + timedelta(minutes=26))
    press(page, button(page, "Complete"))
    press(page, link(page, "Preliminary"))
    written = {"impression": "negative", "side": "left", "findings": "All segments compress."}
    fill(page.locator("#preliminary"), written)
    press(page, button(page, "Send the preliminary"))
    expect(page.locator("main")).to_contain_text("The preliminary is with the interpreting physician.")


def _has_an_order(cast: Cast) -> None:
    """The clinician signs the order that this center's protocol does not."""
    owed = Step.objects.get(kind="order")
    page = cast.page("clara", "/staff/steps/")
    press(page, page.locator(f"#step-{owed.pk} th a"))
    press(page, link(page, "To the order"))
    fill(page.locator("#sign"), {"side": "left", "indication": "Swollen, painful left leg"})
    press(page, page.locator("#sign button").last)
    expect(page.locator("main")).to_contain_text("Signed by")


def _is_read_and_released(cast: Cast) -> None:
    """The physician signs; the clinician lets her go, and has the result sent."""
    page = cast.page("peter", "/staff/results/")
    press(page, link(page, "Maria Lopez"))
    fill(page.locator("#sign"), {"category": "no_dvt_complete", "side": "left"})
    press(page, page.locator("#sign button").last)
    expect(page.locator("main")).to_contain_text("Signed. The follow-up is planned.")
    page = cast.page("clara", "/staff/results/")
    press(page, link(page, "Maria Lopez"))
    for told in ("danger_signs", "whom_to_call", "next_visit"):
        page.locator(f"#departure input[value={told}]").check()
    press(page, button(page, "Release the patient"))
    if button(page, "Send the result").count():
        press(page, button(page, "Send the result"))


def _is_counted(cast: Cast) -> None:
    """The manager sees the day's visit done."""
    page = cast.page("maya", "/staff/network/")
    expect(page.locator("main tbody tr").first.locator("td[data-label=Completed]")).to_have_text("1")


def _reads_the_result(cast: Cast) -> None:
    """She opens the link of the text, says when she was born, and types the code."""
    sent = link_to(Report.objects.get())
    page = cast.page("maria", f"/l/{links.token(sent)}")
    page.locator("main input[name=birth_date]").fill(BORN)
    press(page, page.locator("main form button").last)
    press(page, page.locator("button[value=send_code]"))
    sent.refresh_from_db()
    page.locator("#code").fill(links.current_code(sent))
    press(page, page.locator("button[value=check_code]"))
    expect(page.locator("main")).to_contain_text(WAY[cast.way.language][-1], ignore_case=True)


def _is_called_and_signed_out(cast: Cast) -> None:
    """A week later the clinician calls from the worklist, and signs that it is over."""
    owed = Step.objects.get(plan_code="safety_call_d7")
    assert owed.due_at is not None
    set_clock(owed.due_at - timedelta(hours=3))
    page = cast.page("clara", "/staff/steps/")
    press(page, page.locator(f"#step-{owed.pk} th a"))
    page.locator("form[data-key=D] select").select_option("settling")
    press(page, page.locator("form[data-key=D] button"))
    page.locator("#close select").select_option("ruled_out")
    press(page, button(page, "Sign and close"))
    expect(page.locator("main")).to_contain_text("Closed: Ruled out")
