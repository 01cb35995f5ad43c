"""``docs/texts.md``: every text, when it is owed and to whom, in both languages, with its length at its longest values.

The words come from ``notifications/texts``, the causes from the table of reactions; only what no reaction owes is told
here, and a test holds that nothing is left out.
"""

from collections.abc import Iterator
from datetime import timedelta

from notifications.models import Channel, Purpose
from notifications.reactions import REACTIONS, Reaction, To
from notifications.segments import encoding_of, segment_count, unit_lengths
from notifications.services.needs import NEED_NO_CONSENT, SAID_ALL_THE_SAME
from notifications.ways import ALWAYS_CALLED, CALLED_IF_NEAR, NO_TIME_TO_LOSE
from notifications.wording import CALLED, LONGEST, SPOKEN, VARIABLES, fill, template, version_of

LANGUAGE_NAMES = {"en": "English", "es": "Spanish"}
#: Templates that do not have the name of their purpose, and when each is the one that is sent.
VARIANTS: dict[str, tuple[Purpose, str]] = {
    "follow_up_call": (Purpose.FOLLOW_UP_REMINDER, "The step is a call by us."),
    "follow_up_visit": (Purpose.FOLLOW_UP_REMINDER, "The step is a visit that is not booked yet."),
    "follow_up_choose": (Purpose.FOLLOW_UP_OFFER, "Fewer than two times are free when it is sent."),
    "reply_emergency": (Purpose.REPLY, "What they wrote has an emergency word."),
    "reply_emergency_unknown": (Purpose.REPLY, "The same from a number that no patient has."),
    "reply_received": (Purpose.REPLY, "What they wrote is anything else that a person answers."),
    "reply_choose": (Purpose.REPLY, "They ask for another time, or chose one that is gone; a person calls as well."),
    "reply_unknown": (Purpose.REPLY, "No patient has their number; not again within 24 h."),
    "reply_help": (Purpose.REPLY, "They ask for help in a word that the provider does not answer itself."),
    "reply_stopped": (Purpose.REPLY, "They want no more texts, in words that the provider does not answer itself."),
    "urgent_callback_call": (Purpose.URGENT_CALLBACK, "A call, two minutes after the text of the same page."),
    "urgent_step_call": (Purpose.URGENT_STEP, "A call, two minutes after the text of the same page."),
}
#: What no event owes by the table of reactions: when, until when it is of use, and that it is urgent.
OTHERS: dict[Purpose, str] = {
    Purpose.ONE_TIME_CODE: "the patient asks for a code on the page of their result · of use for 10 min · urgent",
    Purpose.REPLY: "they wrote to us, and nothing was done at once that tells them so itself · of use for 1 h · urgent",
    Purpose.STAFF_REPLY: "a member of staff types it in the conversation; it may take two segments, and is checked as"
    " it is typed · by night it waits, unless they wrote within the hour · of use for 24 h · urgent",
}
#: When each part of an automated call is said.
PARTS: dict[str, str] = {
    "greeting": "First, to a person who takes the call, and again after key 2.",
    "greeting_now": "The same, where emergency care is advised.",
    "mailbox": "All that a mailbox hears.",
    "keys": "After the greeting, and after what a key told.",
    "more_result": "After key 1, where it is about a result.",
    "more_visit": "After key 1, where it is about a visit.",
    "more_now": "After key 1, where a clinician wants to speak with the patient.",
    "more_emergency": "After key 1, where emergency care is advised.",
    "stopped": "After key 9, which takes back the consent to automated calls.",
    "goodbye": "Where no key is pressed.",
}
_BY: dict[str, str] = {Channel.VOICE: ", by an automated call", Channel.PERSON: ", by a step for a person"}
_CALLS = """# What an automated call says

A patient is called by machine where a text about what matters did not arrive, and about a result that they did not
open: `notifications/ways.py` is the table, and each text above says whether a call follows it. The parts stand in
`notifications/calls/`; nothing clinical is in them, and numbers are said digit by digit.
"""
_WHOM = {
    To.PATIENT: "the patient",
    To.ON_CALL: "whoever is on call, one after the other",
    To.ALERTED: "whom the event names",
    To.REPRESENTATIVE: "who speaks for the patient",
}
_HEAD = """# Every text

Written by `python3 manage.py texts_doc`; a test compares. The words stand in `notifications/texts/`, the causes in
`notifications/reactions.py`; `docs/texting.md` says how one leaves. Routine texts keep to 08:00–21:00 where the patient
is, and to one a day and three a week a number; urgent ones do not. Whether a text is still true, and wanted, is asked
again when it is sent. Length: of the text with the longest values that it may be filled with; one segment of GSM-7
holds 160 characters. The version follows from the words and is pinned in `notifications/versions.txt`: other words are
another version, which waits for an approval.
"""


