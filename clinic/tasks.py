"""The kernel's sweeps, as Celery tasks: each calls one service."""

from celery import shared_task

from clinic.services import climbing, escalation, loose_ends, representatives


@shared_task(name="clinic.tasks.escalate_overdue")
def escalate_overdue() -> int:
    """Hand overdue steps to the role above."""
    return escalation.escalate_overdue()


@shared_task(name="clinic.tasks.take_up_lost")
def take_up_lost() -> int:
    """Have a manager take up whatever was lost."""
    return loose_ends.take_up_lost()


@shared_task(name="clinic.tasks.climb_missed")
def climb_missed() -> int:
    """Have missed steps of plans climb their ladder."""
    return climbing.climb_missed()


@shared_task(name="clinic.tasks.review_parents")
def review_parents() -> int:
    """End a parent's authority where the patient is 18, and have somebody ask the patient."""
    return representatives.review_parents()
