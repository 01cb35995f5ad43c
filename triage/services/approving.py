"""A physician's signature under the rule set that runs here."""

from clinic import clock, events
from clinic.access import Actor, Permission, require_signature
from clinic.db import in_transaction
from clinic.errors import Conflict, Forbidden, Invalid
from triage.models import RuleApproval, Verdict
from triage.rules import RULES_VERSION, fingerprint
from triage.selectors import approval_in_force

STATEMENT_LENGTH = 2000


def sign(actor: Actor, *, verdict: Verdict, version: str, text_fingerprint: str, statement: str) -> RuleApproval:
    """Approve the rule set in use, or withdraw the approval. The physician names what they have read.

    Raises `Forbidden` unless a physician signs, with a second factor where one is asked for, `Conflict` where the rules
    that run here are not the ones named or there is no approval to withdraw, and `Invalid` where the statement is
    missing.
    """
    require_signature(actor, Permission.APPROVE_RULES)
    signer = actor.staff_id
    if signer is None:
        raise Forbidden("A rule set is approved by a person's signature.")
    words = statement.strip()
    if not words or len(words) > STATEMENT_LENGTH:
        raise Invalid(fields={"statement": f"Say what you sign, in at most {STATEMENT_LENGTH} characters."})
    if (version, text_fingerprint) != (RULES_VERSION, fingerprint()):
        raise Conflict("These are not the rules that run here. Read the present ones, then sign.", code="other_rules")

    def work() -> RuleApproval:
        if verdict == Verdict.WITHDRAWN and approval_in_force() is None:
            raise Conflict("These rules are not approved: there is nothing to withdraw.", code="not_approved")
        row = RuleApproval.objects.create(
            version=version,
            fingerprint=text_fingerprint,
            verdict=verdict,
            statement=words,
            by_id=signer,
            signer_role=actor.role,
            at=clock.now(),
        )
        events.record(
            "rules.approved" if verdict == Verdict.APPROVED else "rules.approval_withdrawn",
            actor=actor,
            subject=row,
            codes={"version": version, "fingerprint": text_fingerprint},
        )
        return row

    return in_transaction(work)
