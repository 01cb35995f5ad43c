"""A client that does not give up: what it sends is sent again, under the same key, until it is answered."""

import http.client
import time
import uuid

from clinic.bench.caller import Answer, Caller
from tests.faults.town import PATIENCE


class Stubborn(Caller):
    """Sends a request again while nobody answers, while the server fails, and while the first one is in hand."""

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send one request until it is answered, and return the answer."""
        if method == "POST":
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = super().call(method, path, body, **headers)
                if answer.status < 500 and b"idempotency_in_flight" not in answer.content:
                    return answer
                failure: object = answer.status
            except (OSError, http.client.HTTPException) as error:
                self.close()
                failure = error
            assert time.monotonic() < until, f"{method} {path} is not answered: {failure!r}"
            time.sleep(0.1)
