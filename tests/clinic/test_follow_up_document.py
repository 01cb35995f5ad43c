"""docs/follow-up.md is what the rules say."""

from pathlib import Path

from django.conf import settings

from clinic.follow_up_document import CASES, follow_up_document
from clinic.pathway import CATEGORIES


def test_the_document_is_what_the_rules_say() -> None:
    written = (Path(settings.BASE_DIR) / "docs" / "follow-up.md").read_text(encoding="utf-8")
    assert written == follow_up_document(), "run: python3 manage.py follow_up_doc"


def test_every_result_has_its_plan_in_the_document() -> None:
    assert {case.category for case in CASES} == set(CATEGORIES)
