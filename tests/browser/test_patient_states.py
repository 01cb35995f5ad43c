"""The states of the patient's pages off the straight way, in both languages; and what is no page."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from tests.browser.looking import look_at_both
from tests.browser.pairs import of
from tests.browser.scenes import Shot, consultation, emergencies, night, questions, sends, times, tomorrow
from tests.browser.scenes_later import day, gone, lists, moves, proofs, timelines, visit
from tests.browser.test_patient_screens import LANGUAGES, shown, speaking
from tests.network import Network

Scene = Callable[[Network, str], Iterator[Shot]]
SCENES: tuple[Scene, ...] = (
    *(questions, emergencies, tomorrow, consultation, times, lists, gone, moves, visit, day, night, proofs, timelines),
)


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "es"))
@pytest.mark.parametrize("scene", of(SCENES, visit), ids=lambda scene: scene.__name__)
def test_each_state_can_be_read_by_everybody(
    scene: Scene, language: str, network: Network, site: str, context: BrowserContext, page: Page
) -> None:
    for shot in scene(network, language):
        shown(context, page, shot.client, site, shot.path)
        if shot.act:
            shot.act(page)
        assert page.locator("html").get_attribute("lang") == language
        look_at_both(page, f"patient {shot.name} {language}")
        # What it says once was said: this browser has it no more.
        shot.client.cookies.pop("messages", None)


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "es"))
def test_what_went_wrong_can_be_read_by_everybody(
    language: str,
    site: str,
    context: BrowserContext,
    page: Page,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The pages for what is no page: mistyped, sent without its token, tried too often, broken."""
    settings.LINK_GUESSES = 0
    shots = {"nothing here": "/nothing-here/", "guessed too often": "/l/" + "a" * 22, "broken": "/"}
    for name, path in shots.items():
        if name == "broken":
            monkeypatch.setattr("scheduling.pages.patient.visitor.draft", lambda request: 1 / 0)
        shown(context, page, speaking(language), site, path)
        look_at_both(page, f"error {name} {language}")
    monkeypatch.undo()
    shown(context, page, speaking(language), site, "/book/")
    page.locator("main input[name=csrfmiddlewaretoken]").evaluate("field => field.remove()")
    sends()(page)
    look_at_both(page, f"error form too old {language}")


@pytest.mark.soak
def test_the_way_in_for_staff_can_be_read_by_everybody(
    site: str, context: BrowserContext, page: Page, network: Network
) -> None:
    for name in ("login", "logout", "password/reset", "signup"):
        client = Client()
        if name == "logout":
            client.force_login(network.staff["rosa"])
        shown(context, page, client, site, f"/staff/account/{name}/")
        look_at_both(page, f"account {name}")
    shown(context, page, Client(), site, "/staff/account/login/")
    page.fill("[name=login]", "rosa")
    page.fill("[name=password]", "not this one")
    sends()(page)
    look_at_both(page, "account login refused")
