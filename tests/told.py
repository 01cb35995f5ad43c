"""What a running stack has told the world: texts, log lines, addresses that were asked for, and titles of pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import requests

from clinic.local.stack import Stack

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass
class Heard:
    """What was asked of the product, and how its pages are titled."""

    urls: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)

    def keep(self, answer: requests.Response) -> None:
        """Keep one answer's address, where it points to, and its title."""
        self.urls.add(answer.url)
        self.urls.update(address for name in ("Location", "HX-Redirect") if (address := answer.headers.get(name)))
        if "html" in answer.headers.get("Content-Type", ""):
            self.titles.update(_TITLE.findall(answer.text))


@contextmanager
def listening() -> Iterator[Heard]:
    """Hear every request that this process makes meanwhile."""
    heard, send = Heard(), requests.Session.send

    def sent(session: requests.Session, request: requests.PreparedRequest, **extra: Any) -> requests.Response:
        answer = send(session, request, **extra)
        heard.keep(answer)
        return answer

    with patch.object(requests.Session, "send", sent):
        yield heard


def texts(stack: Stack) -> list[str]:
    """Every text of ours that a phone has got, and the words of every call."""
    answer = requests.get(f"{stack.twilio_url}/_local/messages", timeout=10).json()
    return [row["body"] for row in answer["messages"] if row["direction"] == "outbound-api"]


def log_lines(stack: Stack) -> list[str]:
    """Every line that any process of the stack has logged."""
    folder = stack.state / "logs"
    return [line for path in folder.glob("*.log") for line in path.read_text(errors="replace").splitlines()]
