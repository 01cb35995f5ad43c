"""Answers not finished yet, kept as they come: a closed tab loses nothing, a dropped visitor can be called."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid
from clinic.models import ZipCode
from clinic.phones import normalize_own
from triage.answers.kept import MAX_TEXT
from triage.models import Assessment, Draft
from triage.questionnaire import Item, Kind, pruned, with_skipped

CHOOSE = "Please choose one of the answers."


class DraftSent(Conflict):
    """The answers became an assessment, and that is immutable."""

    code, title = "draft_sent", "These answers have been sent already."


def start_draft(actor: Actor, *, language: str) -> Draft:
    """Open a draft, with the first answer: the clinical clock starts here, by the server's time."""

    def work() -> Draft:
        now = clock.now()
        draft = Draft.objects.create(key=uuid.uuid4(), language=language, started_at=now, touched_at=now)
        events.record("draft.started", actor=actor, subject=draft)
        return draft

    return in_transaction(work)


def save_answers(*, draft: Draft, language: str, given: Mapping[Item, object]) -> Draft:
    """Keep the answers to some questions. None and an empty text are kept as "asked, not answered".

    Raises `Invalid` that names each question by its key, and `DraftSent` once they have become an assessment.
    """
    wrong: dict[str, str] = {}
    values: dict[str, object] = {}
    for item, value in given.items():
        try:
            values[item.key] = check_answer(item, value)
        except ValueError as error:
            wrong[item.key] = str(error)
    if wrong:
        raise Invalid(fields=wrong)

    def work() -> Draft:
        kept = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        if kept.assessment_id is not None:
            raise DraftSent
        for key, value in values.items():
            put(kept.answers, key, value)
        kept.phone = str(answer(kept.answers, "contact.phone") or "")
        kept.zip = str(answer(kept.answers, "contact.zip") or "")
        kept.language, kept.touched_at = language, clock.now()
        kept.save()
        return kept

    return in_transaction(work)


def draft_of_call(*, key: uuid.UUID, language: str, answers: Mapping[str, Any], began_at: datetime) -> Draft:
    """Return the draft of a telephone call, locked: all of it comes at once, and again where it is sent twice.

    Call it in the transaction that makes an assessment of it.
    """
    given = {
        "language": language,
        "answers": dict(answers),
        "phone": answer(answers, "contact.phone") or "",
        "zip": answer(answers, "contact.zip") or "",
        "started_at": began_at,
        "touched_at": clock.now(),
    }
    draft, _ = Draft.objects.get_or_create(key=key, defaults=given)
    return Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)


def check_answer(item: Item, value: object) -> object:
    """Return an answer as it is kept. Raises `ValueError` with a sentence for who answers."""
    if value is None or value == "":
        if item.kind in (Kind.PHONE, Kind.ZIP):
            raise ValueError("Please enter it: we need it to reach you and to find a center.")
        return None
    if item.kind in (Kind.TRI, Kind.CHOICE):
        if value not in {choice.value for choice in item.choices}:
            raise ValueError(CHOOSE)
        return value
    if item.kind is Kind.WHOLE_NUMBER:
        return _number(item, value)
    if item.kind is Kind.DECIMAL:
        return _decimal(item, value)
    if item.kind is Kind.DATE:
        return value.isoformat() if isinstance(value, date) else date.fromisoformat(str(value)).isoformat()
    if item.kind is Kind.PHONE:
        return normalize_own(str(value))
    if item.kind is Kind.ZIP and not ZipCode.objects.filter(pk=value).exists():
        raise ValueError("This ZIP code does not exist. Enter five digits.")
    return str(value)[: item.maximum or MAX_TEXT]


def close_draft(*, draft: Draft, assessment: Assessment) -> None:
    """Tie a draft to the assessment that it became."""
    Draft.objects.filter(pk=draft.pk).update(assessment=assessment)


def answer(answers: Mapping[str, Any], key: str) -> Any:
    """Return what was answered to a question, or None."""
    group, _, name = key.rpartition(".")
    holder = answers.get(group, {}) if group else answers
    return holder.get(name)


def was_asked(answers: Mapping[str, Any], key: str) -> bool:
    """Whether a question was put and sent back, be it without an answer."""
    group, _, name = key.rpartition(".")
    return name in (answers.get(group, {}) if group else answers)


def spoken(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the groups that the rules read: without what was left open, and without who answers."""
    found: dict[str, Any] = {}
    for key, value in answers.items():
        if key == "contact":
            continue
        if isinstance(value, Mapping):
            found[key] = {name: each for name, each in value.items() if each is not None}
        elif value is not None:
            found[key] = value
    return found


def to_assess(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the groups that the rules read, as they stand now: without answers to questions that are no longer asked,
    and with the no that follows where another answer has settled a question."""
    return with_skipped(pruned(spoken(answers)))


def without(answers: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """Return answers as if some questions had not been answered."""
    left = {key: dict(value) if isinstance(value, Mapping) else value for key, value in answers.items()}
    for key in keys:
        group, _, name = key.rpartition(".")
        (left.get(group, {}) if group else left).pop(name, None)
    return left


def put(answers: dict[str, Any], key: str, value: object) -> None:
    """Put the answer to a question into its group."""
    group, _, name = key.rpartition(".")
    holder = answers.setdefault(group, {}) if group else answers
    holder[name] = value


def _number(item: Item, value: object) -> int:
    low, high = item.minimum or 0, item.maximum or 100_000
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"Please enter a whole number from {low} to {high}.")
    return value


def _decimal(item: Item, value: object) -> float:
    low, high = item.minimum or 0, item.maximum or 100_000
    try:
        number = round(float(str(value).replace(",", ".")), 1)
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise ValueError(f"Please enter a number from {low} to {high}.")
    return number
