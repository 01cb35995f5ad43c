"""The jobs that the carrier has: one a key, whatever is sent with it again; and the receipts that it owes for them."""

import hashlib
import hmac
import json
import urllib.request
from collections import deque
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any
from urllib.error import HTTPError, URLError

from notifications.local_carrier.faults import Fault, of_address, parsed
from notifications.local_twilio.agenda import Agenda
from notifications.local_twilio.journal import Journal

SIGNATURE = "X-Document-Signature"
#: How often a receipt is tried, and how long the carrier waits between two tries, in seconds.
TRIES, PAUSE_S = 8, 2.0
TIMEOUT_S = 10.0


@dataclass
class Job:
    """One document on its way to one machine or mailbox. ``arrived`` counts the copies that came out there."""

    id: str
    key: str
    way: str
    to: str
    document: str
    callback: str
    status: str = "queued"
    code: str = ""
    arrived: int = 0

    def told(self) -> dict[str, Any]:
        """What is said of it to who asks."""
        return {"id": self.id, "key": self.key, "status": self.status, "code": self.code}


class Jobs:
    """All jobs, the plan of faults, and the receipts on their way. Safe for many threads."""

    def __init__(self, token: str, journal: Journal, step_s: float) -> None:
        self.token, self.step_s = token, step_s
        self.plan: deque[Fault] = deque()
        self._agenda = Agenda(threads=2)
        self._lock = Lock()
        self._journal = journal
        self._jobs: dict[str, Job] = {}
        for entry in journal.read():
            self._jobs[entry["key"]] = Job(**entry)
        journal.rewrite(asdict(job) for job in self._jobs.values())
        for job in self._jobs.values():
            if job.status == "queued":
                self._go(job, Fault())

    def close(self) -> None:
        """Let go."""
        self._agenda.close()
        self._journal.close()

    def fault_for(self, key: str, address: str) -> Fault:
        """Return what befalls a request: the plan's next fault, or the address's own. A known key meets none."""
        with self._lock:
            if self.plan:
                return self.plan.popleft()
            return Fault() if key in self._jobs else of_address(address)

    def set_plan(self, words: list[str]) -> None:
        """Take a new plan. Raises `ValueError`."""
        faults = [parsed(each) for each in words]
        with self._lock:
            self.plan = deque(faults)

    def take(self, job: Job, fault: Fault) -> tuple[Job, bool]:
        """Take a job, once a key; return the one that the carrier has, and whether it is new."""
        with self._lock:
            known = self._jobs.get(job.key)
            if known is not None:
                return known, False
            self._jobs[job.key] = job
            self._journal.add(asdict(job))
        self._go(job, fault)
        return job, True

    def later(self, seconds: float, job: Job) -> None:
        """Create a job after its caller may have given up."""

        def create() -> None:
            self.take(job, Fault())

        self._agenda.after(seconds, create)

    def find(self, key: str) -> Job | None:
        """Return the job of a key."""
        with self._lock:
            return self._jobs.get(key)

    def all(self) -> list[Job]:
        """Return every job, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def pending(self) -> int:
        """Return how much is on its way."""
        return self._agenda.pending()

    def _go(self, job: Job, fault: Fault) -> None:
        delay = self.step_s + (fault.seconds if fault.name == "delay" else 0.0)
        if fault.name == "failed":
            self._agenda.after(delay, lambda: self._end(job, "failed", fault.value or "busy"))
        elif fault.name == "failed_then_delivered":
            self._agenda.after(delay, lambda: self._end(job, "failed", fault.value or "busy"))
            self._agenda.after(delay + self.step_s, lambda: self._end(job, "delivered", ""))
        else:
            times = {"drop": 0, "duplicate": 2}.get(fault.name, 1)
            self._agenda.after(delay, lambda: self._end(job, "delivered", "", times))

    def _end(self, job: Job, status: str, code: str, times: int = 1) -> None:
        with self._lock:
            job.status, job.code = status, code
            job.arrived += status == "delivered"
            self._journal.add(asdict(job))
        told = json.dumps({**job.told(), "status": status, "code": code}).encode()
        for _ in range(times):
            self._tell(job.callback, told, TRIES)

    def _tell(self, callback: str, body: bytes, tries: int) -> None:
        """Post a receipt; who does not answer is told again."""
        signature = "sha256=" + hmac.new(self.token.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", SIGNATURE: signature}
        try:
            urllib.request.urlopen(urllib.request.Request(callback, body, headers), timeout=TIMEOUT_S).close()  # noqa: S310 - its own caller's address
        except HTTPError as refusal:
            refusal.close()
            if refusal.code < 500:
                return
        except (URLError, OSError, ValueError):
            pass
        else:
            return
        if tries > 1:
            self._agenda.after(PAUSE_S, lambda: self._tell(callback, body, tries - 1))
