"""What became of the reports that left for a patient's doctor."""

from typing import Any

from clinic.story.cases.patient import Someone

CONFIRMED, FAILED = "confirmed", "failed"


def documents_of(patient: Someone, status: str = "") -> list[dict[str, Any]]:
    """The deliveries of the patient's report, the newest first: all, or those in one state."""
    rows: list[dict[str, Any]] = patient.of("representative").ask("documents/", report=patient.report)["results"]
    return [row for row in rows if not status or row["status"] == status]
