"""Approving the words of texts: by name, in the version that was read."""

from collections.abc import Mapping

from clinic import clock, events
from clinic.access import Actor, Permission, require_signature
from clinic.db import in_transaction, refusing
from clinic.errors import Conflict, Forbidden, Invalid
from notifications.models import TemplateApproval
from notifications.selectors.approvals import unapproved
from notifications.versions import Text, present
from notifications.wording import template


class ApprovedAlready(Conflict):
    """Somebody else was faster."""

    code, title = "approved_already", "Some of these are approved already. Look again, then approve those that wait."


def approve(actor: Actor, *, texts: Mapping[Text, str]) -> list[TemplateApproval]:
    """Approve templates, each in a language and in the version that the signer has read; return the approvals.

    Raises `Forbidden` unless a person signs who answers for the words, with a second factor where one is asked for,
    `Invalid` where no template is named or one that is none, and `Conflict` where the words are others by now or are
    approved already: then none of them is approved.
    """
    require_signature(actor, Permission.APPROVE_TEXTS)
    signer = actor.staff_id
    if signer is None:
        raise Forbidden("Words are approved by a person's signature.")
    _require_present(texts)

    def work() -> list[TemplateApproval]:
        left = unapproved()
        if any(text not in left for text in texts):
            raise ApprovedAlready
        rows = [_row(actor, signer, text, version) for text, version in texts.items()]
        with refusing(one_approval_a_version=ApprovedAlready):
            TemplateApproval.objects.bulk_create(rows)
        named = [f"{name}.{language} {version}" for (name, language), version in texts.items()]
        events.record("texts.approved", actor=actor, codes={"texts": named})
        return rows

    return in_transaction(work)


def _require_present(texts: Mapping[Text, str]) -> None:
    """Refuse what is no template, and words that are others by now."""
    if not texts:
        raise Invalid(fields={"texts": "Name the texts that you approve, each with its version."})
    versions = present()
    if any(text not in versions for text in texts):
        raise Invalid(fields={"texts": "There is no such text. Name those that are listed, each with its language."})
    if any(versions[text] != version for text, version in texts.items()):
        raise Conflict(
            "These are not the words that are sent now. Read the present ones, then approve.", code="other_words"
        )


def _row(actor: Actor, signer: int, text: Text, version: str) -> TemplateApproval:
    name, language = text
    return TemplateApproval(
        template=name,
        language=language,
        version=version,
        words=template(name, language),
        by_id=signer,
        signer_role=actor.role,
        at=clock.now(),
    )
