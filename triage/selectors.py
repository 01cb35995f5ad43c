"""Reading the approval of rules, and the decision in force."""

from triage.models import Assessment, Decision, RuleApproval, Verdict
from triage.rules import RULES_VERSION, fingerprint


def approval_in_force() -> RuleApproval | None:
    """Return the approval of the very rules that run here, or None: never approved, withdrawn, or edited since."""
    last = (
        RuleApproval.objects.filter(version=RULES_VERSION, fingerprint=fingerprint())
        .select_related("by")
        .order_by("-id")
        .first()
    )
    return last if last is not None and last.verdict == Verdict.APPROVED else None


def decision_in_force(assessment: Assessment) -> Decision | None:
    """Return the last decision beside an assessment; None where it called for none."""
    return assessment.decisions.order_by("-number").first()
