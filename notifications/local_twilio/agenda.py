"""Work that is due later, done by a few threads in order of time."""

import heapq
import itertools
import time
from collections.abc import Callable
from threading import Condition, Thread

from notifications.local_twilio.notice import notice

LONGEST_GOODBYE_S = 0.5

Job = Callable[[], None]


class Agenda:
    """A queue of jobs by due time. Waiting uses real time: it plays the network's part."""

    def __init__(self, threads: int = 4) -> None:
        self._due: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._change = Condition()
        self._closed = False
        self._running = 0
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def after(self, seconds: float, job: Job) -> None:
        """Run a job after so many seconds."""
        with self._change:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), job))
            self._change.notify()

    def pending(self) -> int:
        """Jobs that wait or run now."""
        with self._change:
            return len(self._due) + self._running

    def clear(self) -> None:
        """Forget the jobs that wait."""
        with self._change:
            self._due.clear()

    def close(self) -> None:
        """Stop without doing what still waits."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join(LONGEST_GOODBYE_S)

    def _next(self) -> Job | None:
        with self._change:
            while not self._closed:
                wait_s = self._due[0][0] - time.monotonic() if self._due else None
                if wait_s is not None and wait_s <= 0:
                    self._running += 1
                    return heapq.heappop(self._due)[2]
                self._change.wait(wait_s)
            return None

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - see below
                # One job that fails must not take the thread with it; its content stays private.
                notice(f"{type(error).__name__} in a job")
            finally:
                with self._change:
                    self._running -= 1
