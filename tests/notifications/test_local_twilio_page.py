"""The page of phones shows every conversation, escapes all of it and runs under a strict content policy."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.request import urlopen

import pytest

from notifications.local_twilio.server import LocalTwilio
from tests.notifications.line import SENDER, running_line, sdk, settle

HOSTILE = '<script>alert(1)</script> "quoted" & https://clinic.example/r/abc?a=1&b="x'


class Tags(HTMLParser):
    """Collects the tags of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def line() -> Iterator[LocalTwilio]:
    with running_line() as server:
        yield server


def get(line: LocalTwilio, path: str) -> tuple[str, str]:
    with urlopen(line.url + path, timeout=5) as response:
        return response.read().decode(), response.headers["Content-Security-Policy"]


def test_before_the_first_text(line: LocalTwilio) -> None:
    assert "No texts yet" in get(line, "/phones")[0]


def test_texts_are_shown_and_escaped(line: LocalTwilio) -> None:
    sdk(line).messages.create(to="+12025550101", from_=SENDER, body=HOSTILE)
    settle(line)
    page = Tags(get(line, "/phones")[0])
    assert '<script>alert(1)</script> "quoted"' in page.text
    assert "(202) 555-0101" in page.text
    assert "delivered" in page.text
    assert [attrs["src"] for tag, attrs in page.tags if tag == "script"] == ["/phones.js"]
    (link,) = [attrs for tag, attrs in page.tags if tag == "a" and (attrs["href"] or "").startswith("http")]
    assert link["href"] == 'https://clinic.example/r/abc?a=1&b="x'


def test_a_link_ends_where_the_sentence_does(line: LocalTwilio) -> None:
    body = "See it here:\nhttps://clinic.example/r/abc. Reply C."
    sdk(line).messages.create(to="+12025550101", from_=SENDER, body=body)
    page = Tags(get(line, "/phones")[0])
    assert "https://clinic.example/r/abc" in [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert body in page.text


def test_an_escaped_text_cannot_stand_for_a_place_in_the_page(line: LocalTwilio) -> None:
    sdk(line).messages.create(to="+12025550101", from_=SENDER, body="{{ more }}{{ count }}")
    assert "{{ more }}{{ count }}" in Tags(get(line, "/phones")[0]).text


def test_every_field_has_its_label_and_works_without_script(line: LocalTwilio) -> None:
    for number in ("+12025550101", "+12025550102"):
        sdk(line).messages.create(to=number, from_=SENDER, body="Hello")
    page = Tags(get(line, "/phones")[0])
    fields = [attrs["id"] for tag, attrs in page.tags if tag == "input"]
    assert fields == [attrs["for"] for tag, attrs in page.tags if tag == "label"]
    forms = [attrs for tag, attrs in page.tags if tag == "form"]
    assert [form["action"] for form in forms] == [
        "/_local/phones/12025550102/reply",
        "/_local/phones/12025550101/reply",
    ]
    assert all(form["method"] == "post" for form in forms)


def test_a_browser_may_reply_from_the_page(line: LocalTwilio) -> None:
    """With "no-referrer" a browser calls its origin null, and the reply would be refused as another site's."""
    with urlopen(line.url + "/phones", timeout=5) as response:
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_policy_allows_nothing_inline(line: LocalTwilio) -> None:
    html, policy = get(line, "/phones")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Tags(html)
    assert not any(
        tag == "style" or "style" in attrs or any(a.startswith("on") for a in attrs) for tag, attrs in page.tags
    )
    for path in ("/phones.css", "/phones.js"):
        assert get(line, path)[0]
