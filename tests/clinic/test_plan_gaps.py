"""The plans that the rules draw up are the ones that the independent check asks for, row by row."""

import pytest
from django.db import connection

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Plan, Step
from clinic.pathway import CATEGORIES, Risk
from clinic.services.episodes import Risk as Copied
from clinic.services.reports import Finding, finalize, record_preliminary
from clinic.watchdog import LOSSES
from tests.kernel import acting, make_episode, make_scan

pytestmark = pytest.mark.django_db
[GAP] = [loss.query for loss in LOSSES if loss.code == "plan_with_a_gap"]
RISKS = (
    Risk(),
    Risk(pregnant=True, suspicion_persists=True),
    Risk(pretest_category="unlikely", d_dimer="negative", suspicion_persists=False),
    Risk(treated=True, equivocal=True, other_imaging=True),
)


def _gaps() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(GAP, {"now": clock.now()})
        return [plan for _, plan in cursor.fetchall()]


@pytest.mark.parametrize("category", CATEGORIES)
def test_no_plan_has_a_gap_and_every_missing_step_is_found(category: str) -> None:
    for risk in RISKS:
        episode = make_episode(SYSTEM, risk=Copied(pretest_category=risk.pretest_category, pregnant=risk.pregnant))
        seen = Finding(impression="positive", side="left")
        scan = make_scan(SYSTEM, episode)
        report = record_preliminary(acting("sonographer"), step_id=scan.pk, finding=seen, scan_ended_at=clock.now())
        signed = Finding(impression="", category=category, side="left")
        finalize(acting("physician"), report_id=report.pk, finding=signed, risk=risk)
        plan = Plan.objects.get(report=report)
        assert _gaps() == []
        last = plan.steps.exclude(plan_code="safety_call_d7").order_by("-id").first()
        if last is not None:
            Step.objects.filter(pk=last.pk).update(plan_code="x")
            assert _gaps() == [plan.pk]
            Plan.objects.filter(pk=plan.pk).update(superseded_at=clock.now())
