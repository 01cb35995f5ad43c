"""A whole call by the keyboard alone, as the script's keys are shown on its page; and how many keys it takes."""

from playwright.sync_api import Page

from tests.pages.calls import CLOT, WHO

#: What is typed: names, numbers and dates are the caller's, not the script's.
TYPED = WHO | {"onset_days": CLOT["onset_days"]}
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


def call_by_keys(desk: Page) -> int:
    """Take a call on the script's page, and book the first time; return the keys besides names and numbers."""
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
    return keys + 3
