"""What the documents point to is there: a picture, another document, a file."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_document_leads_to_something(path: Path) -> None:
    links = (each.partition("#")[0] for each in _LINK.findall(path.read_text(encoding="utf-8")))
    here = {each for each in links if each and "://" not in each and not each.startswith("mailto:")}
    assert sorted(each for each in here if not (path.parent / each).exists()) == []
