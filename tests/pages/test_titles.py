"""A page's title stands in the browser's history and on the screen of whoever looks on: it tells nothing of health."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext

from scheduling.pages.patient.screens import TITLES
from tests.clinical_words import clinical

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for app in ("clinic", "scheduling", "notifications", "triage")
    for path in ROOT.glob(f"{app}/templates/**/*.html")
)
_TITLE = re.compile(r"{% block title %}(.*?){% endblock %}", re.DOTALL)
_WORDS = re.compile(r"""{% translate ["']([^"']+)["'] %}""")
_FILLED_IN = re.compile(r"{{ ([\w.]+) }}")
#: What a title may hold that is not written in it: the emergency's headline, which says where to turn, and a number.
MAY_BE_FILLED_IN = {"screen.headline", "progress.place"}
#: Where help is asked for at once, the headline is the same for every emergency.
EMERGENCIES = ("emergency.html", "emergency_room.html")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_title_tells_of_anybodys_health(path: Path) -> None:
    for title in _TITLE.findall(path.read_text(encoding="utf-8")):
        assert set(_FILLED_IN.findall(title)) <= MAY_BE_FILLED_IN
        assert "screen.headline" not in title or path.name in EMERGENCIES
        words = _WORDS.findall(title)
        with translation.override("es"):
            assert clinical([*words, *map(gettext, words)]) == []


def test_some_headings_would_tell() -> None:
    assert clinical(words for pair in TITLES.values() for words in pair)
