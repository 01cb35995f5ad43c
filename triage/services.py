"""The only writers of assessments and decisions. Both are immutable: what follows is a further row."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.models import Episode, Patient
from triage import decision as pure
from triage.answers import Site
from triage.models import Assessment, Decision, DecisionSource
from triage.rules import fingerprint

#: Groups that are not answers to the rules' questions: ``kept`` has its own column, ``site`` is the server's.
_APART = ("kept", "site")


def record_assessment(
    actor: Actor,
    *,
    raw_answers: Mapping[str, Any],
    language: str,
    answered_by: str,
    relation: str,
    first_answer_at: datetime,
    patient: Patient | None = None,
    episode: Episode | None = None,
    phone: str = "",
    zip: str = "",
) -> Assessment:
    """Keep the answers of one intake as they were given."""

    def work() -> Assessment:
        assessment = Assessment.objects.create(
            answers={group: value for group, value in raw_answers.items() if group not in _APART},
            kept=raw_answers.get("kept", {}),
            language=language,
            answered_by=answered_by,
            relation=relation,
            recorded_by_id=actor.staff_id,
            patient=patient,
            episode=episode,
            phone=phone,
            zip=zip,
            first_answer_at=first_answer_at,
            at=clock.now(),
        )
        events.record("assessment.recorded", actor=actor, episode=episode, patient=patient, subject=assessment)
        return assessment

    return in_transaction(work)


def record_decision(
    actor: Actor, *, assessment: Assessment, decision: pure.Decision, source: DecisionSource, site: Site
) -> Decision:
    """Write one decision beside those that the assessment already has."""

    def work() -> Decision:
        row = Decision.objects.create(
            assessment=assessment,
            number=assessment.decisions.count() + 1,
            source=source,
            disposition=decision.disposition.value,
            tier=decision.tier,
            within_minutes=decision.within_minutes,
            within_days=decision.within_days,
            hold_slot=decision.hold_slot,
            rule=decision.rule,
            scores=decision.scores(),
            reasons=[reason.as_dict() for reason in decision.reasons],
            site=asdict(site),
            version=decision.version,
            fingerprint=fingerprint(),
            at=clock.now(),
        )
        events.record(
            "decision.made",
            actor=actor,
            episode=assessment.episode,
            patient=assessment.patient,
            subject=row,
            codes={"disposition": row.disposition, "number": row.number, "source": source},
        )
        return row

    return in_transaction(work)
