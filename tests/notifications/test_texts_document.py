"""The document of the texts says what the texts and the table of reactions say, and leaves nothing out."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from notifications.models import Purpose
from notifications.reactions import REACTIONS
from notifications.texts_document import OTHERS, PARTS, purpose_of, texts_document
from notifications.wording import CALLED, VARIABLES, template

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "texts.md"


def test_the_document_is_up_to_date() -> None:
    # Run: python3 manage.py texts_doc
    assert DOCUMENT.read_text(encoding="utf-8") == texts_document()


@pytest.mark.parametrize("name", VARIABLES)
def test_every_text_stands_in_it_in_both_languages_and_in_one_segment(name: str) -> None:
    section = texts_document().partition(f"## `{name}`\n")[2].partition("\n## ")[0]
    for language in ("en", "es"):
        assert template(name, language) in section
    assert section.count("1 segment ") + section.count("spoken") == 2
    assert "After `" in section or "To the patient: " in section


@pytest.mark.parametrize("part", CALLED)
def test_every_part_of_a_call_stands_in_it_in_both_languages_with_when_it_is_said(part: str) -> None:
    section = texts_document().partition(f"## `calls/{part}`\n")[2].partition("\n## ")[0]
    for language in ("en", "es"):
        assert template(part, language) in section
    assert PARTS[part] in section


def test_every_purpose_has_words_and_a_cause() -> None:
    worded = {purpose_of(name) for name in VARIABLES}
    assert worded == set(Purpose)
    assert {row.purpose for row in REACTIONS} | set(OTHERS) == set(Purpose)


def test_the_command_writes_it_and_says_where_it_is_out_of_date(tmp_path: Path, settings: LazySettings) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "notifications").mkdir()
    with pytest.raises(CommandError, match="out of date"):
        call_command("texts_doc", "--check")
    call_command("texts_doc")
    call_command("texts_doc", "--check")
    assert (tmp_path / "docs" / "texts.md").read_text(encoding="utf-8") == texts_document()