def purpose_of(name: str) -> Purpose:
    """Return why a template is sent. Raises `ValueError` for a template that the document does not know."""
    return VARIANTS[name][0] if name in VARIANTS else Purpose(name)


def when_of(name: str) -> tuple[str, str]:
    """Return what a template is for, and when it is the one that is sent, where that is more than its purpose says."""
    if name in CALLED:
        return "A part of an automated call", PARTS[name]
    return purpose_of(name).label, VARIANTS[name][1] if name in VARIANTS else ""


def texts_document() -> str:
    """Return the whole document."""
    texts = [line for name in VARIABLES for line in _section(name)]
    calls = [line for name in CALLED for line in _part(name)]
    return "\n".join([_HEAD, *texts, _CALLS, *calls]).rstrip() + "\n"


def _part(name: str) -> Iterator[str]:
    yield f"## `calls/{name}`"
    yield ""
    yield PARTS[name]
    yield ""
    yield from _words(name)


def _section(name: str) -> Iterator[str]:
    purpose = purpose_of(name)
    yield f"## `{name}`"
    yield ""
    yield f"{purpose.label}.{_only_where(name)}"
    yield ""
    yield from (f"- {cause}" for cause in _causes(purpose))
    if purpose in NEED_NO_CONSENT:
        yield "- Needs no consent to texts."
    if purpose in SAID_ALL_THE_SAME:
        yield "- Where it can't be sent in time, a person says it."
    yield from (f"- {follows}" for follows in _if_lost(purpose))
    yield ""
    yield from _words(name)


def _if_lost(purpose: Purpose) -> Iterator[str]:
    """What follows where it does not arrive, as `notifications.ways` has it."""
    if purpose in ALWAYS_CALLED:
        yield "Where it does not arrive, an automated call follows."
    if purpose in CALLED_IF_NEAR:
        yield "Where it does not arrive, an automated call follows if the visit is within a day or was displaced."
    if purpose == NO_TIME_TO_LOSE:
        yield "Where it does not arrive, an automated call and a person follow at once."


def _words(name: str) -> Iterator[str]:
    yield "| | words | longest | version |"
    yield "|---|---|---|---|"
    for language, spelled in LANGUAGE_NAMES.items():
        words, version = template(name, language), version_of(name, language)
        yield f"| {spelled} | {words} | {length_of(name, language)} | `{version}` |"
    yield ""


def _only_where(name: str) -> str:
    return f" {VARIANTS[name][1]}" if name in VARIANTS else ""


def _causes(purpose: Purpose) -> Iterator[str]:
    if purpose in OTHERS:
        yield f"To the patient: {OTHERS[purpose]}."
    for row in REACTIONS:
        if row.purpose == purpose:
            yield _cause(row)


def _cause(row: Reaction) -> str:
    when = " ".join((row.when.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
    of_use = _of_use(row)
    whom = f"{_WHOM[row.to]}{_BY.get(row.channel, '')}"
    return f"After `{row.event}`, to {whom}: {when[:1].lower()}{when[1:]} · {of_use}{' · urgent' * row.urgent}."


def _of_use(row: Reaction) -> str:
    if row.to is To.REPRESENTATIVE:
        return f"of use for {_span(row.expires_after)}, and while they may hear it"
    if row.to is not To.PATIENT:
        return "of use until the step is overdue"
    if row.about == "offer":
        return "of use until the offer ends"
    if row.about == "appointment":
        return "of use until the visit begins"
    return f"of use for {_span(row.expires_after)}"


def _span(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours // 24} days" if hours > 24 and hours % 24 == 0 else f"{hours} h"


def length_of(name: str, language: str) -> str:
    """Return in words how long a text is at its longest values."""
    text = fill(name, language, LONGEST)
    if name in SPOKEN:
        return f"{len(text)} characters, spoken"
    segments = segment_count(text)
    return f"{sum(unit_lengths(text))} of {encoding_of(text)}: {segments} segment{'s' * (segments != 1)}"
