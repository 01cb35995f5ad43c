"""Somebody at a browser without a script: reads the forms of a page and sends them."""

import re
from collections.abc import Mapping
from typing import Any

from django.test import Client

from scheduling.pages.patient import screens
from triage.questionnaire import Kind

BORN = "1968-03-09"
#: One swollen, warm, sore leg after an operation, near 20770; every other answer is a no.
CLOT: dict[str, str] = {
    "contact.phone": "301-555-0147",
    "contact.zip": "20770",
    "contact.answering_for": "self",
    "patient.birth_date": BORN,
    "patient.sex": "F",
    "limb": "left_leg",
    "onset_days": "2",
    "worsening": "yes",
    "symptoms.swelling": "yes",
    "symptoms.pain_persistent": "yes",
    "symptoms.warmth": "yes",
    "context.anticoagulant": "none",
    "wells.bedridden_3d_or_surgery_12w": "yes",
}
#: Cramps at night, and no sign of a clot.
CRAMPS = CLOT | {
    "symptoms.swelling": "no",
    "symptoms.pain_persistent": "no",
    "symptoms.warmth": "no",
    "symptoms.cramps": "yes",
    "wells.bedridden_3d_or_surgery_12w": "no",
    "history.cramps_frequent_or_sleep_loss": "yes",
}
DETAILS = {"given_name": "Maria", "family_name": "Lopez", "birth_date": BORN, "consent_to_texts": "yes"}


def words(answer: Any) -> str:
    """The text of a page, tags left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def answered(number: int, page: str, answers: Mapping[str, str]) -> dict[str, str]:
    """What this visitor fills in on a screen: the fields that stand on it, and nothing else."""
    names = set(re.findall(r'name="([\w.]+)"', page))
    screen = screens.ALL[number - 1]
    if "answer" in names:
        return {"answer": answers.get(screen[0].key, "no")}
    return {
        item.key: answers.get(item.key, "no" if item.kind is Kind.TRI else "") for item in screen if item.key in names
    }


def well(client: Client) -> Any:
    """Say that none of the danger signs is there, as is asked before a visit is moved; return the page after it."""
    return client.post("/visit/signs/", {"none": "on"}, follow=True)


def answer_all(client: Client, answers: Mapping[str, str]) -> Any:
    """Answer screen after screen until the questions end, and return the page that follows."""
    answer = client.get("/check/", follow=True)
    while match := re.fullmatch(r"/check/(\d+)/", answer.request["PATH_INFO"]):
        path = answer.request["PATH_INFO"]
        answer = client.post(path, answered(int(match[1]), answer.content.decode(), answers), follow=True)
        assert answer.status_code == 200, words(answer)
    return answer


def decide(client: Client, answers: Mapping[str, str] = CLOT) -> Any:
    """Answer everything, give the name, and return the screen of the disposition."""
    assert answer_all(client, answers).request["PATH_INFO"] == "/check/details/"
    return client.post("/check/details/", DETAILS, follow=True)


def slots_on(answer: Any) -> list[dict[str, str]]:
    """The times that a page offers, as their buttons send them."""
    found = re.findall(
        r'name="center" value="(\w+)"><input type="hidden" name="starts_at" value="([^"]+)"', str(answer.content)
    )
    return [{"center": center, "starts_at": starts_at} for center, starts_at in found]


def booked(client: Client) -> Any:
    """Go all the way to a booked scan."""
    decide(client)
    client.post("/slots/hold/", slots_on(client.get("/slots/"))[0])
    return client.post("/slots/kept/", follow=True)


def link_on(answer: Any) -> str:
    """The path of the link that a page shows."""
    found = re.search(r'href="[^"]*(/l/[\w-]+)"', answer.content.decode())
    assert found
    return found[1]
