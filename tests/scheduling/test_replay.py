"""Intakes as the product decides them, rerun under the very version that decided: nobody would have been elsewhere."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from clinic.models import Center
from scheduling.intake import submit
from scheduling.models import Resource
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers
from triage.rules import RULES_VERSION

pytestmark = pytest.mark.django_db(transaction=True)

PROVEN = {**SUSPECTED, "wells": {"entire_leg_swollen": "yes", "active_cancer": "yes"}}
INTAKES: tuple[dict[str, Any], ...] = (
    {},
    SUSPECTED,
    PROVEN,
    {**SUSPECTED, "limb": "left_arm"},
    {**SUSPECTED, "context": {"anticoagulant": "therapeutic"}},
    {**PROVEN, "emergency": {"fainted": "unknown"}},
    {**PROVEN, "context": {"pregnant": "yes"}},
    {"emergency": {"chest_pain": "yes"}},
    {"limb_threat": {"limb_cold": "yes"}},
    {"symptoms": {"rest_pain_or_open_wound": "yes"}},
    {"history": {"smoking": "yes"}},
    {"patient": {"age": 9, "sex": "F"}},
)


def _summary() -> dict[str, Any]:
    out = StringIO()
    call_command("replay", version=RULES_VERSION, stdout=out, stderr=StringIO())
    summary: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])["summary"]
    return summary


def test_rerun_under_its_own_version_nobody_is_sent_elsewhere(center: Center) -> None:
    for given in INTAKES:
        submit(VISITOR, raw_answers=answers(**given), contact=CONTACT)
    Resource.objects.filter(kind="sonographer").update(active=False)
    for given in INTAKES:
        submit(VISITOR, raw_answers=answers(**given), contact=CONTACT)
    summary = _summary()
    assert (summary["compared"], summary["not_reproduced"], summary["unreadable"]) == (2 * len(INTAKES), 0, 0)
    assert summary["sent_elsewhere"] == 0
