"""Calls as they go on: they ring until somebody takes them, say what they are told to say, and wait for keys.

Where phones ring by themselves (`ring_s` 0) every call is taken at once, by whom its faults say. Else it rings on the
page of phones until somebody answers it there, or nobody does.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import Any

from notifications.local_twilio.agenda import Agenda
from notifications.local_twilio.call import Call
from notifications.local_twilio.callbacks import Courier
from notifications.local_twilio.faults import Faults
from notifications.local_twilio.receipts import Report, Step
from notifications.local_twilio.store import Kept, Store
from notifications.local_twilio.twiml import Script, read
from notifications.local_twilio.webhooks import voice_fields

HUMAN, MACHINE = "human", "machine_end_beep"
#: Faults that end a call without anybody's doing.
_ENDS = frozenset({"busy", "no-answer", "failed", "stuck"})
#: What whoever takes a call hears where its instructions can't be had (Twilio says so in these words).
NO_INSTRUCTIONS = "We are sorry, an application error has occurred. Goodbye."
Walk = Callable[[str, tuple[Step, ...]], None]


@dataclass(frozen=True)
class Held:
    """A call that waits for its phone: what comes after, and the script that waits for a key."""

    steps: tuple[Step, ...]
    script: Script | None = None


class Switchboard:
    """The calls that ring or listen now. `walk` goes on with the later steps of a call."""

    def __init__(self, store: Store, agenda: Agenda, courier: Courier, walk: Walk) -> None:
        self._store, self._agenda, self._courier, self._walk = store, agenda, courier, walk
        self._lock = Lock()
        self._held: dict[str, Held] = {}
        self._faults: dict[str, dict[str, float]] = {}
        self.ring_s = 0.0
        self.listen_s = 20.0

    def begins(self, sid: str, faults: Faults) -> None:
        """Remember what shall happen to a call."""
        if faults:
            with self._lock:
                self._faults[sid] = {fault.kind: fault.figure for fault in faults}

    def clear(self) -> None:
        """Forget the calls that wait."""
        with self._lock:
            self._held.clear()
            self._faults.clear()

    def ringing(self, sid: str) -> bool:
        """Whether a phone rings that somebody may answer."""
        held = self._held.get(sid)
        return held is not None and held.script is None

    def listening(self, sid: str) -> bool:
        """Whether a call waits for a key."""
        held = self._held.get(sid)
        return held is not None and held.script is not None

    def rings(self, sid: str, steps: tuple[Step, ...]) -> bool:
        """Let a call ring until somebody takes it; False where its phone is answered by itself."""
        call = self._store.get(sid)
        if not self.ring_s or not isinstance(call, Call) or set(self._faults.get(sid, {})) & (_ENDS | {"machine"}):
            return False
        self._hold(sid, Held(steps), min(self.ring_s, call.rings_s), partial(self.leave, sid))
        return True

    def take(self, sid: str, *, by: str) -> bool:
        """Somebody, or a mailbox, takes a call that rings; whether it rang."""
        held = self._release(sid, ringing=True)
        if held is None:
            return False
        if by == MACHINE:
            self._faults.setdefault(sid, {})["machine"] = 0.0
        self._walk(sid, held.steps)
        return True

    def leave(self, sid: str) -> bool:
        """Nobody takes a call that rings, or it is declined; whether it rang."""
        held = self._release(sid, ringing=True)
        if held is None:
            return False
        told = held.steps[-1].tells
        ends = Report("no-answer", number=told[0].number if told else 0)
        self._walk(sid, (Step(0, ends, tuple(replace(each, status="no-answer") for each in told)),))
        return True

    def answered(self, sid: str, later: tuple[Step, ...]) -> bool:
        """A call was taken: say what there is to say; True where it waits for a key, and `later` comes afterwards."""
        figures = self._faults.get(sid, {})
        by = MACHINE if "machine" in figures else HUMAN
        call = self._store.change(sid, lambda kept: _as_call(kept).taken_by(by))
        if not isinstance(call, Call) or call.url is None:
            return False
        return self._say(sid, self._ask(call, call.url, {}), later)

    def press(self, sid: str, key: str) -> bool:
        """A key is pressed in a call that waits for one; whether it waited."""
        held = self._release(sid, ringing=False)
        call = self._store.get(sid)
        if held is None or held.script is None or not isinstance(call, Call):
            return False
        self._pressed(call, held.script, key, held.steps)
        return True

    def _pressed(self, call: Call, script: Script, key: str, later: tuple[Step, ...]) -> None:
        said = self._ask(call, script.keys_at or call.url or "", {"Digits": key})
        if not self._say(call.sid, said, later, key=key):
            self._walk(call.sid, later)

    def hang_up(self, sid: str) -> bool:
        """Whoever listens hangs up; whether they listened."""
        held = self._release(sid, ringing=False)
        if held is None:
            return False
        self._walk(sid, held.steps)
        return True

    def _say(self, sid: str, script: Script, later: tuple[Step, ...], key: str = "") -> bool:
        waits = script.keys_at is not None
        heard = script.said if waits else (*script.said, *script.otherwise)
        call = self._store.change(sid, lambda kept: _as_call(kept).heard(heard, key))
        if not waits or not isinstance(call, Call):
            return False
        figures = self._faults.get(sid, {})
        if (press := figures.pop("press", None)) is not None:
            self._pressed(call, script, str(int(press)), later)
            return True
        if self.ring_s:
            self._hold(sid, Held(later, script), self.listen_s, partial(self._silence, sid))
            return True
        self._otherwise(sid, script)
        return False

    def _silence(self, sid: str) -> None:
        held = self._release(sid, ringing=False)
        if held is not None and held.script is not None:
            self._otherwise(sid, held.script)
            self._walk(sid, held.steps)

    def _otherwise(self, sid: str, script: Script) -> None:
        self._store.change(sid, lambda kept: _as_call(kept).heard(script.otherwise))

    def _ask(self, call: Call, url: str, more: dict[str, str]) -> Script:
        twiml = self._courier.ask(url, voice_fields(call, more))
        try:
            return read(twiml or "")
        except ValueError:
            return Script((NO_INSTRUCTIONS,))

    def _hold(self, sid: str, held: Held, seconds: float, at_last: Callable[[], Any]) -> None:
        with self._lock:
            self._held[sid] = held

        def over() -> None:
            # Only what is held since then: a later wait of the same call has an end of its own.
            if self._held.get(sid) is held:
                at_last()

        self._agenda.after(seconds, over)

    def _release(self, sid: str, *, ringing: bool) -> Held | None:
        with self._lock:
            held = self._held.get(sid)
            if held is None or (held.script is None) is not ringing:
                return None
            return self._held.pop(sid)


def _as_call(kept: Kept) -> Call:
    if not isinstance(kept, Call):
        raise TypeError("not a call")
    return kept
