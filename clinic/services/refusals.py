"""A refusal about a result or a treatment is itself a fact: an event with its reason, though nothing else changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from clinic import events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import DomainError
from clinic.models import Episode, Report, Step

#: A field's path. What is none was written by whoever asked: no event keeps words of theirs.
_FIELD = re.compile(r"[a-z][a-z0-9_.]{0,79}")


@contextmanager
def noted(
    actor: Actor,
    action: str,
    *,
    report_id: int | None = None,
    step_id: int | None = None,
    episode_id: int | None = None,
) -> Iterator[None]:
    """Write a `report.refused` event, or `treatment.refused` of an episode, for each refusal of what is done within.

    The refusal goes on. ``action`` is a code: what was asked for. A refusal about what does not exist belongs to no
    episode, and is not written. Use it around the service's transaction, never inside.
    """
    try:
        yield
    except DomainError as refusal:
        fields = sorted(field for field in refusal.fields if _FIELD.fullmatch(field))
        codes: dict[str, object] = {"action": action, "code": refusal.code, "fields": fields}
        refusal.note = partial(_write, actor, codes, report_id, step_id, episode_id)
        refusal.note()
        raise


def _write(
    actor: Actor, codes: dict[str, object], report_id: int | None, step_id: int | None, episode_id: int | None
) -> None:
    subject: Report | Step | Episode | None
    if episode_id is not None:
        subject = Episode.objects.filter(pk=episode_id).first()
    elif report_id is not None:
        subject = Report.objects.select_related("episode").filter(pk=report_id).first()
    else:
        subject = Step.objects.select_related("episode").filter(pk=step_id or 0).first()
    if subject is None:
        return
    episode = subject if isinstance(subject, Episode) else subject.episode
    kind = "treatment.refused" if episode_id is not None else "report.refused"
    in_transaction(lambda: events.record(kind, actor=actor, episode=episode, subject=subject, codes=codes))
