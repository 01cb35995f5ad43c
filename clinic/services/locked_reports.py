"""Taking a report's row for a service that changes what hangs on it."""

from clinic.errors import NotFound
from clinic.models import Report


def locked(report_id: int) -> Report:
    """Return the report with its episode, patient and place, its row locked. Raises `NotFound`."""
    report = (
        Report.objects.select_related("episode__center", "episode__patient", "center")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=report_id)
        .first()
    )
    if report is None:
        raise NotFound("No such report.")
    return report
