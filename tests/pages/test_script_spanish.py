"""What staff read aloud has its Spanish: the words that stand beside the questions and the screens."""

import re
from pathlib import Path

import pytest

from tests.pages.test_patient_spanish import ROOT, _compiled

SPOKEN = sorted(ROOT.glob("scheduling/templates/scheduling/staff/_script_*.html"))
ALOUD = re.compile(r"{% language language %}(.*?){% endlanguage %}", re.DOTALL)


def _words(text: str) -> set[str]:
    found = set(re.findall(r"{% translate \"([^\"]+)\"", text))
    for block in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL):
        found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", block))
    return found


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.name)
def test_every_word_that_is_read_aloud_has_its_spanish(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    words = {each for part in ALOUD.findall(text) for each in _words(part)}
    assert words
    catalog = _compiled()
    assert not {each for each in words if catalog.gettext(each) == each}
