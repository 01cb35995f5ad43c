"""What a screen reader finds on a page: landmarks, headings, and the name of each thing that can be used or heard."""

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

LANDMARKS = {"banner", "navigation", "main", "complementary", "contentinfo", "region", "form", "search"}
CONTROLS = {"link", "button", "textbox", "checkbox", "radio", "combobox", "spinbutton", "Date", "DisclosureTriangle"}
SPOKEN = {"heading", "group", "radiogroup", "alert", "status", "progressbar", "progressIndicator", "image"}
#: What differs from day to day, and from one made-up center to another.
_TIMES = (
    (re.compile(r"\b\d{1,2}:\d\d [AP]M( [A-Z]{3})?"), "(time)"),
    (re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+ \d{1,2}\b"), "(day)"),
    (re.compile(r"https?://\S+"), "(the link)"),
    (re.compile(r"\(\d{3}\) 555-\d{4}"), "(a center's number)"),
)


def outline(page: Page) -> list[str]:
    """Return the page's outline from Chromium's accessibility tree, indented by what encloses what."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    nodes = {node["nodeId"]: node for node in tree}
    return list(_lines(nodes, tree[0], 0))


def _lines(nodes: dict[str, Any], node: dict[str, Any], depth: int) -> Iterator[str]:
    role, name = _value(node, "role"), _spoken(_value(node, "name"))
    kept = not node.get("ignored") and (role in LANDMARKS or role in CONTROLS or (role in SPOKEN and name))
    if kept:
        level = next((each["value"]["value"] for each in node.get("properties", ()) if each["name"] == "level"), "")
        told = f"{role} {level}".strip().lower() + (f": {name}" if name else "")
        yield f"{'  ' * depth}- {told}"
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _lines(nodes, nodes[child], depth + bool(kept))


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _spoken(name: str) -> str:
    # An hour is not broken from its AM or PM: the space between them is of another kind.
    name = " ".join(name.split())
    for pattern, words in _TIMES:
        name = pattern.sub(words, name)
    return name
