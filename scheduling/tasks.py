"""The sweeps of scheduling, as Celery tasks: each calls one service."""

from celery import shared_task

from scheduling.intake import dropped
from scheduling.services import holding, lateness, on_site, rebooking, result_clocks, sheets, sweeps
from scheduling.waitlist import tending


@shared_task(name="scheduling.tasks.expire_holds")
def expire_holds() -> int:
    """End the holds that ran out."""
    return holding.expire_holds()


@shared_task(name="scheduling.tasks.mark_no_shows")
def mark_no_shows() -> int:
    """Mark the visits to which nobody came."""
    return sweeps.mark_no_shows()


@shared_task(name="scheduling.tasks.call_late_rule_outs")
def call_late_rule_outs() -> int:
    """Have those called who should be here for a rule-out."""
    return lateness.call_late_rule_outs()


@shared_task(name="scheduling.tasks.raise_late_results")
def raise_late_results() -> int:
    """Hand rule-outs that would miss their deadline to a clinician."""
    return lateness.raise_late_results()


@shared_task(name="scheduling.tasks.extend_calendar")
def extend_calendar() -> int:
    """Open the calendar up to its horizon."""
    return sweeps.extend_calendar()


@shared_task(name="scheduling.tasks.call_dropped_visitors")
def call_dropped_visitors() -> int:
    """Have those called who left after a worrying answer."""
    return dropped.call_dropped_visitors()


@shared_task(name="scheduling.tasks.rebook_displaced")
def rebook_displaced() -> int:
    """Rebook the visits that a changed shift displaced."""
    return rebooking.rebook_displaced()


@shared_task(name="scheduling.tasks.run_result_clocks")
def run_result_clocks() -> int:
    """Alert the next in line to a finding that nobody acknowledges, and pursue who is not reached."""
    return result_clocks.run_result_clocks()


@shared_task(name="scheduling.tasks.call_managers_before_close")
def call_managers_before_close() -> int:
    """Tell managers of the patients who are still in their center before it closes."""
    return on_site.call_managers()


@shared_task(name="scheduling.tasks.tend_waitlist")
def tend_waitlist() -> int:
    """Close the offers that ran out, and offer free time to who waits."""
    return tending.tend_waitlist()


@shared_task(name="scheduling.tasks.render_sheets")
def render_sheets() -> int:
    """Write the downtime sheets that are due."""
    return sheets.render_sheets()
