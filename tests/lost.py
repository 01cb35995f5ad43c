"""Who is lost in the database of a running stack: the watchdog's own queries, asked from outside of the product."""

import psycopg

from clinic.watchdog import LOSSES

_NOW = "SELECT now() + make_interval(secs => coalesce((SELECT seconds FROM clinic_clockoffset), 0))"


def lost_in(database_url: str) -> list[tuple[str, int, int]]:
    """Each loss as its code, the episode's id and the id of the row that shows it, all seen at one instant."""
    with psycopg.connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        now = connection.execute(_NOW).fetchone()
        assert now is not None
        return [
            (loss.code, episode, subject)
            for loss in LOSSES
            for episode, subject in connection.execute(loss.query, {"now": now[0]}).fetchall()
        ]


_TOLD = """
SELECT m.id, m.purpose, m.channel, m.status, m.end_code, m.due_at, m.ended_at, m.about_kind, m.phone = p.phone
FROM notifications_message m JOIN clinic_patient p ON p.id = m.patient_id
WHERE m.episode_id = %(episode)s ORDER BY m.id
"""
_ASKED = """
SELECT id, kind, status, owner_role, due_at, ended_at FROM clinic_step
WHERE episode_id = %(episode)s ORDER BY id
"""
_HAPPENED = "SELECT kind, at, codes FROM clinic_event WHERE episode_id = %(episode)s ORDER BY id"


def story_of(database_url: str, episode: int) -> str:
    """An episode's messages, steps and events, a line each: what a failed test shows of whoever was lost."""
    with psycopg.connect(database_url) as connection:
        return "\n".join(
            " ".join(str(value) for value in row)
            for query in (_TOLD, _ASKED, _HAPPENED)
            for row in connection.execute(query, {"episode": episode}).fetchall()
        )
