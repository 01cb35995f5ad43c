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
