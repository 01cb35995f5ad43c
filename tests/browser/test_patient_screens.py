"""Every screen that a patient may end at, and the way to it, in both languages."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from scheduling.models import Resource
from scheduling.pages.patient import screens
from tests.browser.conftest import become, path_of
from tests.browser.looking import look_at_both
from tests.browser.pairs import of, pairs
from tests.pages.visitors import CLOT, CRAMPS, DETAILS, answer_all, decide, slots_on, well

LANGUAGES = ("en", "es")
#: An adult without a single sign, who asks nevertheless.
NOTHING = CRAMPS | {
    "symptoms.cramps": "no",
    "worsening": "no",
    "onset_days": "100",
    "history.cramps_frequent_or_sleep_loss": "no",
    "context.anticoagulant": "none",
}
#: What ends at which disposition, told by a word of its screen in each language.
ENDS = {
    "emergency": (CLOT | {"emergency.fainted": "yes"}, "911"),
    "emergency room": (CLOT | {"limb_threat.limb_cold": "yes"}, "911"),
    "callback now": (CLOT | {"limb_threat.limb_cold": "unknown"}, "877"),
    "callback and slot": (CLOT | {"symptoms.cellulitis_like_local": "yes"}, "877"),
    "scan": (CLOT, "877"),
    "consult": (CRAMPS, "240"),
    "self-care": (NOTHING, "911"),
}


def speaking(language: str) -> Client:
    """A visitor with a browser in a language."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def shown(context: BrowserContext, page: Page, client: Client, site: str, path: str) -> Page:
    """The page at a path, in this visitor's session and no other."""
    context.clear_cookies()
    become(context, client, site)
    page.goto(site + path)
    return page


@pytest.mark.soak
@pytest.mark.parametrize(("end", "language"), pairs(tuple(ENDS), LANGUAGES))
def test_each_end_can_be_read_by_everybody(
    end: str, language: str, site: str, context: BrowserContext, page: Page
) -> None:
    answers, word = ENDS[end]
    client = speaking(language)
    if answer_all(client, answers).request["PATH_INFO"] == "/check/details/":
        client.post("/check/details/", DETAILS)
    shown(context, page, client, site, "/check/next/")
    assert path_of(page, site) == "/check/next/"
    assert word in page.inner_text("main")
    assert page.locator("html").get_attribute("lang") == language
    look_at_both(page, f"patient {end} {language}")


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "es"))
def test_each_question_can_be_read_by_everybody(language: str, site: str, context: BrowserContext, page: Page) -> None:
    """Each screen of questions, of which many have the same shape: one of each shape, and one with a fault named."""
    client = speaking(language)
    shown(context, page, client, site, "/")
    look_at_both(page, f"patient landing {language}")
    shapes: set[tuple[object, ...]] = set()
    answer_all(client, CLOT)
    for number, screen in enumerate(screens.ALL, start=1):
        shape = tuple((item.kind, bool(item.help)) for item in screen)
        if shape in shapes:
            continue
        shapes.add(shape)
        shown(context, page, client, site, f"/check/{number}/")
        if path_of(page, site) == f"/check/{number}/":
            look_at_both(page, f"patient question {number} {language}")
    contact = next(n for n, screen in enumerate(screens.ALL, start=1) if screen[0].key == "contact.phone")
    shown(context, page, client, site, f"/check/{contact}/")
    page.fill("input[name='contact.phone']", "12")
    page.locator("form", has=page.locator("input[name='contact.phone']")).locator("button").last.click()
    assert page.locator("[aria-invalid=true]").count()
    look_at_both(page, f"patient contact fault {language}")
    shown(context, page, client, site, "/check/details/")
    look_at_both(page, f"patient details {language}")


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "en"))
def test_the_way_to_a_visit_can_be_read_by_everybody(
    language: str, site: str, context: BrowserContext, page: Page
) -> None:
    client = speaking(language)
    decide(client)
    shown(context, page, client, site, "/slots/")
    look_at_both(page, f"patient slots {language}")
    client.post("/slots/hold/", slots_on(client.get("/slots/"))[0])
    for name, path in (("kept", "/slots/kept/"), ("visit", "/visit/")):
        if name == "visit":
            client.post("/slots/kept/", follow=True)
        shown(context, page, client, site, path)
        assert path_of(page, site) == path
        look_at_both(page, f"patient {name} {language}")
    for name, path in (("signs", "/visit/signs/"), ("cancel", "/visit/cancel/")):
        shown(context, page, client, site, path)
        look_at_both(page, f"patient {name} {language}")
    well(client)
    shown(context, page, client, site, "/visit/move/")
    look_at_both(page, f"patient move {language}")


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "es"))
def test_what_is_shown_where_nothing_is_free_can_be_read_by_everybody(
    language: str, site: str, context: BrowserContext, page: Page
) -> None:
    client = speaking(language)
    decide(client)
    Resource.objects.filter(kind="sonographer").update(active=False)
    for name, path in (("no slots", "/slots/"), ("wait", "/slots/wait/"), ("link over", "/l/" + "a" * 22)):
        shown(context, page, client, site, path)
        look_at_both(page, f"patient {name} {language}")
    client.post("/slots/wait/", {"short_notice": "on"})
    shown(context, page, client, site, "/wait/")
    look_at_both(page, f"patient waiting {language}")
    client.post("/slots/none/")
    shown(context, page, client, site, "/check/next/")
    look_at_both(page, f"patient fallback {language}")
