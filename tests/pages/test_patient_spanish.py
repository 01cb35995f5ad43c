"""Every word of the patient's pages has its Spanish, and the compiled words are those of the source."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation.template import templatize

from clinic.models import StepKind
from scheduling.pages.patient import clashes, step_words

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "clinic/locale/es/LC_MESSAGES"
TEMPLATES = sorted(
    [
        *ROOT.glob("scheduling/templates/scheduling/patient/*.html"),
        *ROOT.glob("notifications/templates/notifications/patient/*.html"),
        *(ROOT / "clinic/templates/components").glob("*.html"),
        ROOT / "clinic/templates/clinic/base.html",
        # the errors that a patient may meet as well: all but that of a wrong role
        *(set(ROOT.glob("clinic/templates/*.html")) - {ROOT / "clinic/templates/403.html"}),
    ]
)
MODULES = sorted(
    [
        *ROOT.glob("scheduling/pages/patient/*.py"),
        ROOT / "scheduling/templatetags/patient_times.py",
        *(
            ROOT / f"notifications/pages/{name}.py"
            for name in ("patient_results", "shared_result", "finding_words", "result_paper")
        ),
        ROOT / "notifications/pages/result_shown.py",
    ]
)
#: What marks words to be translated, in Python and as Django reads a template.
_MARKS = {"_", "noop", "lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}
#: The same in both languages.
_SAME = {"English", "No", "Error", "Español", "CSRF"}


def _compiled() -> gettext.GNUTranslations:
    with (FOLDER / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def _in_template(path: Path) -> set[str]:
    """The words of a template, as Django's own extraction finds them, each plural with its singular."""
    text = r"u?(?:'[^']*'|\"[^\"]*\")"
    found = re.findall(rf"n?gettext\(({text})(?:, *({text}))?", templatize(path.read_text(encoding="utf-8")))
    return {ast.literal_eval(each) for pair in found for each in pair if each}


def _in_module(path: Path) -> set[str]:
    """The words that a module marks, also those of several lines."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    marked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _MARKS]
    values = [each.value for call in marked for each in call.args if isinstance(each, ast.Constant)]
    return {value for value in values if isinstance(value, str)}


def _entries() -> list[tuple[str, dict[str, str]]]:
    """The source catalog: of each entry its comments, and its texts by keyword."""
    source = (FOLDER / "django.po").read_text(encoding="utf-8")
    found = []
    for block in re.split(r"\n\s*\n", source)[1:]:
        texts = re.findall(r"^(msg\w+(?:\[\d\])?) ((?:\".*\"\n?)+)", block, re.MULTILINE)
        found.append((block, {key: ast.literal_eval(f"({quoted})") for key, quoted in texts}))
    return found


@pytest.mark.parametrize("path", [*TEMPLATES, *MODULES], ids=lambda path: path.name)
def test_every_word_has_its_spanish(path: Path) -> None:
    words = _in_template(path) if path.suffix == ".html" else _in_module(path)
    known = {text for _, texts in _entries() for key, text in texts.items() if key.startswith("msgid")}
    assert not words - known - _SAME


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_stands_outside_of_what_is_translated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for markup in (r"{% blocktranslate.*?{% endblocktranslate %}", r"{%.*?%}|{{.*?}}", r"<[^>]*>", r"&\w+;"):
        text = re.sub(markup, " ", text, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"Vein", "Center"}


def test_no_entry_is_empty_doubtful_or_given_twice() -> None:
    entries = _entries()
    assert len(entries) > 300
    assert [block for block, _ in entries if "#, fuzzy" in block or block.startswith("#~")] == []
    assert [texts for _, texts in entries if not all(texts.values())] == []
    keys = [texts.get("msgctxt", "") + texts["msgid"] for _, texts in entries if "msgid" in texts]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_the_spanish_names_the_values_that_the_english_names() -> None:
    named = re.compile(r"%\(\w+\)\w|{\w+}")
    differ = [
        texts["msgid"]
        for _, texts in _entries()
        if "msgstr" in texts and set(named.findall(texts["msgid"])) != set(named.findall(texts["msgstr"]))
    ]
    assert differ == []


def test_the_compiled_words_are_those_of_the_source() -> None:
    source = (FOLDER / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE)
    catalog = _compiled()
    assert len(pairs) > 100
    for english, spanish in pairs:
        assert catalog.gettext(english.replace('\\"', '"')) == spanish.replace('\\"', '"')


def test_what_is_asked_back_and_the_steps_are_spoken_in_spanish() -> None:
    with translation.override("es"):
        for sentence in (*clashes._WORDS.values(), *clashes._RULES.values()):
            assert translation.gettext(sentence) != sentence
        assert translation.gettext(step_words._WORDS[StepKind.FOLLOW_UP_SCAN]) == "Otro ultrasonido"
