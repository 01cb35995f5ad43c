"""A provider that a test plays: what it answers to each call, what it has, and what it says of it later."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import parse_qs, urlsplit

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Episode, Step
from notifications.local_twilio.message import new_sid
from notifications.models import Attempt, Inbound, Message, MessageStatus, Purpose
from notifications.provider import Accepted, Answer, CantAsk, Found, Heard, NoAnswer, Speech, Words
from notifications.services import settling
from notifications.services.owing import owe, owed
from tests.factories import phone_of
from tests.kernel import make_episode, make_patient

SENDER = "+12025550100"
_numbers = count(1)


@dataclass(frozen=True)
class Call:
    """One request to the provider: for a text, or for a call to a telephone."""

    to: str
    body: str
    callback: str
    valid_for: timedelta
    rings: bool = False
    sender: str = SENDER
    url: str = ""

    @property
    def attempt(self) -> Attempt:
        """The attempt that the callback's address names."""
        return Attempt.objects.get(pk=int(parse_qs(urlsplit(self.callback).query)["attempt"][0]))


Reaction = Callable[["Carrier", Call], Answer]


@dataclass
class Carrier:
    """Answers calls as the test says, one after the other; what it was not told about it accepts."""

    answers: deque[Answer | Reaction] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    texts: defaultdict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    received_texts: list[Heard] = field(default_factory=list)
    silent: bool = False

    def send(self, *, to: str, body: str, sender: str, callback: str, valid_for: timedelta) -> Answer:
        """Take a call, as `notifications.provider.send` does."""
        self.calls.append(call := Call(to, body, callback, valid_for, sender=sender))
        answer = self.answers.popleft() if self.answers else accepts
        return answer(self, call) if callable(answer) else answer

    def call(self, *, to: str, speech: Speech, sender: str, callback: str, rings_for: timedelta) -> Answer:
        """Take a call to a telephone, as `notifications.provider.call` does."""
        words, url = (speech.words, "") if isinstance(speech, Words) else ("", speech.url)
        self.calls.append(call := Call(to, words, callback, rings_for, rings=True, sender=sender, url=url))
        answer = self.answers.popleft() if self.answers else accepts
        return answer(self, call) if callable(answer) else answer

    def sent_to(self, number: str) -> list[Found]:
        """List the texts of a number, as `notifications.provider.sent_to` does."""
        if self.silent:
            raise CantAsk
        return [text for text in reversed(self.texts[number]) if text.body is not None]

    def called(self, number: str, *, since: datetime) -> list[Found]:
        """List the calls to a number, as `notifications.provider.called` does."""
        if self.silent:
            raise CantAsk
        return [call for call in reversed(self.texts[number]) if call.body is None and call.created_at >= since]

    def received(self, number: str, *, since: datetime) -> list[Heard]:
        """List what came to a number of ours, as `notifications.provider.received` does."""
        if self.silent:
            raise CantAsk
        return sorted((text for text in self.received_texts if text.at >= since), key=lambda text: text.at)

    def fetch(self, sid: str) -> tuple[str, str]:
        """Return how one text stands, as `notifications.provider.fetch` does."""
        if self.silent:
            raise CantAsk
        text = next(text for texts in self.texts.values() for text in texts if text.sid == sid)
        return text.status, text.code

    def create(self, call: Call, *, status: str = "queued", sender: str = "", at: datetime | None = None) -> str:
        """Let what a request asks for come to be, and return its id."""
        sender = sender or call.sender
        sid, body = (new_sid("CA"), None) if call.rings else (new_sid(), call.body)
        text = Found(sid, status, "", frozenset({sender}), body, at or clock.real_now())
        self.texts[call.to].append(text)
        return text.sid


def accepts(carrier: Carrier, call: Call) -> Answer:
    """The text comes to be, and the answer says so."""
    return Accepted(carrier.create(call), "queued")


def loses_the_answer(carrier: Carrier, call: Call) -> Answer:
    """The text comes to be, and the answer is lost."""
    carrier.create(call)
    return NoAnswer("readtimeout")


def loses_the_call(carrier: Carrier, call: Call) -> Answer:
    """The call is lost on its way, and nobody knows."""
    return NoAnswer("readtimeout")


def tells(sid: str, *statuses: str, call: Call | None = None, code: str = "") -> None:
    """Let receipts of a text arrive, in this order."""
    for status in statuses:
        attempt = call.attempt.pk if call else None
        settling.receive(attempt_id=attempt, sid=sid, status=status, code=code)


def a_text_owed(
    *, phone: str = "", episode: Episode | None = None, urgent: bool = True, good_for: timedelta = timedelta(hours=1)
) -> Message:
    """A text that is due now and needs no consent: the answer to a reply. They all say the same."""
    patient = episode.patient if episode else make_patient()
    inbound = Inbound.objects.create(
        provider_sid=f"SM{next(_numbers):032x}",
        phone=phone or phone_of(patient),
        body="Thanks",
        received_at=clock.now(),
        handled_at=clock.now(),
    )
    owe(
        owed(
            purpose=Purpose.REPLY,
            patient=patient,
            about_kind="inbound",
            about_id=inbound.pk,
            due_at=clock.now(),
            expires_at=clock.now() + good_for,
            urgent=urgent,
            episode=episode,
        )
    )
    message = Message.objects.get(about_kind="inbound", about_id=inbound.pk)
    if phone:
        Message.objects.filter(pk=message.pk).update(phone=phone)
        message.refresh_from_db()
    return message


def in_care() -> Episode:
    """An open episode of a new patient."""
    return make_episode(SYSTEM)


def asked_of_a_person(episode: Episode) -> list[Step]:
    """The steps of an episode by which somebody reaches the patient another way."""
    return list(episode.steps.filter(kind="contact").order_by("id"))


def status_of(message: Message) -> MessageStatus:
    """How a message stands in the database."""
    return MessageStatus(Message.objects.get(pk=message.pk).status)


def outcomes_of(message: Message) -> list[list[str]]:
    """The outcomes of each attempt for a message, in order."""
    return [
        list(attempt.outcomes.order_by("id").values_list("kind", flat=True))
        for attempt in message.tries.order_by("number")
    ]
