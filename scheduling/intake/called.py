"""From the script of a telephone call to an assessment: once, however often it is sent."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid
from clinic.services.access_needs import Access
from scheduling.intake.deciding import TO_EMERGENCY_CARE, examine
from scheduling.intake.reaching import reach
from scheduling.intake.reading import NOT_NAMED_CALLER, Answerer, Contact, read
from scheduling.intake.submitting import IntakeResult, submit
from triage.answers import AnswerError
from triage.contradictions import questions_back
from triage.decision import Decision
from triage.drafts import answer, close_draft, draft_of_call, to_assess
from triage.models import Assessment
from triage.questionnaire import ending
from triage.selectors import decision_in_force
from triage.services.recording import record_whereabouts

DANGER = ("emergency", "limb_threat")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What was answered on the telephone, in groups, ``contact`` among them. ``key`` names this one call.

    ``began_at`` is the server's own time of the first answer: the clinical clock starts there.
    """

    key: uuid.UUID
    began_at: datetime
    language: str
    answers: Mapping[str, Any]
    access: Access | None = None

    @property
    def zip(self) -> str:
        """Where the patient is, or an empty text."""
        return self._told("zip")

    @property
    def who(self) -> Answerer:
        """Who gave the answers: a relative who said how they are related, or the patient through our colleague."""
        relation = self._told("relation")
        if self._told("answering_for") != "relative" or not relation:
            return Answerer("staff")
        return Answerer("relative", relation, self._told("name"))

    @property
    def contact(self) -> Contact | None:
        """How to reach the patient, or None where the place is missing, or the number and any other way."""
        otherwise = self.access is not None and self.access.other_way.said
        if not (self.zip and (self._told("phone") or otherwise)):
            return None
        born = answer(self.answers, "patient.birth_date")
        return Contact(
            given_name=self._told("given_name") or NOT_NAMED_CALLER[0],
            family_name=self._told("family_name") or NOT_NAMED_CALLER[1],
            phone=self._told("phone"),
            zip=self.zip,
            birth_date=date.fromisoformat(born) if born else None,
            consent_to_texts={"yes": True, "no": False}.get(self._told("consent_to_texts")),
            access=self.access,
        )

    def _told(self, name: str) -> str:
        return str(answer(self.answers, f"contact.{name}") or "")


@dataclass(frozen=True)
class AskedBack:
    """What does not fit together, and what the table says of the answers as they stand."""

    questions: tuple[AnswerError, ...]
    decision: Decision


def ask_back(actor: Actor, *, call: Call) -> AskedBack | None:
    """Return what to ask again before anything is decided; None where all fits. Nothing is kept.

    Raises `Invalid` with every answer that can't be so.
    """
    require(actor, Permission.ASSESS)
    answers, _ = read(actor, to_assess(call.answers), zip=call.zip, who=call.who)
    found = questions_back(answers)
    return AskedBack(found, examine(answers, None).last) if found else None


def submit_call(actor: Actor, *, call: Call) -> Assessment:
    """Decide on the answers of a call, or return the assessment that they have become already.

    A danger sign decides at once: whatever else is wrong then is left to be asked later. Raises what `submit` raises.
    """
    require(actor, Permission.ASSESS)

    def work() -> Assessment:
        draft = draft_of_call(key=call.key, language=call.language, answers=call.answers, began_at=call.began_at)
        if draft.assessment is not None:
            return draft.assessment
        assessment = _decided(actor, call).assessment
        close_draft(draft=draft, assessment=assessment)
        return assessment

    return in_transaction(work)


def _decided(actor: Actor, call: Call) -> IntakeResult:
    raw = to_assess(call.answers)
    try:
        return _submitted(actor, call, raw)
    except Invalid:
        if ending(raw) is None:
            raise
    return _submitted(actor, call, {group: raw[group] for group in DANGER if group in raw})


def _submitted(actor: Actor, call: Call, raw: Mapping[str, Any]) -> IntakeResult:
    who = call.who
    return submit(
        actor,
        raw_answers=raw,
        language=call.language,
        answered_by=who.answered_by,
        relation=who.relation,
        relative_name=who.relative_name,
        contact=call.contact,
        first_answer_at=call.began_at,
        zip=call.zip,
    )


def reach_caller(
    actor: Actor, *, assessment: Assessment, place: str, accompanied: bool | None, phone: str = "", zip: str = ""
) -> Assessment:
    """Keep where a caller is who was sent to emergency care; where there is no episode yet, open it with the number.

    Raises `Invalid` by field, and `Conflict` where nobody was sent to emergency care.
    """
    require(actor, Permission.ASSESS)
    if assessment.episode_id is None and hasattr(assessment, "draft"):
        return reach(actor, draft=assessment.draft, place=place, accompanied=accompanied, phone=phone, zip=zip)
    decision = decision_in_force(assessment)
    if decision is None or decision.disposition not in TO_EMERGENCY_CARE:
        raise Conflict("Nobody was sent to emergency care here.", code="no_emergency")
    record_whereabouts(actor, assessment=assessment, place=place, accompanied=accompanied)
    return assessment
