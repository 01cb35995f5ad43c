"""Writing down answers and decisions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid
from clinic.models import Episode, Patient
from triage import decision as pure
from triage.answers import Site
from triage.models import Assessment, Decision, DecisionSource, Occasion, Whereabouts
from triage.overriding import Target
from triage.rules import fingerprint
from triage.words.reasons import reason_of

PLACE_LENGTH = 200
#: Groups that are not answers to the rules' questions: ``kept`` has its own column, ``site`` is the server's.
_APART = ("kept", "site")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was answered, as it was given: by whom, in which language, and since when."""

    raw_answers: Mapping[str, Any]
    language: str
    answered_by: str
    first_answer_at: datetime
    relation: str = ""
    relative_name: str = ""


def record_assessment(
    actor: Actor,
    *,
    answered: Answered,
    patient: Patient | None = None,
    episode: Episode | None = None,
    phone: str = "",
    zip: str = "",
    occasion: Occasion = Occasion.INTAKE,
) -> Assessment:
    """Keep the answers of one intake, or of a later contact, with whom they are of, as far as that is known."""

    def work() -> Assessment:
        assessment = Assessment.objects.create(
            occasion=occasion,
            answers={group: value for group, value in answered.raw_answers.items() if group not in _APART},
            kept=answered.raw_answers.get("kept", {}),
            language=answered.language,
            answered_by=answered.answered_by,
            relation=answered.relation,
            relative_name=answered.relative_name,
            recorded_by_id=actor.staff_id,
            patient=patient,
            episode=episode,
            phone=phone,
            zip=zip,
            first_answer_at=answered.first_answer_at,
            at=clock.now(),
        )
        codes = {"occasion": occasion}
        events.record(
            "assessment.recorded", actor=actor, episode=episode, patient=patient, subject=assessment, codes=codes
        )
        return assessment

    return in_transaction(work)


def record_whereabouts(actor: Actor, *, assessment: Assessment, place: str, accompanied: bool | None) -> Whereabouts:
    """Keep where somebody is who was sent to emergency care. The place stays here: no event repeats it."""
    words = place.strip()
    if not words or len(words) > PLACE_LENGTH:
        raise Invalid(fields={"place": f"Say where you are, in at most {PLACE_LENGTH} characters."})

    def work() -> Whereabouts:
        row = Whereabouts.objects.create(assessment=assessment, place=words, accompanied=accompanied, at=clock.now())
        events.record(
            "whereabouts.recorded",
            actor=actor,
            episode=assessment.episode,
            patient=assessment.patient,
            subject=row,
        )
        return row

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
        _tell(actor, row)
        return row

    return in_transaction(work)


def record_further(
    actor: Actor,
    *,
    before: Decision,
    target: Target,
    source: DecisionSource,
    clause: str,
    reason: str = "",
) -> Decision:
    """Write a decision that a person, or time itself, puts beside the one in force; what the rules saw is copied.

    Raises `Conflict` where another decision was put there first.
    """

    def work() -> Decision:
        assessment = _locked_after(before)
        row = Decision.objects.create(
            assessment=assessment,
            number=before.number + 1,
            source=source,
            disposition=target.disposition.value,
            tier=target.tier,
            within_minutes=target.minutes,
            within_days=target.days,
            hold_slot=False,
            rule=clause.partition(".")[0],
            scores=before.scores,
            reasons=[reason_of(clause, {}).as_dict(), *before.reasons],
            site=before.site,
            version=before.version,
            fingerprint=before.fingerprint,
            by_id=actor.staff_id,
            override_reason=reason,
            interim_anticoagulant=target.interim_anticoagulant,
            at=clock.now(),
        )
        _tell(actor, row)
        return row

    return in_transaction(work)


def _locked_after(before: Decision) -> Assessment:
    """Lock the assessment of a decision that must be its last. Raises `Conflict` where another one was made since."""
    assessment = Assessment.objects.select_for_update(no_key=True, of=("self",)).get(pk=before.assessment_id)
    if assessment.decisions.filter(number__gt=before.number).exists():
        raise Conflict("Another decision was made meanwhile. Look again, then decide.", code="decision_superseded")
    return assessment


def _tell(actor: Actor, row: Decision) -> None:
    """Record the decision as news: ids and codes, never what the answers were."""
    assessment = row.assessment
    events.record(
        "decision.made",
        actor=actor,
        episode=assessment.episode,
        patient=assessment.patient,
        subject=row,
        codes={"disposition": row.disposition, "number": row.number, "source": row.source},
    )
