"""The pretend phone network: it takes texts to phones, reports on them, and brings replies back."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any

from notifications.local_twilio.account import Account
from notifications.local_twilio.agenda import Agenda
from notifications.local_twilio.callbacks import Courier
from notifications.local_twilio.faults import Faults, Plan
from notifications.local_twilio.keywords import ANSWERS, opt_out_type
from notifications.local_twilio.message import Message, new_sid
from notifications.local_twilio.receipts import Report, Step, receipts
from notifications.local_twilio.store import Store
from notifications.local_twilio.webhooks import inbound_fields, status_fields

KEPT_EXCHANGES = 20_000


class Network:
    """All state of one local Twilio, and what moves it. `answer_s` delays API answers, `step_s` parts two statuses."""

    def __init__(
        self,
        account: Account,
        store: Store,
        answer_s: float = 0.0,
        step_s: float = 0.05,
    ) -> None:
        self.account = account
        self.store = store
        self.answer_s = answer_s
        self.step_s = step_s
        self.plan = Plan()
        self.agenda = Agenda()
        self.courier = Courier(account.token, self.agenda)
        self.exchanges: deque[dict[str, Any]] = deque(maxlen=KEPT_EXCHANGES)
        self.stopping = Event()
        for message in store.all():
            if not message.is_final:
                self._follow(message, ())

    def now(self) -> datetime:
        """The network's time is the machine's: a provider knows nothing of the demo's clock."""
        return datetime.now(UTC)

    def carry(self, message: Message, faults: Faults) -> Message:
        """Accept a text for delivery."""
        kept = self.store.put(message)
        self._follow(kept, faults)
        return kept

    def _follow(self, message: Message, faults: Faults) -> None:
        first = "accepted" if message.service_sid and message.sender is None else message.status
        wait_s = (message.send_at - self.now()).total_seconds() if message.send_at else 0.0
        steps = receipts(first, self.step_s, faults)
        self.agenda.after(max(wait_s, 0.0) + steps[0].wait_s, partial(self._take, message.sid, steps))

    def _take(self, sid: str, steps: tuple[Step, ...]) -> None:
        step, later = steps[0], steps[1:]
        if step.becomes is not None:
            self.store.change(sid, partial(self._advance, report=step.becomes))
        if later:
            self.agenda.after(later[0].wait_s, partial(self._take, sid, later))
        for report in step.tells:
            self._tell(sid, report)

    def _advance(self, message: Message, report: Report) -> Message:
        sender = message.sender or self.account.sender
        return replace(message, sender=sender).moved(report.status, self.now(), report.error_code)

    def _tell(self, sid: str, report: Report) -> None:
        message = self.store.get(sid)
        if message is not None and message.status_callback:
            self.courier.post(message.status_callback, status_fields(message, report))

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
        """Forget texts, faults, exchanges and what was still to happen."""
        self.agenda.clear()
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
