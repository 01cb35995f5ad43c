"""The answers of an intake as staff read them: what is there first, then what is not known, then what was denied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from triage.models import Assessment
from triage.questionnaire import SECTIONS, Item, Kind


@dataclass(frozen=True, slots=True)
class Given:
    """One question and what was answered."""

    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """An intake: ``present`` holds what was answered with a yes, a choice, a number or words, by section."""

    assessment: Assessment
    present: tuple[tuple[str, tuple[Given, ...]], ...]
    unknown: tuple[str, ...]
    denied: tuple[str, ...]


def given_answers(assessment: Assessment) -> GivenAnswers:
    """Sort an intake's answers. What was not asked, and how to reach the patient, is left out."""
    raw = {**assessment.answers, "kept": assessment.kept}
    present, unknown, denied = [], [], []
    for section in SECTIONS:
        if section.key == "contact":
            continue
        found = []
        for item, value in _answered(section.items, raw):
            if value == "unknown":
                unknown.append(item.question[0])
            elif item.kind is Kind.TRI and value == "no":
                denied.append(item.question[0])
            else:
                found.append(Given(item.question[0], _words(item, value)))
        if found:
            present.append((section.title[0], tuple(found)))
    return GivenAnswers(assessment, tuple(present), tuple(unknown), tuple(denied))


def _answered(items: tuple[Item, ...], raw: Mapping[str, Any]) -> Iterator[tuple[Item, Any]]:
    for item in items:
        group = raw.get(item.group) if item.group else raw
        value = group.get(item.key.rpartition(".")[2]) if isinstance(group, Mapping) else None
        if value not in (None, ""):
            yield item, value


def _words(item: Item, value: Any) -> str:
    if item.kind is Kind.TRI and value == "yes":
        return _("Yes")
    chosen = next((choice.words[0] for choice in item.choices if choice.value == value), None)
    unit = f" {item.unit[0]}" if item.unit and chosen is None else ""
    return chosen or f"{value}{unit}"
