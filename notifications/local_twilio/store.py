"""The state of the pretend phone network: texts, opted-out numbers; safe to use from many threads."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import RLock
from typing import Any

from notifications.local_twilio.journal import Journal
from notifications.local_twilio.message import Message


class Store:
    """Texts in order of creation, by SID and by phone, and who said STOP."""

    def __init__(self, journal: Journal) -> None:
        self._lock = RLock()
        self._journal = journal
        self._messages: dict[str, Message] = {}
        self._by_phone: defaultdict[str, list[str]] = defaultdict(list)
        self._opted_out: set[str] = set()
        for entry in journal.read():
            with suppress(KeyError, TypeError, ValueError):  # a line of another version is left out
                self._remember(entry)
        journal.rewrite(self._entries())

    def _remember(self, entry: dict[str, Any]) -> None:
        if "opted_out" in entry:
            self._mark(str(entry["phone"]), bool(entry["opted_out"]))
        elif "sid" in entry:
            self._keep(Message.from_line(entry))

    def _entries(self) -> Iterator[dict[str, Any]]:
        for message in self._messages.values():
            yield message.to_line()
        for phone in sorted(self._opted_out):
            yield {"phone": phone, "opted_out": True}

    def _keep(self, message: Message) -> None:
        if message.sid not in self._messages and message.phone:
            self._by_phone[message.phone].append(message.sid)
        self._messages[message.sid] = message

    def _mark(self, phone: str, opted_out: bool) -> None:
        (self._opted_out.add if opted_out else self._opted_out.discard)(phone)

    def put(self, message: Message) -> Message:
        """Keep a new text, or its newer version."""
        with self._lock:
            self._keep(message)
            self._journal.add(message.to_line())
            return message

    def change(self, sid: str, change: Callable[[Message], Message]) -> Message | None:
        """Replace a text by its next version; None, and nothing changed, if it is gone or already final."""
        with self._lock:
            message = self._messages.get(sid)
            if message is None or message.is_final:
                return None
            return self.put(change(message))

    def get(self, sid: str) -> Message | None:
        """The text with this SID."""
        with self._lock:
            return self._messages.get(sid)

    def all(self) -> list[Message]:
        """Every text, oldest first."""
        with self._lock:
            return list(self._messages.values())

    def of_phone(self, phone: str) -> list[Message]:
        """The conversation of one phone, oldest first."""
        with self._lock:
            return [self._messages[sid] for sid in self._by_phone.get(phone, [])]

    def phones(self) -> list[str]:
        """Phones with a conversation, the one with the newest text first."""
        with self._lock:
            ordered = dict.fromkeys(m.phone for m in reversed(self._messages.values()) if m.phone)
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
            self._messages.clear()
            self._by_phone.clear()
            self._opted_out.clear()
            self._journal.rewrite(())

    def close(self) -> None:
        """Let go of the journal."""
        with self._lock:
            self._journal.close()
