"""The state of the pretend phone network: texts, calls, opted-out numbers; safe to use from many threads."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import RLock
from typing import Any, TypeVar

from notifications.local_twilio.call import Call
from notifications.local_twilio.journal import Journal
from notifications.local_twilio.message import Message

Kept = Message | Call
K = TypeVar("K", Message, Call)


class Store:
    """Texts and calls in order of creation, by SID and by phone, and who said STOP."""

    def __init__(self, journal: Journal) -> None:
        self._lock = RLock()
        self._journal = journal
        self._kept: dict[str, Kept] = {}
        self._by_phone: defaultdict[str, list[str]] = defaultdict(list)
        self._by_recipient: defaultdict[str, list[str]] = defaultdict(list)
        self._opted_out: set[str] = set()
        for entry in journal.read():
            with suppress(KeyError, TypeError, ValueError):  # a line of another version is left out
                self._remember(entry)
        journal.rewrite(self._entries())

    def _remember(self, entry: dict[str, Any]) -> None:
        if "opted_out" in entry:
            self._mark(str(entry["phone"]), bool(entry["opted_out"]))
        elif "sid" in entry:
            kind = Call if str(entry["sid"]).startswith("CA") else Message
            self._keep(kind.from_line(entry))

    def _entries(self) -> Iterator[dict[str, Any]]:
        for kept in self._kept.values():
            yield kept.to_line()
        for phone in sorted(self._opted_out):
            yield {"phone": phone, "opted_out": True}

    def _keep(self, kept: Kept) -> None:
        if kept.sid not in self._kept:
            self._by_recipient[kept.to].append(kept.sid)
            if kept.phone:
                self._by_phone[kept.phone].append(kept.sid)
        self._kept[kept.sid] = kept

    def _mark(self, phone: str, opted_out: bool) -> None:
        (self._opted_out.add if opted_out else self._opted_out.discard)(phone)

    def put(self, kept: K) -> K:
        """Keep a new text or call."""
        with self._lock:
            self._put(kept)
            return kept

    def _put(self, kept: Kept) -> None:
        self._keep(kept)
        self._journal.add(kept.to_line())

    def change(self, sid: str, change: Callable[[Kept], Kept]) -> Kept | None:
        """Replace it by its next version; None, and nothing changed, if it is gone or already final."""
        with self._lock:
            kept = self._kept.get(sid)
            if kept is None or kept.is_final:
                return None
            changed = change(kept)
            self._put(changed)
            return changed

    def get(self, sid: str) -> Kept | None:
        """The text or the call with this SID."""
        with self._lock:
            return self._kept.get(sid)

    def everything(self) -> list[Kept]:
        """Every text and call, oldest first."""
        with self._lock:
            return list(self._kept.values())

    def all(self) -> list[Message]:
        """Every text, oldest first."""
        return [kept for kept in self.everything() if isinstance(kept, Message)]

    def calls(self) -> list[Call]:
        """Every call, oldest first."""
        return [kept for kept in self.everything() if isinstance(kept, Call)]

    def with_phone(self, phone: str) -> list[Kept]:
        """What one phone heard and said, oldest first."""
        with self._lock:
            return [self._kept[sid] for sid in self._by_phone.get(phone, [])]

    def of_phone(self, phone: str) -> list[Message]:
        """The texts of one phone, oldest first."""
        return [kept for kept in self.with_phone(phone) if isinstance(kept, Message)]

    def sent_to(self, number: str) -> list[Message]:
        """The texts to one number, a patient's or one of the account's, oldest first."""
        with self._lock:
            found = [self._kept[sid] for sid in self._by_recipient.get(number, [])]
        return [kept for kept in found if isinstance(kept, Message)]

    def phones(self) -> list[str]:
        """Phones that were written to or called, the one with the newest text or call first."""
        with self._lock:
            ordered = dict.fromkeys(kept.phone for kept in reversed(self._kept.values()) if kept.phone)
            return list(ordered)

    def set_opted_out(self, phone: str, opted_out: bool) -> None:
        """Note that a phone said STOP (True) or START (False)."""
        with self._lock:
            self._mark(phone, opted_out)
            self._journal.add({"phone": phone, "opted_out": opted_out})

    def is_opted_out(self, phone: str) -> bool:
        """True if the phone said STOP and not START since."""
        with self._lock:
            return phone in self._opted_out

    def clear(self) -> None:
        """Forget everything, in the journal too."""
        with self._lock:
            self._kept.clear()
            self._by_phone.clear()
            self._by_recipient.clear()
            self._opted_out.clear()
            self._journal.rewrite(())

    def close(self) -> None:
        """Let go of the journal."""
        with self._lock:
            self._journal.close()
