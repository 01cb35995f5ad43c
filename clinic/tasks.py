"""The kernel's sweeps, as Celery tasks: each calls one service."""

from celery import shared_task

from clinic.services import escalation


@shared_task(name="clinic.tasks.escalate_overdue")
def escalate_overdue() -> int:
    """Hand overdue steps to the role above."""
    return escalation.escalate_overdue()
