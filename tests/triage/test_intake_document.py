"""The document of the intake says what the questionnaire says, and every place that it names is there."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.urls import resolve

from triage.intake_document import intake_document
from triage.public_article import ARTICLE, PlaceKind
from triage.questionnaire import Item, items
from triage.words import SCREENS, WORDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "intake.md"
NAMED = sorted({(place.kind, place.name) for item in ARTICLE for place in item.places})
# Section 7 of clinical.md names these by their number: six flags, six reasons, five low-risk causes.
REASONS = ("sleep", "accompanying symptoms", "history", "risk factors", "self-care failed", "concern")
CAUSES = ("fatigue", "dehydration", "injury", "pregnancy", "other conditions")


def test_the_document_is_up_to_date() -> None:
    # Run: python3 manage.py intake_doc
    assert DOCUMENT.read_text(encoding="utf-8") == intake_document()


@pytest.mark.parametrize("item", list(items()), ids=lambda item: item.key)
def test_every_question_stands_in_it_in_both_languages(item: Item) -> None:
    document = intake_document()
    assert f"| `{item.key}` |" in document
    for text in (item.question, item.script, item.help):
        assert all(words in document for words in text or ())


@pytest.mark.parametrize(("kind", "name"), NAMED)
def test_a_place_that_keeps_an_item_of_the_article_is_there(kind: PlaceKind, name: str) -> None:
    if kind is PlaceKind.PAGE:
        assert resolve(name)
        return
    there = {
        PlaceKind.QUESTION: {item.key for item in items()},
        PlaceKind.RULE: set(WORDS),
        PlaceKind.SCREEN: set(SCREENS["en"]),
        PlaceKind.MODULE: {name} if (ROOT / name).is_file() else set(),
    }
    assert name in there[kind]


def test_the_article_is_kept_item_by_item() -> None:
    said = {item.says for item in ARTICLE}
    assert len(said) == len(ARTICLE)
    assert all(item.places for item in ARTICLE)
    assert {f"Reason for a consultation: {reason}" for reason in REASONS} < said
    assert {f"Low-risk cause: {cause}" for cause in CAUSES} < said


def test_the_command_tells_a_file_that_is_out_of_date(tmp_path: Path, settings: LazySettings) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="intake_doc"):
        call_command("intake_doc", "--check")
    call_command("intake_doc")
    call_command("intake_doc", "--check")
    (tmp_path / "docs" / "intake.md").write_text("old", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("intake_doc", "--check")
    assert (tmp_path / "docs" / "intake.md").read_text(encoding="utf-8") == "old"
