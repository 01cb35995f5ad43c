"""Every English word that a patient reads or hears is read in grade 7 or lower."""

import ast
import re
from pathlib import Path

import pytest

from notifications import wording
from tests.reading_level import HIGHEST_GRADE, grade, is_sentence, together
from triage.questionnaire import SECTIONS, Item, Section, items
from triage.questionnaire.item import Audience
from triage.words import SCREENS, WORDS, Screen

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    [
        *ROOT.glob("scheduling/templates/scheduling/patient/*.html"),
        *ROOT.glob("notifications/templates/notifications/patient/*.html"),
    ]
)
# What staff are asked, after an examination, is written for them.
ASKED = {item.key: item for item in items() if item.audience is Audience.ANYONE}


def _catalog() -> list[str]:
    """All that the patient's pages say: what their Spanish is kept for."""
    source = (ROOT / "clinic/locale/es/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    found = re.findall(r'^msgid(?:_plural)? ((?:".*"\n)+)', source, re.MULTILINE)
    return [text for quoted in found if (text := ast.literal_eval(f"({quoted})"))]


def _in_template(path: Path) -> list[str]:
    """The texts of a template in their order."""
    html = path.read_text(encoding="utf-8")
    marked = r"{% translate ([\"'])(?P<word>.+?)\1|{% blocktranslate[^%]*%}(?P<block>.*?){% endblocktranslate %}"
    found = re.finditer(marked, html, re.DOTALL)
    return [part for each in found for part in (each["word"] or each["block"]).split("{% plural %}")]


def _spoken_or_written(item: Item) -> list[str]:
    return [text[0] for text in (item.question, item.script, item.help) if text]


def _on_screen(screen: Screen) -> list[str]:
    return [screen.headline, *screen.steps, screen.safety_net]


@pytest.mark.parametrize("key", ASKED)
def test_a_question_its_script_and_its_help(key: str) -> None:
    assert {text: grade(text) for text in _spoken_or_written(ASKED[key]) if grade(text) > HIGHEST_GRADE} == {}


@pytest.mark.parametrize("key", ASKED)
def test_a_question_with_its_choices(key: str) -> None:
    choices = [choice.words[0] for choice in ASKED[key].choices]
    assert grade(together([ASKED[key].question[0], *choices])) <= HIGHEST_GRADE
    assert [text for text in choices if is_sentence(text) and grade(text) > HIGHEST_GRADE] == []


@pytest.mark.parametrize("section", [each for each in SECTIONS if each.key != "examined"], ids=lambda each: each.key)
def test_the_title_of_a_section(section: Section) -> None:
    assert grade(section.title[0]) <= HIGHEST_GRADE


@pytest.mark.parametrize("clause", WORDS)
def test_a_reason(clause: str) -> None:
    assert grade(WORDS[clause].en) <= HIGHEST_GRADE


@pytest.mark.parametrize("key", SCREENS["en"])
def test_the_screen_of_a_disposition_as_a_whole_and_each_of_its_sentences(key: str) -> None:
    texts = _on_screen(SCREENS["en"][key])
    assert grade(together(texts)) <= HIGHEST_GRADE
    assert [text for text in texts if grade(text) > HIGHEST_GRADE] == []


@pytest.mark.parametrize("text", [each for each in _catalog() if is_sentence(each)])
def test_a_sentence_of_the_pages(text: str) -> None:
    assert grade(text) <= HIGHEST_GRADE


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_page_as_a_whole_with_its_labels(path: Path) -> None:
    texts = _in_template(path)
    if not is_sentence(together(texts)):
        pytest.fail(f"{path.name} has no words: has its markup changed?")
    assert grade(together(texts)) <= HIGHEST_GRADE


@pytest.mark.parametrize("name", sorted(wording.VARIABLES))
def test_a_text_message(name: str) -> None:
    assert grade(wording.template(name, "en")) <= HIGHEST_GRADE


def test_the_measure_tells_plain_words_from_hard_ones() -> None:
    assert grade("The cat sat on the mat.") < 2
    assert grade("Anticoagulation necessitates individualized multidisciplinary evaluation.") > 20
