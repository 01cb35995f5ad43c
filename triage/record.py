"""Which tables of triage belong to a patient's record, and what FHIR says of their rows."""

from clinic.keeping.record import keep, plain
from clinic.keeping.shapes import observed
from triage.models import Assessment, Decision, Draft, Whereabouts

_OF_ASSESSMENT = ("assessment__patient", "assessment__episode__patient")


def assessment(row: Assessment) -> dict[str, object]:
    """FHIR `QuestionnaireResponse`."""
    return {"status": "completed", "authored": plain(row.at), "questionnaire": f"intake/{row.occasion}"}


def draft(row: Draft) -> dict[str, object]:
    """FHIR `QuestionnaireResponse`, of answers as they came."""
    return {"status": "in-progress", "authored": plain(row.started_at)}


def decision(row: Decision) -> dict[str, object]:
    """FHIR `RiskAssessment`."""
    return {
        "status": "final",
        "occurrenceDateTime": plain(row.at),
        "prediction": [{"outcome": {"text": row.get_disposition_display()}}],
        "basis": [{"reference": f"QuestionnaireResponse/assessment-{row.assessment_id}"}],
    }


def register() -> None:
    """Enter them."""
    keep(Assessment, "QuestionnaireResponse", "patient", "episode__patient", shape=assessment)
    # Its key opens somebody's session while it lasts.
    keep(Draft, "QuestionnaireResponse", *_OF_ASSESSMENT, shape=draft, without=("key",))
    keep(Decision, "RiskAssessment", *_OF_ASSESSMENT, shape=decision)
    keep(Whereabouts, "Observation", *_OF_ASSESSMENT, shape=observed)
