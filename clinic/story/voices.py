"""The people of a story: each speaks to the product over HTTP only, as the pages and the API let them."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urljoin

import requests

T = TypeVar("T")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
#: Seconds of real time that anything in a story may take: a text, a receipt, a sweep.
PATIENCE = 30.0


class StoryFailed(Exception):
    """Something did not happen as it must."""


def expect(condition: object, what: str) -> None:
    """Go on only where ``condition`` holds; otherwise the story has failed, and says what was expected."""
    if not condition:
        raise StoryFailed(what)


def eventually(look: Callable[[], T | None], what: str, *, seconds: float = PATIENCE) -> T:
    """Return what ``look`` finds, looking until it finds something. Raises `StoryFailed` after so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.05)
    raise StoryFailed(f"{what}: not within {seconds:.0f} s")


class Browser:
    """Somebody with a browser: cookies, forms with their token, and redirects."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.page = ""
        self.address = base

    def get(self, path: str) -> str:
        """Open a page, and return its text."""
        return self._keep(self.session.get(urljoin(self.address, path), timeout=60))

    def submit(self, path: str = "", *, follow: bool = True, **fields: str) -> str:
        """Send the form of the page that is open, to ``path`` or to the page itself."""
        token = _TOKEN.search(self.page)
        expect(token, f"the page at {self.address} has a form")
        data = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
        url = urljoin(self.address, path)
        return self._keep(
            self.session.post(url, data=data, headers={"Origin": self.base}, timeout=60, allow_redirects=follow)
        )

    def try_in_vain(self, path: str = "", **fields: str) -> str:
        """Send the form with what must not be accepted, and return the page that says so."""
        token = _TOKEN.search(self.page)
        data = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
        url = urljoin(self.address, path)
        answer = self.session.post(url, data=data, headers={"Origin": self.base}, timeout=60)
        expect(400 <= answer.status_code < 500, f"POST {url} is refused, not answered {answer.status_code}")
        self.page, self.address = answer.text, answer.url
        return self.page

    def _keep(self, answer: requests.Response) -> str:
        expect(answer.status_code < 400, f"{answer.request.method} {answer.url} answers {answer.status_code}")
        self.page, self.address = answer.text, answer.url
        return self.page


class Colleague(Browser):
    """A member of staff: logs in on the page, then works through the API with that session."""

    def __init__(self, base: str, username: str, password: str) -> None:
        super().__init__(base)
        self.get("/staff/account/login/")
        self.submit(follow=False, login=username, password=password)
        expect("sessionid" in self.session.cookies, f"{username} can log in")

    def ask(self, path: str, **query: object) -> Any:
        """GET from the API. The chart of another center's patient is opened with a reason, as its page asks for it."""
        params = {key: str(value) for key, value in query.items()}
        answer = self._sent("GET", path, params=params)
        if answer.status_code == 403 and answer.json().get("code") == "break_glass_needed":
            why: dict[str, object] = {"reason": "Looks after this patient, who was booked at another center."}
            self.tell(f"patients/{answer.json()['patient']}/break-glass/", why)
            answer = self._sent("GET", path, params=params)
        return self._read("GET", path, answer)

    def tell(self, path: str, body: dict[str, object] | None = None) -> Any:
        """POST to the API, with an Idempotency-Key as a careful client sends it."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return self._json("POST", path, json=body or {}, headers=headers)

    def tell_in_vain(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        """POST to the API what must be refused, and return the problem document that says why."""
        answer = self._sent("POST", path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
        expect(400 <= answer.status_code < 500, f"POST {path} is refused, not answered {answer.status_code}")
        problem: dict[str, Any] = answer.json()
        return problem

    def _json(self, method: str, path: str, **extra: Any) -> Any:
        return self._read(method, path, self._sent(method, path, **extra))

    def _read(self, method: str, path: str, answer: requests.Response) -> Any:
        expect(answer.ok, f"{method} {path} answers {answer.status_code}: {answer.text[:600]}")
        return answer.json() if answer.content else None

    def _sent(self, method: str, path: str, **extra: Any) -> requests.Response:
        headers = {
            "X-CSRFToken": self.session.cookies.get("csrftoken", ""),
            "Origin": self.base,
            "Accept": "application/json",
            **extra.pop("headers", {}),
        }
        # Moving the clock over months works off all that falls due on the way.
        return self.session.request(method, f"{self.base}/api/v1/{path}", headers=headers, timeout=600, **extra)


class Phone:
    """A patient's telephone, as the local Twilio shows it."""

    def __init__(self, twilio: str, number: str) -> None:
        self.twilio = twilio
        self.number = number

    def texts(self) -> list[dict[str, Any]]:
        """Return what we sent to this phone, oldest first; the carrier's own answers to STOP are not ours."""
        answer = requests.get(f"{self.twilio}/_local/messages", timeout=10)
        expect(answer.ok, "the local Twilio shows its messages")
        rows = answer.json()
        found = rows["messages"] if isinstance(rows, dict) else rows
        return [row for row in found if row["to"] == self.number and row["direction"] == "outbound-api"]

    def wait_for(self, count: int) -> dict[str, Any]:
        """Return the last of so many texts, once it is there."""
        return eventually(
            lambda: texts[-1] if len(texts := self.texts()) >= count else None, f"text {count} on {self.number}"
        )

    def reply(self, body: str) -> None:
        """Answer by text."""
        answer = requests.post(f"{self.twilio}/_local/phones/{self.number}/reply", data={"Body": body}, timeout=10)
        expect(answer.ok, "the phone can reply")
