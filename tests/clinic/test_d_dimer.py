"""The D-dimer that an office said reaches the plan, where the signing physician says nothing else."""

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Episode, Order, Plan
from clinic.pathway import Risk
from clinic.services.reports import Finding, finalize, record_preliminary
from tests.kernel import acting, make_episode, make_scan

pytestmark = pytest.mark.django_db


def _plan(*said: str, physician: str = "unknown") -> Plan:
    """The plan after a limited study of an unlikely patient, with orders that say so of the D-dimer."""
    episode = make_episode(SYSTEM)
    Episode.objects.filter(pk=episode.pk).update(pretest_category="unlikely")
    scan = make_scan(SYSTEM, episode)
    for d_dimer in said:
        Order.objects.create(episode=episode, d_dimer=d_dimer, created_at=clock.now())
    preliminary = Finding(impression="negative", side="left")
    report = record_preliminary(acting("sonographer"), step_id=scan.pk, finding=preliminary, scan_ended_at=clock.now())
    finding = Finding(impression="", category="no_dvt_limited", side="left")
    finalize(acting("physician"), report_id=report.pk, finding=finding, risk=Risk(d_dimer=physician))
    return Plan.objects.get(report=report)


def _repeats(plan: Plan) -> bool:
    return plan.steps.filter(plan_code="repeat_scan_d6_8").exists()


@pytest.mark.parametrize(
    ("said", "physician", "kept", "repeats"),
    [
        ((), "unknown", "unknown", True),
        (("not_done",), "unknown", "unknown", True),
        (("negative",), "unknown", "negative", False),
        (("positive",), "unknown", "positive", True),
        (("negative", "positive"), "unknown", "positive", True),
        (("positive",), "negative", "negative", False),
        (("negative",), "positive", "positive", True),
    ],
)
def test_the_referrals_d_dimer_decides_on_the_repeat_unless_the_physician_says_otherwise(
    said: tuple[str, ...], physician: str, kept: str, repeats: bool
) -> None:
    plan = _plan(*said, physician=physician)
    assert (plan.d_dimer, _repeats(plan)) == (kept, repeats)
