"""Kill -9 the web server while it rebooks what a closure displaced: nobody is half moved, and the sweep finds the rest.

`make test` plays one death, `make soak` 10.
"""

import http.client
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from clinic.access import Permission
from clinic.bench.caller import Caller, new_token
from clinic.local.stack import WEB, Stack
from tests.faults.town import CONSULT, Town, settled_in
from tests.outage import without
from tests.races.rivals import CENTER

pytestmark = pytest.mark.soak
DEATHS = 10 if os.environ.get("RULEOUT_SOAK") else 1
VISITS = 12
_FATES = "SELECT status, count(*) FROM scheduling_displacement WHERE edit_id = %s GROUP BY status"
_LAST_EDIT = "SELECT max(id) FROM scheduling_shiftedit"
#: A displaced visit stands where it was, or was moved whole: once, with its event, its text and its step's new time.
_HALF_MOVED = """
SELECT a.id FROM scheduling_displacement d JOIN scheduling_appointment a ON a.id = d.appointment_id
JOIN clinic_step s ON s.id = a.step_id
WHERE d.edit_id = %s AND NOT (
    s.due_at = a.starts_at AND a.status = 'booked'
    AND a.sequence = (d.status = 'moved')::int
    AND (a.starts_at = d.was_starts_at AND a.center_id = d.was_center_id) = (d.status = 'waiting')
    AND (SELECT count(*) FROM clinic_event e WHERE e.kind = 'appointment.rescheduled' AND e.subject_id = a.id)
        = a.sequence
    AND (SELECT count(*) FROM notifications_message m WHERE m.purpose = 'booking_changed' AND m.about_id = a.id)
        = a.sequence
    AND (SELECT count(*) FROM scheduling_occupancy o WHERE o.appointment_id = a.id AND o.live) = 1)
"""
_SWEEP = "from scheduling.services.rebooking import rebook_displaced; rebook_displaced()"


@pytest.fixture(scope="module")
def city(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[Stack]:
    """The web server alone: nobody sweeps until the test does."""
    stack = new_stack(morning_template, parts=(WEB,))
    yield stack
    stack.close()


@pytest.fixture
def town(city: Stack) -> Iterator[Town]:
    with settled_in(city) as found:
        yield found


def _book(town: Town, days_ahead: int) -> str:
    """Fill a day of one center with visits, and return its date."""
    search = f"/api/v1/slots/?visit_type={CONSULT}&center={CENTER}&limit=200"
    start = datetime.fromisoformat(town.caller.call("GET", search).json["results"][0]["starts_at"])
    day = start.replace(hour=0, minute=0) + timedelta(days=days_ahead)
    span = f"&from={quote(day.isoformat())}&until={quote((day + timedelta(days=1)).isoformat())}"
    # A consultation and its buffer take as long as two starts lie apart.
    slots = town.caller.call("GET", search + span).json["results"][::2][:VISITS]
    for slot in slots:
        body = town.registers()
        body["slot"] = {key: slot[key] for key in ("visit_type", "center", "starts_at")}
        answer = town.book(body)
        assert answer.status == 201, answer.content
    return f"{day:%Y-%m-%d}"


def _close(town: Town, on: str) -> None:
    token = new_token(town.stack.database_url, f"manager {time.monotonic_ns()}", [Permission.EDIT_SHIFTS])
    caller = Caller(town.stack.web_url, token)
    body: dict[str, Any] = {"kind": "closure", "center": CENTER, "on": on, "reason": "Storm", "displace": True}
    with suppress(OSError, http.client.HTTPException):
        caller.call("POST", "/api/v1/shift-edits/", body)
    caller.close()


@pytest.mark.parametrize("death", range(DEATHS))
def test_who_is_not_rebooked_yet_is_found_by_the_sweep(town: Town, death: int) -> None:
    on = _book(town, days_ahead=7 + 7 * death)
    before = town.rows(_LAST_EDIT)[0][0] or 0
    edit = before
    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(_close, town, on)
        while not closing.done():
            edit = town.rows(_LAST_EDIT)[0][0] or 0
            if edit > before and dict(town.rows(_FATES, edit)).get("moved", 0) >= 1 + death % 3:
                break
        with without(town.stack, WEB):
            closing.result(timeout=60)
            fates = dict(town.rows(_FATES, edit))
            assert fates["waiting"] > 0, "the server outlived its rebooking"
            assert sum(fates.values()) == VISITS
            assert town.rows(_HALF_MOVED, edit) == []
            town.stack.manage("shell", "-c", _SWEEP, capture=True)
    assert dict(town.rows(_FATES, edit)) == {"moved": VISITS}
    assert town.rows(_HALF_MOVED, edit) == []
