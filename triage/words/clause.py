"""The words of one clause."""

from dataclasses import dataclass

TABLE = "Ruleout decision table, clinical.md section 3"


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """Why a clause fired: for the patient in English and Spanish, for the clinician, and its source."""

    en: str
    es: str
    clinician: str
    source: str
