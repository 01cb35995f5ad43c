"""What the rules say of one set of answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.constans import ConstansScore
from triage.urgency import Disposition, Urgency, urgency_of
from triage.wells import WellsScore


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fired: the answers that fired it, and its words for a patient and for a clinician.

    ``clause`` names the part of the rule (``R8.tier1``); ``answers`` holds the answers by ``group.key``.
    """

    rule: str
    clause: str
    answers: Mapping[str, object]
    patient_en: str
    patient_es: str
    clinician: str
    source: str

    def as_dict(self) -> dict[str, object]:
        """The reason as JSON-able data."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "answers": dict(self.answers),
            "patient": {"en": self.patient_en, "es": self.patient_es},
            "clinician": self.clinician,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """A disposition with its clock, its scores and its reasons.

    ``tier`` is set for a same-day scan only. ``within_minutes``: until help is reached (911: 0; ED: 60), the callback,
    or the result of a scan. ``within_days``: until a consultation. ``hold_slot``: a tier-1 slot is kept beside the
    callback. The first reason is the rule that decided; another is a rule that matched and was less urgent.
    """

    disposition: Disposition
    rule: str
    reasons: tuple[Reason, ...]
    wells: WellsScore
    constans: ConstansScore
    version: str
    tier: int | None = None
    within_minutes: int | None = None
    within_days: int | None = None
    hold_slot: bool = False

    @property
    def urgency(self) -> Urgency:
        """The place of this decision in the order of urgency."""
        return urgency_of(self.disposition, self.tier, self.within_minutes)

    @property
    def wells_yes(self) -> int | None:
        """Certain Wells points; None for an arm."""
        return self.wells.yes

    @property
    def wells_upper(self) -> int | None:
        """Certain Wells points and one for each unknown item; None for an arm."""
        return self.wells.upper

    @property
    def wells_clinician(self) -> int | None:
        """The final Wells score, where no item is unknown and a clinician judged the alternative."""
        return self.wells.clinician

    @property
    def category(self) -> str:
        """The Wells category."""
        return self.wells.category

    @property
    def category_reason(self) -> str | None:
        """Why the Wells score does not apply; None where it does."""
        return self.wells.not_applicable

    @property
    def constans_yes(self) -> int | None:
        """Certain Constans points; None where it is not an arm."""
        return self.constans.yes

    @property
    def constans_upper(self) -> int | None:
        """Certain Constans points and one for each unknown item; None where it is not an arm."""
        return self.constans.upper

    def scores(self) -> dict[str, object]:
        """The scores as JSON-able data."""
        return {
            "wells_yes": self.wells.yes,
            "wells_upper": self.wells.upper,
            "wells_clinician": self.wells.clinician,
            "category": self.wells.category,
            "wells_na_reason": self.wells.not_applicable,
            "constans_yes": self.constans.yes,
            "constans_upper": self.constans.upper,
        }

    def as_dict(self) -> dict[str, object]:
        """The decision as JSON-able data."""
        return {
            "disposition": self.disposition.value,
            "tier": self.tier,
            "within_minutes": self.within_minutes,
            "within_days": self.within_days,
            "hold_slot": self.hold_slot,
            "rule": self.rule,
            **self.scores(),
            "reasons": [reason.as_dict() for reason in self.reasons],
            "version": self.version,
        }
