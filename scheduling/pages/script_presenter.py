"""How the script stands on its page: parts, questions, and the key that gives each answer."""

import json
from dataclasses import asdict, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.pages.script_form import ScriptForm
from scheduling.pages.script_questions import OPTIONAL, Part
from triage.questionnaire import Item
from triage.questionnaire.item import Text

#: The keys of the common answers. Any other answer has the digit of its place.
KEYS = {"yes": "Y", "no": "N", "unknown": "U"}
NOTES: dict[str, Promise | str] = {
    "emergency": _("Ask these first. Any yes: stop, and say what stands below."),
    "contact": _("So that whoever gets cut off is called back."),
    "limb_threat": _("A yes here means: to the emergency room now."),
    "examined": _("Only if you or a clinician examined the limb. Else leave this out."),
    "arm": _("Only where it is an arm."),
    "history": _("Asked only where no clot is suspected."),
    "access": _("Rooms that do not fit are left out when a time is looked for."),
    "kept": _("For the clinician. All of it may stay open; a date settles what the caller was not sure of."),
}
#: As many parts can have a digit that leads there.
DIGITS = 10
#: Parts that stay folded until somebody opens them: a caller can't be asked what needs a hand or a tape.
FOLDED = frozenset({"examined"})
#: Parts that the server says are not asked any more, by the rules themselves.
SPARED = frozenset({"history"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to choose, and its key."""

    value: str
    words: str
    key: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as the page shows it.

    ``when`` is JSON for the page's script; the server decides again. ``matters``: whoever sends is reminded of it
    where it is open. ``spared``: the server says whether the rules still read it.
    """

    name: str
    id: str
    words: str
    help: str
    unit: str
    answers: tuple[Answer, ...]
    value: str
    mode: str
    longest: int | None
    errors: tuple[str, ...]
    when: str
    ends: str
    matters: bool
    spared: bool


@dataclass(frozen=True, slots=True)
class ShownPart:
    """The questions under one heading, with the key that leads there."""

    key: str
    title: str
    note: Promise | str
    jump: str
    folded: bool
    asks: tuple[Ask, ...]


def shown(form: ScriptForm, language: str, *, checked: bool) -> tuple[ShownPart, ...]:
    """Return the script in one language, with what was typed; what is wrong with it only where it was ``checked``."""
    at = 1 if language == "es" else 0
    return tuple(_part(form, part, number, at, checked=checked) for number, part in enumerate(form.parts, 1))


def _part(form: ScriptForm, part: Part, number: int, at: int, *, checked: bool) -> ShownPart:
    asks = tuple(_ask(form, item, part.key, at, checked=checked) for item in part.items)
    told = any(ask.value or ask.errors for ask in asks)
    return ShownPart(
        key=part.key,
        title=part.title[0],
        note=NOTES.get(part.key, ""),
        jump=str(number % 10) if number <= DIGITS else "",
        folded=part.key in FOLDED and not told,
        asks=asks,
    )


def _ask(form: ScriptForm, item: Item, part: str, at: int, *, checked: bool) -> Ask:
    field = form[item.key]
    value = field.value()
    typed = "" if value is None else str(value)
    return Ask(
        name=item.key,
        id=f"ask-{item.key.replace('.', '-')}",
        words=(item.script or item.question)[at],
        help=_words(item.help, at),
        unit=_words(item.unit, at),
        answers=_answers(item, typed, at),
        value=typed,
        mode=field.field.widget.attrs.get("inputmode", ""),
        longest=getattr(field.field, "max_length", None),
        errors=tuple(str(error) for error in field.errors) if checked else (),
        when=json.dumps([asdict(condition) for condition in item.when]) if item.when else "",
        ends=_ends(item),
        matters=item.key == "patient.age" or (part not in OPTIONAL and item.key != "onset_days"),
        spared=part in SPARED,
    )


def _answers(item: Item, typed: str, at: int) -> tuple[Answer, ...]:
    return tuple(
        Answer(choice.value, choice.words[at], KEYS.get(choice.value, str(number)), choice.value == typed)
        for number, choice in enumerate(item.choices, 1)
    )


def _ends(item: Item) -> str:
    """What a yes means: 911 (R1), or the emergency department (R2)."""
    return {"emergency": "911", "limb_threat": "ed"}.get(item.group, "") if item.ends_on else ""


def _words(text: Text | None, at: int) -> str:
    return text[at] if text else ""
