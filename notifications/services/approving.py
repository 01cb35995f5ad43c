"""Approving the words of texts, by name, in the version that was read; and taking an approval back."""

from collections import Counter
from collections.abc import Iterable, Mapping

from clinic import clock, events
from clinic.access import Actor, Permission, require_signature
from clinic.db import in_transaction, refusing
from clinic.errors import Conflict, Forbidden, Invalid
from notifications.models import ApprovalWithdrawal, TemplateApproval
from notifications.selectors.approvals import in_force, unapproved
from notifications.versions import Text, present
from notifications.wording import template

MOST_REASON = 200


class ApprovedAlready(Conflict):
    """Somebody else was faster."""

    code, title = "approved_already", "Some of these are approved already. Look again, then approve those that wait."


class NotApproved(Conflict):
    """There is nothing to take back."""

    code, title = "not_approved", "These words have no approval: nobody gave one, or it was withdrawn already."


def approve(actor: Actor, *, texts: Mapping[Text, str]) -> list[TemplateApproval]:
    """Approve templates, each in a language and in the version that the signer has read; return the approvals.

    Raises `Forbidden` unless a person signs who answers for the words, with a second factor where one is asked for,
    `Invalid` where no template is named or one that is none, and `Conflict` where the words are others by now or are
    approved already: then none of them is approved.
    """
    signer = _signer(actor)
    _require_present(texts)

    def work() -> list[TemplateApproval]:
        left = unapproved()
        if any(text not in left for text in texts):
            raise ApprovedAlready
        rounds = _rounds(texts.values())
        rows = [_row(actor, signer, text, version, rounds[*text, version] + 1) for text, version in texts.items()]
        with refusing(one_approval_a_version=ApprovedAlready):
            TemplateApproval.objects.bulk_create(rows)
        named = [f"{name}.{language} {version}" for (name, language), version in texts.items()]
        events.record("texts.approved", actor=actor, codes={"texts": named})
        return rows

    return in_transaction(work)


def withdraw(actor: Actor, *, text: Text, version: str, reason: str) -> ApprovalWithdrawal:
    """Take the approval of a text's present words back, with the reason: they wait for one again, and are still sent.

    Raises what `approve` raises for who may not sign and for other words, `Invalid` without a reason, or `NotApproved`.
    """
    signer, why = _signer(actor), " ".join(reason.split())
    _require_present({text: version})
    if not why or len(why) > MOST_REASON:
        raise Invalid(fields={"reason": f"Say why, in at most {MOST_REASON} characters."})

    def work() -> ApprovalWithdrawal:
        name, language = text
        approval = in_force([version]).filter(template=name, language=language).first()
        if approval is None:
            raise NotApproved
        with refusing(one_withdrawal_an_approval=NotApproved):
            row = ApprovalWithdrawal.objects.create(
                approval=approval, reason=why, by_id=signer, signer_role=actor.role, at=clock.now()
            )
        events.record("texts.approval_withdrawn", actor=actor, codes={"texts": [f"{name}.{language} {version}"]})
        return row

    return in_transaction(work)


def _signer(actor: Actor) -> int:
    require_signature(actor, Permission.APPROVE_TEXTS)
    if actor.staff_id is None:
        raise Forbidden("Words are approved by a person's signature.")
    return actor.staff_id


def _rounds(versions: Iterable[str]) -> Counter[tuple[str, str, str]]:
    """How often each version of a text was approved before."""
    rows = TemplateApproval.objects.filter(version__in=list(versions))
    return Counter(rows.values_list("template", "language", "version"))


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


def _row(actor: Actor, signer: int, text: Text, version: str, number: int) -> TemplateApproval:
    name, language = text
    return TemplateApproval(
        template=name,
        language=language,
        version=version,
        round=number,
        words=template(name, language),
        by_id=signer,
        signer_role=actor.role,
        at=clock.now(),
    )
