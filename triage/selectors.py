"""Reading the approval of rules, stored answers, the decision in force, and the intakes that are kept."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from clinic.models import Episode, ZipCode
from triage.answers import Answers, Site, parse
from triage.models import Assessment, Decision, DecisionSource, Occasion, RuleApproval, Verdict
from triage.questionnaire import with_skipped
from triage.replaying import Sent, StoredIntake
from triage.rules import RULES_VERSION, fingerprint
from triage.rules.table import SCAN_RULES

#: How many intakes are read at once.
CHUNK = 1000


def approval_in_force() -> RuleApproval | None:
    """Return the approval of the very rules that run here, or None: never approved, withdrawn, or edited since."""
    last = (
        RuleApproval.objects.filter(version=RULES_VERSION, fingerprint=fingerprint())
        .select_related("by")
        .order_by("-id")
        .first()
    )
    return last if last is not None and last.verdict == Verdict.APPROVED else None


def rules_are_approved() -> bool:
    """Whether the very rules that run here are approved: asked by every page, so no more is read than the answer."""
    given = RuleApproval.objects.filter(version=RULES_VERSION, fingerprint=fingerprint()).order_by("-id")
    return given.values_list("verdict", flat=True).first() == Verdict.APPROVED


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


def stored_intakes(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[StoredIntake]:
    """Yield the intakes from ``since`` until before ``until``, in order, with what the rules said of each.

    That is the last decision of the table or of its fallback after the search: what the roster, a person or time put
    beside it later does not count, nor do later contacts. They are read in short queries, so that a million neither
    fill the memory nor hold up anybody else.
    """
    last = 0
    while chunk := list(_by_rules(since, until).filter(assessment_id__gt=last)[:CHUNK]):
        zips = {decision.assessment.zip for decision in chunk}
        zones = dict(ZipCode.objects.filter(pk__in=zips).values_list("zip", "zone"))
        for decision in chunk:
            yield _stored(decision, zones.get(decision.assessment.zip, "UTC"))
        last = chunk[-1].assessment_id


def count_intakes(*, since: datetime | None = None, until: datetime | None = None) -> int:
    """Return how many intakes ``stored_intakes`` yields."""
    return _by_rules(since, until).count()


def _by_rules(since: datetime | None, until: datetime | None) -> QuerySet[Decision]:
    found = Decision.objects.filter(
        source__in=(DecisionSource.RULES, DecisionSource.FALLBACK), assessment__occasion=Occasion.INTAKE
    )
    if since is not None:
        found = found.filter(assessment__at__gte=since)
    if until is not None:
        found = found.filter(assessment__at__lt=until)
    return found.select_related("assessment").order_by("assessment_id", "-number").distinct("assessment_id")


def _stored(decision: Decision, zone: str) -> StoredIntake:
    assessment = decision.assessment
    return StoredIntake(
        assessment=assessment.pk,
        answers=assessment.answers,
        kept=assessment.kept,
        # The day of the answers, where the patient was.
        on=assessment.at.astimezone(ZoneInfo(zone)).date(),
        site=Site(**decision.site),
        decided=Sent(
            disposition=decision.disposition,
            tier=decision.tier,
            within_minutes=decision.within_minutes,
            within_days=decision.within_days,
            hold_slot=decision.hold_slot,
            rule=decision.rule,
            version=decision.version,
        ),
        was_searched=_bears_on_the_offer(decision),
    )


def _bears_on_the_offer(decision: Decision) -> bool:
    searched = decision.hold_slot or decision.source == DecisionSource.FALLBACK
    return searched or any(reason["rule"] in SCAN_RULES for reason in decision.reasons)
