"""A worker process runs each sweep as often at once as the table says: none takes all threads from the others."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import Any

import pytest

from clinic.beat import AT_ONCE, SWEEPS, THREADS
from clinic.celery import app

NAME = "tests.sweep"
PATIENCE = 10


@pytest.fixture
def sweep() -> Iterator[Any]:
    """A sweep that says when it has begun, and goes on until it is let go; one that is told to fail fails."""

    @app.task(name=NAME)
    def work(begun: Semaphore, go_on: Event, fails: bool = False) -> bool:
        begun.release()
        go_on.wait(PATIENCE)
        if fails:
            raise ValueError("as told")
        return True

    yield work
    del app.tasks[NAME]


def test_one_that_is_going_on_is_not_begun_again_until_it_is_over(sweep: Any) -> None:
    begun, go_on = Semaphore(0), Event()
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(sweep, begun, go_on)
        assert begun.acquire(timeout=PATIENCE)
        assert sweep(begun, go_on) is None
        go_on.set()
        assert first.result(PATIENCE) is True
    assert sweep(begun, go_on) is True


def test_one_of_which_there_may_be_several_is_begun_so_often(sweep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(AT_ONCE, "tests.several", 3)
    monkeypatch.setattr(sweep, "name", "tests.several")
    begun, go_on = Semaphore(0), Event()
    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(sweep, begun, go_on) for _ in range(3)]
        for _ in running:
            assert begun.acquire(timeout=PATIENCE)
        assert sweep(begun, go_on) is None
        go_on.set()
        assert [each.result(PATIENCE) for each in running] == [True] * 3


def test_one_that_failed_is_begun_again(sweep: Any) -> None:
    begun, go_on = Semaphore(0), Event()
    go_on.set()
    for _ in range(2):
        with pytest.raises(ValueError, match="as told"):
            sweep(begun, go_on, fails=True)


def test_those_that_wait_for_the_provider_leave_threads_to_the_others() -> None:
    assert set(AT_ONCE) <= set(SWEEPS)
    waiting = ("send_due", "settle_unknown", "poll_receipts", "fetch_missed")
    assert sum(AT_ONCE.get(f"notifications.tasks.{name}", 1) for name in waiting) < THREADS
