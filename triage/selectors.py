"""Reading the approval of rules, stored answers, and the decision in force."""

from datetime import UTC
from zoneinfo import ZoneInfo

from clinic.models import Episode, ZipCode
from triage.answers import Answers, parse
from triage.models import Assessment, Decision, Occasion, RuleApproval, Verdict
from triage.questionnaire import with_skipped
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


def intake_of(episode: Episode) -> Assessment | None:
    """Return the last full intake of an episode: later contacts ask for the danger signs only."""
    return Assessment.objects.filter(episode=episode, occasion=Occasion.INTAKE).order_by("-id").first()


def decisions_of(episode: Episode) -> list[Decision]:
    """Return every decision of an episode, the last one first, with its assessment and who signed it."""
    found = Decision.objects.filter(assessment__episode=episode).select_related("assessment", "by")
    return list(found.order_by("-assessment_id", "-number"))


def answers_of(assessment: Assessment) -> Answers:
    """Return stored answers as the rules read them, on the day on which they were given where the patient was.

    On another day an age given beside a birth date may not fit it any more, and a date would count other days.
    """
    place = ZipCode.objects.filter(pk=assessment.zip or "").first()
    on = assessment.at.astimezone(ZoneInfo(place.zone) if place else UTC).date()
    return parse(with_skipped({**assessment.answers, "kept": assessment.kept}), on=on)
