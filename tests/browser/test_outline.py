"""The outline of the patient's path in `docs/outline.md` is what a screen reader finds; `make outline` writes it."""

import os
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from clinic.services import links
from tests.browser.conftest import path_of
from tests.browser.outline import outline
from tests.browser.test_patient_screens import shown, speaking
from tests.pages.told import BORN, link_to, phone_of, signed, tell
from tests.pages.visitors import CLOT, DETAILS, answer_all, slots_on

FILE = Path(__file__).parents[2] / "docs" / "outline.md"
HEAD = """# What a screen reader finds on the patient's path

Landmarks, headings with their level, and the name of each control, as Chromium's accessibility tree has them, in the
order in which they are read. Written by `make outline`; a test compares it.
"""


def test_the_outline_of_the_patients_path_is_as_written_down(site: str, context: BrowserContext, page: Page) -> None:
    written = [HEAD]
    client = speaking("en")

    def note(title: str, path: str) -> None:
        shown(context, page, client, site, path)
        assert path_of(page, site) == path
        written.append(f"## {title}\n\n" + "\n".join(outline(page)) + "\n")

    note("The first page", "/")
    note("A question", "/check/1/")
    note("How to reach them", "/check/10/")
    answer_all(client, CLOT)
    note("Their details", "/check/details/")
    client.post("/check/details/", DETAILS)
    note("What follows", "/check/next/")
    note("The times", "/slots/")
    client.post("/slots/hold/", slots_on(client.get("/slots/"))[0])
    note("A time that is kept", "/slots/kept/")
    client.post("/slots/kept/")
    note("The visit", "/visit/")
    report = tell(signed("no_dvt_complete"))
    opened = links.token(link_to(report))
    shown(context, page, client, site, f"/l/{opened}")
    written.append("## Behind the link of a text\n\n" + "\n".join(outline(page)) + "\n")
    client.post(f"/l/{opened}", {"birth_date": BORN})
    note("The code", "/result/")
    client = phone_of(report, client)
    note("The result", "/result/")
    told = "\n".join(written)
    if os.environ.get("RULEOUT_OUTLINE"):
        FILE.write_text(told)
    assert FILE.read_text() == told
