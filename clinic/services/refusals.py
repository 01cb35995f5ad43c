"""A refusal about a result is itself a fact: an event with its reason, written though nothing else was changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from clinic import events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import DomainError
from clinic.models import Report, Step


@contextmanager
def noted(actor: Actor, action: str, *, report_id: int | None = None, step_id: int | None = None) -> Iterator[None]:
    """Write a `report.refused` event for each refusal of what is done within, and let the refusal go on.

    ``action`` is a code: what was asked for. A refusal about what does not exist belongs to no episode, and is not
    written. Use it around the service's transaction, never inside.
    """
    try:
        yield
    except DomainError as refusal:
        refusal.note = partial(_write, actor, action, refusal.code, sorted(refusal.fields), report_id, step_id)
        refusal.note()
        raise


def _write(actor: Actor, action: str, code: str, fields: list[str], report_id: int | None, step_id: int | None) -> None:
    subject: Report | Step | None
    if report_id is not None:
        subject = Report.objects.select_related("episode").filter(pk=report_id).first()
    else:
        subject = Step.objects.select_related("episode").filter(pk=step_id or 0).first()
    if subject is None:
        return
    codes = {"action": action, "code": code, "fields": fields}
    in_transaction(
        lambda: events.record("report.refused", actor=actor, episode=subject.episode, subject=subject, codes=codes)
    )
