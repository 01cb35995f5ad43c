"""The database ends everybody's connections, as a restart or a failover does: each thread loses one task at most."""

from clinic.beat import THREADS
from clinic.local.stack import WORKER
from tests.faults.town import Town

_END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_workers_and_web_go_on_with_new_connections(town: Town) -> None:
    # Somebody is connected by now, whichever test comes first.
    assert town.books().status == 201
    before = _failures(town)
    assert town.rows(_END_ALL)
    for _ in range(5):
        town.sweep("send_due", "settle_unknown", "handle_replies")
        assert town.books().status == 201
    town.all_got_their_text_once()
    assert _failures(town) - before <= THREADS


def _failures(town: Town) -> int:
    """How many tasks the worker has failed at since it was started."""
    return town.stack.children.output(WORKER).count("raised unexpected")
