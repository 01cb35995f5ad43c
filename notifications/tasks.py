"""The sweeps of notifications, as Celery tasks: each calls one service."""

from celery import shared_task

from notifications.documents import reconciling as documents_reconciling
from notifications.documents import sending as documents_sending
from notifications.services import hearing, listening, reconciling, sending


@shared_task(name="notifications.tasks.send_due")
def send_due() -> int:
    """Send what is due."""
    return sending.send_due()


@shared_task(name="notifications.tasks.settle_unknown")
def settle_unknown() -> int:
    """Find out what became of calls without an answer."""
    return reconciling.settle_unknown()


@shared_task(name="notifications.tasks.poll_receipts")
def poll_receipts() -> int:
    """Ask the provider about texts whose receipt is missing."""
    return reconciling.poll_receipts()


@shared_task(name="notifications.tasks.handle_replies")
def handle_replies() -> int:
    """Understand what people wrote back."""
    return hearing.handle_replies()


@shared_task(name="notifications.tasks.fetch_missed")
def fetch_missed() -> int:
    """Fetch what people wrote while nobody answered the provider."""
    return listening.fetch_missed()


@shared_task(name="notifications.tasks.send_documents")
def send_documents() -> int:
    """Send the documents that are due."""
    return documents_sending.send_due()


@shared_task(name="notifications.tasks.settle_documents")
def settle_documents() -> int:
    """Find out what became of documents."""
    return documents_reconciling.settle_documents()
