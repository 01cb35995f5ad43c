"""Every word of the patient's pages has its Spanish, and the compiled words are those of the source."""

import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation

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
    ]
)
MODULES = sorted([*ROOT.glob("scheduling/pages/patient/*.py"), ROOT / "notifications/pages/patient_results.py"])


def _compiled() -> gettext.GNUTranslations:
    with (FOLDER / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def _in_template(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    found = set(re.findall(r"{% translate \"([^\"]+)\"", text)) | set(re.findall(r"{% translate '([^']+)'", text))
    for block in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL):
        if "{% plural %}" not in block:
            found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", block))
    return found


def _in_module(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return set(re.findall(r"\b(?:_|noop|gettext)\(\s*\"([^\"]+)\"", text))


@pytest.mark.parametrize("path", [*TEMPLATES, *MODULES], ids=lambda path: path.name)
def test_every_word_has_its_spanish(path: Path) -> None:
    words = _in_template(path) if path.suffix == ".html" else _in_module(path)
    catalog = _compiled()
    missing = {each for each in words if catalog.gettext(each) == each and each not in {"English", "No", "Error"}}
    assert not missing


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
