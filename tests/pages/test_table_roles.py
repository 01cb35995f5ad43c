"""On a phone the rows of a table stand as cards: a screen reader still finds a table."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.template import Engine

from clinic.pages.table_roles import MENDED, mended, with_roles

ROOT = Path(__file__).resolve().parents[2]
TABLES = sorted(
    path.relative_to(ROOT / app / "templates").as_posix()
    for app in ("clinic", "scheduling", "notifications", "triage")
    for path in ROOT.glob(f"{app}/templates/**/*.html")
    if "<t" in path.read_text(encoding="utf-8") and 'class="table' in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", TABLES)
def test_every_part_of_a_table_names_its_role(name: str) -> None:
    source = str(Engine.get_default().get_template(name).source)
    parts = re.findall(r"<(?:table|thead|tbody|tr|th|td)\b[^>]*", source)
    assert parts
    assert [part for part in parts if "role=" not in part] == []


def test_a_header_of_a_row_is_no_header_of_a_column() -> None:
    told = with_roles('<thead><tr><th scope="col"><tbody><tr><th scope="row" class="x"><td><table role="presentation">')
    assert re.findall(r'role="(\w+)"', told) == [
        *("rowgroup", "row", "columnheader", "rowgroup", "row", "rowheader", "cell", "presentation")
    ]


def test_what_the_administrations_tables_lack_is_still_there_to_be_mended() -> None:
    """A new Django may write them otherwise: then the mending is to be looked at again."""
    path = Path(admin.__file__).parent / "templates" / "admin" / "edit_inline" / "tabular.html"
    source = path.read_text(encoding="utf-8")
    assert [lacking for lacking in MENDED if lacking not in source] == []
    assert all(whole in mended(source) for whole in MENDED.values())
