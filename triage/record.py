"""Which tables of triage belong to a patient's record, and what FHIR says of their rows."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from clinic.keeping import erasing, retention
from clinic.keeping.early import deletes
from clinic.keeping.record import keep, plain
from clinic.keeping.shapes import observed
from triage.models import Assessment, Decision, Draft, Whereabouts

_DRAFTS_FOR = timedelta(days=30)
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
    register_early()


def register_early() -> None:
    """Answers that led to nobody: drafts that were left go after a month, answers without a patient with the years."""
    deletes(
        "drafts",
        "answers that somebody left unfinished, after a month",
        lambda now: Draft.objects.filter(assessment=None, touched_at__lt=now - _DRAFTS_FOR),
    )
    retention.register(
        retention.Early(
            "nobodys_answers",
            "answers of people who never gave a name, after the record's years",
            lambda now, years: _nobodys(now, years).count(),
            _erase_nobodys,
        )
    )


def _nobodys(now: datetime, years: int) -> "QuerySet[Assessment]":
    """They may have been a minor's: nobody asked for a birth date, so that they are kept as a newborn's."""
    last = retention.years_before(now.date(), max(years, retention.UNTIL_AGE))
    return Assessment.objects.filter(patient=None, at__date__lt=last)


def _erase_nobodys(now: datetime, years: int) -> int:
    ids = list(_nobodys(now, years).values_list("pk", flat=True))
    with erasing.append_only_ignored():
        for model in (Draft, Decision, Whereabouts):
            erasing.delete(model, model.objects.filter(assessment__in=ids).values_list("pk", flat=True))
        return erasing.delete(Assessment, ids)
