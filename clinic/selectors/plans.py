"""Reading the plan in force, and the row that it follows."""

from clinic.models import Episode, Plan
from clinic.pathway import Risk
from clinic.revising import Standing


def live_plan(episode: Episode) -> Plan | None:
    """Return the plan in force."""
    return (
        Plan.objects.select_related("report", "episode__center")
        .filter(episode=episode, superseded_at=None, ended_at=None)
        .first()
    )


def standing_of(plan: Plan) -> Standing:
    """Return the row that a plan follows, as the rules read it."""
    return Standing(
        category=plan.category,
        risk=Risk(
            pretest_category=plan.episode.pretest_category,
            pregnant=plan.pregnant,
            d_dimer=plan.d_dimer,
            treated=plan.treated,
            equivocal=plan.equivocal,
            suspicion_persists=plan.suspicion_persists,
            other_imaging=plan.other_imaging,
        ),
    )
