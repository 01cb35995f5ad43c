"""The intake as a document for people: every question from its one source, and where the public article is kept."""

from collections.abc import Iterator
from itertools import groupby

from triage.public_article import ARTICLE, ArticleItem
from triage.questionnaire import QUESTIONNAIRE_VERSION, SECTIONS, Item, Kind, Section
from triage.questionnaire.item import Audience, Condition

_HEAD = """# The intake

Written by `python3 manage.py intake_doc` from the questionnaire itself (`triage/questionnaire/`): do not edit it here.
The same questions serve the web, the caller's script and the API. Version {version}.

A question is asked where all its conditions hold; a missing answer is unknown. Where a question is not asked and
another answer settles it, the answer that follows is named. What the network can offer (`site`) is never asked.
"""
_ASKED_OF = {
    Audience.ANYONE: "anyone",
    Audience.STAFF: "staff who examined",
    Audience.CLINICIAN: "a clinician",
}
_KINDS = {
    Kind.TRI: "yes, no, not sure",
    Kind.WHOLE_NUMBER: "whole number",
    Kind.DECIMAL: "number with one decimal at most",
    Kind.DATE: "date",
    Kind.TEXT: "text",
    Kind.PHONE: "telephone number",
    Kind.ZIP: "ZIP code",
}


def intake_document() -> str:
    """The whole document, in Markdown."""
    parts = [_HEAD.format(version=QUESTIONNAIRE_VERSION)]
    parts.extend(_section(section) for section in SECTIONS)
    parts.append(_article())
    return "\n".join(parts)


def _section(section: Section) -> str:
    english, spanish = section.title
    lines = [
        f"## {english} / {spanish}",
        "",
        "| key | English | Spanish | answer | asked of | asked where |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(_cells(item)) for item in section.items),
    ]
    return "\n".join(lines) + "\n"


def _cells(item: Item) -> tuple[str, ...]:
    return (
        f"`{item.key}`",
        _words(item, 0, ("To say", "Help")),
        _words(item, 1, ("Para decir", "Ayuda")),
        _answer(item),
        _ASKED_OF[item.audience],
        "<br>".join(_conditions(item)),
    )


def _words(item: Item, at: int, labels: tuple[str, str]) -> str:
    """The question, and what a caller says or who answers may read, where there is such."""
    said = [f"*{label}:* {text[at]}" for label, text in zip(labels, (item.script, item.help), strict=True) if text]
    return "<br>".join((item.question[at], *said))


def _answer(item: Item) -> str:
    if item.kind is Kind.CHOICE:
        return "<br>".join(f"`{choice.value}`: {choice.words[0]} / {choice.words[1]}" for choice in item.choices)
    words = _KINDS[item.kind]
    if item.kind in (Kind.WHOLE_NUMBER, Kind.DECIMAL):
        unit = f" {item.unit[0]}" if item.unit else ""
        return f"{words}, {item.minimum} to {item.maximum}{unit}"
    return f"{words}, at most {item.maximum} characters" if item.maximum else words


def _conditions(item: Item) -> Iterator[str]:
    yield " and ".join(map(_condition, item.when)) or "always"
    if item.when_skipped is not None:
        yield f"else the answer is `{item.when_skipped}`"
    if item.ends_on is not None:
        yield f"`{item.ends_on}` ends the questions"


def _condition(condition: Condition) -> str:
    if condition.answered is not None:
        return f"`{condition.key}` is {'answered' if condition.answered else 'not answered'}"
    return f"`{condition.key}` is {' or '.join(f'`{value}`' for value in condition.any_of)}"


def _article() -> str:
    lines = [
        "## What the public article says, and where it is kept",
        "",
        "| the article | kept by |",
        "| --- | --- |",
        *(_row((item.says, "<br>".join(_places(item)))) for item in ARTICLE),
    ]
    return "\n".join(lines) + "\n"


def _places(item: ArticleItem) -> Iterator[str]:
    for kind, places in groupby(item.places, key=lambda place: place.kind):
        names = [f"`{place.name}`" for place in places]
        yield f"{kind.value}{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _row(cells: tuple[str, ...]) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
