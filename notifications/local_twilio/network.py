"""The pretend phone network: it takes texts to phones and calls them, reports on that, and brings replies back."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any

from notifications.local_twilio.account import Account
from notifications.local_twilio.agenda import Agenda
from notifications.local_twilio.call import Call
from notifications.local_twilio.callbacks import Courier
from notifications.local_twilio.faults import Faults, Plan
from notifications.local_twilio.keywords import ANSWERS, opt_out_type
from notifications.local_twilio.message import Message, new_sid
from notifications.local_twilio.receipts import Report, Step, progress, receipts
from notifications.local_twilio.store import K, Kept, Store
from notifications.local_twilio.switchboard import Switchboard
from notifications.local_twilio.webhooks import call_fields, inbound_fields, status_fields

KEPT_EXCHANGES = 20_000


class Network:
    """All state of one local Twilio, and what moves it.

    `answer_s` delays API answers, `step_s` parts two statuses, `hands` tell of them: with one they arrive in order.
    """

    def __init__(
        self,
        account: Account,
        store: Store,
        answer_s: float = 0.0,
        step_s: float = 0.05,
        hands: int = 4,
    ) -> None:
        self.account = account
        self.store = store
        self.answer_s = answer_s
        self.step_s = step_s
        self.plan = Plan()
        self.agenda = Agenda(hands)
        self.courier = Courier(account.token, self.agenda)
        self.switchboard = Switchboard(store, self.agenda, self.courier, self._walk)
        self.exchanges: deque[dict[str, Any]] = deque(maxlen=KEPT_EXCHANGES)
        self.stopping = Event()
        for kept in store.everything():
            if not kept.is_final:
                self._follow(kept, ())

    def now(self) -> datetime:
        """The network's time is the machine's: a provider knows nothing of the demo's clock."""
        return datetime.now(UTC)

    def carry(self, created: K, faults: Faults) -> K:
        """Accept a text for delivery, or a call to be made."""
        kept = self.store.put(created)
        self._follow(kept, faults)
        return kept

    def _follow(self, kept: Kept, faults: Faults) -> None:
        if isinstance(kept, Call):
            self.switchboard.begins(kept.sid, faults)
            steps = progress(kept.told, self.step_s, faults)
            self.agenda.after(steps[0].wait_s, partial(self._take, kept.sid, steps))
        else:
            self._follow_text(kept, faults)

    def _follow_text(self, message: Message, faults: Faults) -> None:
        first = "accepted" if message.service_sid and message.sender is None else message.status
        wait_s = (message.send_at - self.now()).total_seconds() if message.send_at else 0.0
        steps = receipts(first, self.step_s, faults)
        self.agenda.after(max(wait_s, 0.0) + steps[0].wait_s, partial(self._take, message.sid, steps))

    def _take(self, sid: str, steps: tuple[Step, ...]) -> None:
        if not (_takes_the_call(steps) and self.switchboard.rings(sid, steps)):
            self._walk(sid, steps)

    def _walk(self, sid: str, steps: tuple[Step, ...]) -> None:
        """Take a step, tell of it, and have the later ones come."""
        step, later = steps[0], steps[1:]
        if step.becomes is not None:
            self.store.change(sid, partial(self._advance, report=step.becomes))
        if not _takes_the_call(steps):
            self._go_on(sid, later)
        for report in step.tells:
            self._tell(sid, report)
        if _takes_the_call(steps) and not self.switchboard.answered(sid, later):
            self._go_on(sid, later)

    def _go_on(self, sid: str, later: tuple[Step, ...]) -> None:
        if later:
            self.agenda.after(later[0].wait_s, partial(self._take, sid, later))

    def _advance(self, kept: Kept, report: Report) -> Kept:
        if isinstance(kept, Call):
            return kept.moved(report.status, self.now())
        sender = kept.sender or self.account.sender
        return replace(kept, sender=sender).moved(report.status, self.now(), report.error_code)

    def _tell(self, sid: str, report: Report) -> None:
        kept = self.store.get(sid)
        if kept is not None and kept.status_callback:
            said = call_fields(kept, report) if isinstance(kept, Call) else status_fields(kept, report)
            self.courier.post(kept.status_callback, said)

    def reply(self, phone: str, body: str, to: str | None) -> Message:
        """A phone answers: the text is kept and brought to the product; STOP, START and HELP act at once."""
        sender = to or self._last_sender(phone)
        message = self.store.put(self._inbound(phone, body, sender))
        kind = opt_out_type(body)
        if kind in {"STOP", "START"}:
            self.store.set_opted_out(phone, kind == "STOP")
        if self.account.inbound_url:
            fields = inbound_fields(message, kind)
            self.agenda.after(0, partial(self.courier.post, self.account.inbound_url, fields))
        if kind:
            answer = replace(
                message,
                sid=new_sid(),
                direction="outbound-reply",
                to=phone,
                sender=sender,
            )
            self.store.put(replace(answer, body=ANSWERS[kind], status="delivered", sent_at=self.now()))
        return message

    def _last_sender(self, phone: str) -> str:
        senders = (m.sender for m in reversed(self.store.of_phone(phone)) if m.direction != "inbound")
        return next((sender for sender in senders if sender), self.account.sender)

    def _inbound(self, phone: str, body: str, to: str) -> Message:
        now = self.now()
        return Message(
            new_sid(),
            self.account.sid,
            "inbound",
            to,
            phone,
            body,
            "received",
            now,
            now,
            now,
        )

    def reset(self) -> None:
        """Forget texts, calls, faults, exchanges and what was still to happen."""
        self.agenda.clear()
        self.switchboard.clear()
        self.plan = Plan()
        self.store.clear()
        self.courier.clear()
        self.exchanges.clear()

    def close(self) -> None:
        """Let every waiting connection go and stop."""
        self.stopping.set()
        self.agenda.close()
        self.courier.close()
        self.store.close()


def _takes_the_call(steps: tuple[Step, ...]) -> bool:
    """Whether the next step is that somebody takes a call."""
    becomes = steps[0].becomes
    return becomes is not None and becomes.status == "in-progress"
