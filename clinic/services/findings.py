"""What a version of a report says, checked before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.access import Actor
from clinic.errors import Forbidden, Invalid
from clinic.models import Impression, Report, ResultCategory, Side
from clinic.veins import SIDES, Details, contradictions, parsed

#: No clot and no distance is longer than a leg.
LONGEST_CM = 120.0


class SignsForAnother(Forbidden):
    """A report is signed by who is logged in."""

    code, title = "signs_for_another", "You can sign only for yourself. Who read the study signs it."


class Contradiction(Invalid):
    """Category and details cannot both be true: the one reason for which a signature is refused."""

    code, title = "contradiction", "The category contradicts what else is written."


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a version of a report says. ``veins`` are the entries of `clinic.veins.parsed`."""

    impression: str
    side: str
    findings: str = ""
    category: str = ""
    reason: str = ""
    veins: tuple[Mapping[str, object], ...] = ()
    clot_length_cm: float | None = None
    junction_distance_cm: float | None = None

    def details(self) -> Details:
        """What stands beside the category. Raises `Invalid` for a list that cannot be read."""
        try:
            veins = parsed(self.veins)
        except ValueError as error:
            raise Invalid(fields={"veins": str(error)}) from error
        return Details(
            side=self.side,
            veins=veins,
            clot_length_cm=self.clot_length_cm,
            junction_distance_cm=self.junction_distance_cm,
        )


def check(finding: Finding, *, final: bool) -> None:
    """Raise `Invalid` that names each field which holds what it may not, or `Contradiction`."""
    wrong: dict[str, str] = {}
    if not final and finding.impression not in Impression.values:
        wrong["impression"] = f"Choose one of: {', '.join(Impression.values)}."
    if finding.side not in Side.values:
        wrong["side"] = f"Choose one of: {', '.join(Side.values)}."
    if final and finding.category not in ResultCategory.values:
        wrong["category"] = f"Choose one of: {', '.join(ResultCategory.values)}."
    for field in ("clot_length_cm", "junction_distance_cm"):
        value = getattr(finding, field)
        if value is not None and not 0 <= value <= LONGEST_CM:
            wrong[field] = f"Give centimeters between 0 and {LONGEST_CM:g}."
    if wrong:
        raise Invalid(fields=wrong)
    found = contradictions(finding.category, finding.details())
    if found:
        raise Contradiction(" ".join(found.values()), fields=found)


def check_against(report: Report, finding: Finding) -> None:
    """Raise `Contradiction` where the other side is reported than was scanned, without a word about it."""
    if SIDES[report.side] & SIDES[finding.side] or finding.reason.strip():
        return
    sentence = f"The preliminary is of the {report.side} side. Correct the side, or say in `reason` why it differs."
    raise Contradiction(sentence, fields={"side": sentence})


def signer(actor: Actor, *, named: int | None = None) -> int:
    """Return who signs: the person who is logged in. Raises `SignsForAnother` where somebody else is named."""
    if actor.staff_id is None:
        raise Forbidden("A report is written and signed by a person.")
    if named is not None and named != actor.staff_id:
        raise SignsForAnother
    return actor.staff_id
