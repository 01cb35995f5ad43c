"""A colleague who takes a call: sends the script's form as a browser without a script does."""

import re
from typing import Any

from django.test import Client

from triage.questionnaire import Item, Kind, items
from triage.questionnaire.item import Audience

PAGE = "/staff/script/"
WHO = {
    "contact.phone": "301-555-0147",
    "contact.zip": "20770",
    "contact.given_name": "Maria",
    "contact.family_name": "Lopez",
    "patient.birth_date": "03091968",
    "contact.answering_for": "self",
    "contact.consent_to_texts": "yes",
}
#: One swollen, warm, sore leg after an operation.
CLOT = {
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
    "worsening": "no",
    "symptoms.swelling": "no",
    "symptoms.pain_persistent": "no",
    "symptoms.warmth": "no",
    "symptoms.cramps": "yes",
    "wells.bedridden_3d_or_surgery_12w": "no",
    "history.cramps_frequent_or_sleep_loss": "yes",
}


def asked(item: Item) -> bool:
    """Whether a caller is asked it."""
    return item.kind is Kind.TRI and item.audience is Audience.ANYONE and item.group != "kept"


def script(answers: dict[str, str], **more: str) -> dict[str, str]:
    """The whole form: who it is, a no to every sign, and these answers."""
    return {item.key: "no" for item in items() if asked(item)} | WHO | answers | more


def stamp(page: Any) -> str:
    """The mark of the call that a page carries."""
    found = re.search(r'name="call" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def take(client: Client, answers: dict[str, str], *, follow: bool = True, **more: str) -> Any:
    """Open the script, fill it in, and send it."""
    call = stamp(client.get(PAGE))
    return client.post(PAGE, script(answers, call=call, **more), follow=follow)


def calm(answers: dict[str, str]) -> dict[str, str]:
    """Only these answers and who it is: nothing else was asked."""
    return WHO | answers
