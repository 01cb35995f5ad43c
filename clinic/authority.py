"""On what ground somebody may hear a patient's result, and why they may not. Pure.

A parent of a minor, a guardian and an agent under a healthcare power of attorney stand for the patient while their
authority lasts (45 CFR 164.502(g)); anybody else hears a result only by the patient's own permission (164.510(b)).
"""

from dataclasses import dataclass
from datetime import date

#: Kinds of representative, and at once the grounds that the first three give, by their codes.
PARENT, GUARDIAN, POWER_OF_ATTORNEY, HELPER = "parent", "guardian", "power_of_attorney", "helper"
PERMISSION = "permission"
#: When a parent's authority ends.
OF_AGE = 18
DOCUMENTED = frozenset({GUARDIAN, POWER_OF_ATTORNEY})
#: Whoever hears a result on one of these grounds hears it in the patient's place: the patient counts as told.
IN_THE_PATIENTS_PLACE = frozenset({PARENT, GUARDIAN, POWER_OF_ATTORNEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is recorded of somebody who speaks for a patient; ``permitted`` is the patient's word that is in force."""

    kind: str
    born: date | None
    document: bool = False
    expires_on: date | None = None
    ended: bool = False
    permitted: bool = False
    permitted_until: date | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ground, or the code and the sentence of a refusal."""

    ground: str = ""
    code: str = ""
    reason: str = ""

    @property
    def may_hear(self) -> bool:
        """Whether they may hear a result."""
        return bool(self.ground)


def of_age_on(born: date) -> date:
    """The 18th birthday; of somebody born on February 29, March 1."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)


def ruling(claim: Claim, *, on: date) -> Ruling:
    """Say on what ground somebody may hear a result on a date, or why not."""
    if claim.ended:
        return Ruling(code="representative_ended", reason="They speak for the patient no longer.")
    authority = _authority(claim, on)
    if authority.may_hear:
        return authority
    if claim.permitted and (claim.permitted_until is None or on <= claim.permitted_until):
        return Ruling(PERMISSION)
    if claim.permitted and claim.permitted_until is not None and claim.kind == HELPER:
        return Ruling(
            code="permission_expired", reason=f"The patient's permission ended on {claim.permitted_until:%B %-d, %Y}."
        )
    return authority


def _authority(claim: Claim, on: date) -> Ruling:
    """What their own authority gives them, without a word of the patient."""
    if claim.kind == PARENT:
        return _parent(claim, on)
    if claim.kind not in DOCUMENTED:
        return Ruling(
            code="no_permission", reason="A helper may book. They hear a result only with the patient's own permission."
        )
    if not claim.document:
        return Ruling(code="document_not_seen", reason="Nobody has seen the document that gives them authority.")
    if claim.expires_on is not None and on > claim.expires_on:
        return Ruling(
            code="authority_expired",
            reason=f"Their document ended on {claim.expires_on:%B %-d, %Y}: they may hear nothing by it.",
        )
    return Ruling(claim.kind)


def _parent(claim: Claim, on: date) -> Ruling:
    if claim.born is None:
        return Ruling(
            code="birth_date_missing", reason="The patient's birth date is not known: complete the registration first."
        )
    if on >= of_age_on(claim.born):
        return Ruling(code="of_age", reason=f"The patient is {OF_AGE}: a parent hears results by their permission.")
    return Ruling(PARENT)
