"""Somebody who was sent to emergency care says where they are, and leaves a number: we call to see that they arrived.

clinical.md section 3: with a known number an episode opens; where are you now, is someone with you; then a call at 60
minutes. On the web the danger signs come first, so that an emergency may end the questions before any number was given.
"""

from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Conflict
from scheduling.intake.deciding import TO_EMERGENCY_CARE
from scheduling.intake.drafted import NOT_NAMED
from scheduling.intake.reading import NOT_NAMED_CALLER, Contact
from scheduling.intake.submitting import submit
from triage.drafts import answer, close_draft
from triage.models import Assessment, Draft
from triage.selectors import decision_in_force
from triage.services.recording import record_whereabouts


def reach(
    actor: Actor, *, draft: Draft, place: str, accompanied: bool | None, phone: str = "", zip: str = ""
) -> Assessment:
    """Keep where a visitor is; where there is no episode yet, open it with the number and ZIP given now.

    The answers are assessed once more, as they were, with the clock of the first answer. Raises `Invalid` by field, and
    `Conflict` where nobody was sent to emergency care.
    """

    def work() -> Assessment:
        kept = Draft.objects.select_for_update(no_key=True, of=("self",)).select_related("assessment").get(pk=draft.pk)
        assessment = kept.assessment
        decision = decision_in_force(assessment) if assessment else None
        if assessment is None or decision is None or decision.disposition not in TO_EMERGENCY_CARE:
            raise Conflict("Nobody was sent to emergency care here.", code="no_emergency")
        if assessment.episode_id is None:
            assessment = _with_number(actor, kept, assessment, phone, zip)
            close_draft(draft=kept, assessment=assessment)
        record_whereabouts(actor, assessment=assessment, place=place, accompanied=accompanied)
        return assessment

    return in_transaction(work)


def _with_number(actor: Actor, draft: Draft, assessment: Assessment, phone: str, zip: str) -> Assessment:
    not_named = NOT_NAMED if assessment.recorded_by_id is None else NOT_NAMED_CALLER
    given, family = (answer(draft.answers, f"contact.{name}") for name in ("given_name", "family_name"))
    return submit(
        actor,
        raw_answers={**assessment.answers, "kept": assessment.kept},
        language=assessment.language,
        answered_by=assessment.answered_by,
        relation=assessment.relation,
        relative_name=assessment.relative_name,
        contact=Contact(given_name=given or not_named[0], family_name=family or not_named[1], phone=phone, zip=zip),
        first_answer_at=assessment.first_answer_at,
        contact_matters=True,
    ).assessment
