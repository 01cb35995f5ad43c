"""A whole call by the keyboard alone: the script, the times, the booking; and how many keys it takes."""

import pytest
from playwright.sync_api import BrowserContext, Page

from scheduling.models import Appointment
from tests.browser.conftest import as_staff
from tests.network import Network
from tests.pages.calls import CLOT, PAGE, WHO

#: What is typed: names, numbers and dates are the caller's, not the script's.
TYPED = WHO | {"onset_days": CLOT["onset_days"]}
MOST_KEYS = 60
#: Whether all that the rules read is answered.
DONE = """() => {
  const notice = document.getElementById("script-notice");
  return notice.textContent === notice.dataset.done;
}"""
#: Which question has the keys, and the letter or digit of its answer; none where it is typed.
NOW = """answers => {
  const ask = document.querySelector(".ask.now");
  const name = ask.dataset.name;
  if (ask.querySelector(".ask-line input")) return [name, null];
  const wanted = answers[name] || "no";
  return [name, ask.querySelector(`input[value="${wanted}"]`).dataset.key];
}"""


@pytest.fixture
def desk(site: str, network: Network, context: BrowserContext, page: Page) -> Page:
    """The script on the screen of a representative who is logged in."""
    as_staff(context, network, "rosa", site)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(site + PAGE)
    return page


def test_a_call_is_booked_by_keys_alone_and_few_of_them(desk: Page) -> None:
    keys, seen, answers = 0, "", CLOT | WHO
    while True:
        name, key = desk.evaluate(NOW, answers)
        if name == seen or name.startswith("kept."):
            break
        seen, keys = name, keys + 1
        if key is None:
            desk.keyboard.type(TYPED.get(name, ""))
            desk.keyboard.press("ArrowDown")
            continue
        # Nobody answers sooner than the server has told which questions are spared.
        with desk.expect_response(lambda answer: answer.url.endswith("/asked/")):
            desk.keyboard.press(key.lower())
        desk.wait_for_timeout(20)
        if desk.evaluate(DONE):
            break
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/staff/script/*/")
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    desk.get_by_text("Your visit is booked").wait_for()
    assert Appointment.objects.filter(status="booked").count() == 1
    keys += 3
    assert keys <= MOST_KEYS
