"""From a visitor's draft to an assessment: once, however often the button is pressed."""

from collections.abc import Collection

from clinic.access import Actor
from clinic.db import in_transaction
from scheduling.intake.reading import Contact
from scheduling.intake.submitting import submit
from triage.drafts import answer, close_draft, to_assess, without
from triage.models import Assessment, Draft

#: A visitor who was sent to emergency care before we asked for a name, but left a number: we still call them.
NOT_NAMED = ("Not named", "Web visitor")


def submit_draft(
    actor: Actor, *, draft: Draft, language: str, contact: Contact | None = None, leaving_out: Collection[str] = ()
) -> Assessment:
    """Decide on a draft's answers, or return the assessment that they have become already.

    Without a ``contact`` the number and ZIP of the draft are used where both are there: emergency advice given early
    still gets its call. Answers to the questions ``leaving_out`` count as not given. Raises what `submit` raises.
    """

    def work() -> Assessment:
        kept = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        if kept.assessment is not None:
            return kept.assessment
        relative = answer(kept.answers, "contact.answering_for") == "relative"
        result = submit(
            actor,
            raw_answers=to_assess(without(kept.answers, leaving_out)),
            language=language,
            answered_by="relative" if relative else "patient",
            relation=str(answer(kept.answers, "contact.relation") or "relative") if relative else "",
            relative_name=str(answer(kept.answers, "contact.name") or "") if relative else "",
            contact=contact or _unnamed(kept),
            first_answer_at=kept.started_at,
            zip=kept.zip,
        )
        close_draft(draft=kept, assessment=result.assessment)
        return result.assessment

    return in_transaction(work)


def _unnamed(draft: Draft) -> Contact | None:
    if not (draft.phone and draft.zip):
        return None
    return Contact(given_name=NOT_NAMED[0], family_name=NOT_NAMED[1], phone=draft.phone, zip=draft.zip)
