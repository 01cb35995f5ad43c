"""Running the check: one read of the database for each way of being lost."""

from dataclasses import dataclass

from django.db import connection, transaction

from clinic import clock
from clinic.watchdog.losses import LOSSES, Loss

_TAKEN_UP = """
SELECT episode_id, plan_code FROM clinic_step
WHERE kind = 'loose_end' AND plan_id IS NULL AND status IN ('open', 'scheduled', 'escalated')
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody lost: how, in which episode, and the row that shows it.

    ``taken_up``: a manager has a step for it, so that somebody owns it until it is mended.
    """

    loss: Loss
    episode_id: int
    subject_id: int
    taken_up: bool


def find_lost() -> list[Found]:
    """Return everybody who is lost, by kind and episode; an empty list where all are held.

    All queries see the database at one instant, so that what moves meanwhile is not taken for lost. Must not be called
    within another transaction, whose isolation could not be set any more.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        now = clock.now()
        cursor.execute(_TAKEN_UP)
        taken_up = set(cursor.fetchall())
        found = []
        for loss in LOSSES:
            cursor.execute(loss.query, {"now": now})
            found += [
                Found(loss, episode, subject, (episode, loss.code) in taken_up)
                for episode, subject in sorted(cursor.fetchall())
            ]
        return found
