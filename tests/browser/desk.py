"""A browser at the desks of a ward: at each as the person of its role, with what they send and what they see then."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.browser.conftest import become
from tests.browser.looking import look_at
from tests.pages.staff import Ward

#: What a form on the page would send: each value in a field of its own, with the token of the page.
_SEND = """([path, rows]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: path });
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  for (const [name, value] of [[token.name, token.value], ...rows]) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}"""


@dataclass(frozen=True)
class Desk:
    """One browser window in a ward."""

    ward: Ward
    site: str
    context: BrowserContext
    page: Page
    screen: ViewportSize

    def go(self, role: str, path: str) -> None:
        """Open a page as the person of a role."""
        self.context.clear_cookies()
        become(self.context, self.ward.browser(role), self.site)
        self.page.goto(self.site + path)

    def send(self, role: str, path: str, **given: str | list[str]) -> None:
        """Send a form as they would."""
        self.go(role, "/staff/patients/" if role != "administrator" else "/staff/people/")
        rows = [(name, one) for name, value in given.items() for one in ([value] if isinstance(value, str) else value)]
        with self.page.expect_navigation():
            self.page.evaluate(_SEND, [path, rows])

    def look(self, name: str) -> None:
        """Look at what is shown."""
        look_at(self.page, f"state {name} {self.screen['width']}")
