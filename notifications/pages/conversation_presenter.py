"""A thread as its page shows it: theirs on the left, ours on the right, what was agreed to between them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.models import Consent
from clinic.pages.tones import left_in_words, tone_of, tone_of_deadline
from notifications.models import Channel, Inbound, Message, MessageStatus
from notifications.pages.paged import OF_A_CALL
from notifications.replies import Meaning
from notifications.selectors.conversations import Thread, Waiting

#: How long somebody waits who wrote, before that is late.
ANSWERED_WITHIN = timedelta(minutes=60)
#: How many entries a page shows unless it is asked for all.
SHOWN = 40
#: What was made of a text that came in: words, tone.
UNDERSTOOD: dict[str, tuple[Promise | str, str]] = {
    Meaning.CONFIRM: (_("Confirms the visit"), "calm"),
    Meaning.CANCEL: (_("Cancels the visit"), "soon"),
    Meaning.RESCHEDULE: (_("Wants another time"), "soon"),
    Meaning.NUMBER: (_("Chooses a time"), "info"),
    Meaning.EMERGENCY: (_("Emergency"), "critical"),
    Meaning.STOP: (_("Wants no more texts"), "soon"),
    Meaning.START: (_("Agrees to texts"), "calm"),
    Meaning.HELP: (_("Asks for help"), "info"),
    "stranger": (_("Unknown number"), "neutral"),
}


#: What our answers say, in a few words.
ANSWERED: dict[str, Promise | str] = {
    "reply_received": _("We got the message, and will call"),
    "reply_choose": _("We will call; a link to choose another time"),
    "reply_emergency": _("Call 911; we call as well"),
    "reply_emergency_unknown": _("Call 911; we call as well"),
    "reply_unknown": _("We do not know this number; whom to call"),
    "reply_help": _("Whom to call, and how to stop texts"),
    "reply_stopped": _("No more texts from us"),
}


@dataclass(frozen=True)
class Entry:
    """One thing that was said or done."""

    side: str
    at: datetime
    words: Promise | str
    by: Promise | str = ""
    chip: Promise | str = ""
    tone: str = "neutral"
    code: str = ""
    automatic: bool = False
    note: Promise | str = ""
    waits: bool = False
    attended: Inbound | None = None


@dataclass(frozen=True)
class Day:
    """The entries of one day."""

    on: date
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class WaitingLine:
    """One conversation of the list."""

    waiting: Waiting
    left: str
    tone: str


def as_line(waiting: Waiting, now: datetime) -> WaitingLine:
    """Present a conversation that waits."""
    by = waiting.due_at or waiting.since + ANSWERED_WITHIN
    return WaitingLine(waiting, left_in_words(by, now), tone_of_deadline(by, now))


def days_of(thread: Thread, zone: str, now: datetime, *, everything: bool) -> tuple[list[Day], int]:
    """Return what was until now by day, the oldest first, and how many entries before it are not shown."""
    entries = [
        *(_theirs(each, thread) for each in thread.inbounds),
        *(_ours(each, thread) for each in thread.messages if not _is_to_come(each, now)),
        *(_agreed(each) for each in thread.consents),
    ]
    entries.sort(key=lambda entry: entry.at)
    hidden = 0 if everything else max(len(entries) - SHOWN, 0)
    days: list[Day] = []
    for entry in entries[hidden:]:
        on = entry.at.astimezone(ZoneInfo(zone)).date()
        if not days or days[-1].on != on:
            days.append(Day(on))
        days[-1].entries.append(entry)
    return days, hidden


def to_come(thread: Thread, now: datetime) -> list[Entry]:
    """Return the texts that are due later, the next one first."""
    waiting = [_ours(each, thread) for each in thread.messages if _is_to_come(each, now)]
    return sorted(waiting, key=lambda entry: entry.at)


def _is_to_come(message: Message, now: datetime) -> bool:
    return message.status == MessageStatus.DUE and message.due_at > now


def _theirs(inbound: Inbound, thread: Thread) -> Entry:
    # What is urgent is an emergency, whoever wrote it, and though it can't be handled.
    understood = Meaning.EMERGENCY if inbound.urgent else inbound.handled_as
    chip, tone = UNDERSTOOD.get(understood, ("", "neutral"))
    waits = inbound.waits_for_person and inbound.attended_at is None
    pictures = _("With a picture, which stays with the carrier: ask them to show it to us.") if inbound.media else ""
    return Entry(
        side="theirs",
        at=inbound.received_at,
        words=inbound.body or _("(no words)"),
        by=str(thread.patients[0]) if len(thread.patients) == 1 else "",
        chip=chip,
        tone=tone,
        note=pictures,
        waits=waits,
        attended=inbound if inbound.attended_at else None,
    )


def _ours(message: Message, thread: Thread) -> Entry:
    typed = thread.typed.get(message.about_id) if message.about_kind == "typed" else None
    called = OF_A_CALL.get(message.status) if message.channel == Channel.VOICE else None
    pending = message.status in (MessageStatus.DUE, MessageStatus.SENDING)
    at = message.sent_at or (message.due_at if pending else message.ended_at) or message.created_at
    answered = next((each for each in thread.inbounds if each.pk == message.about_id), None)
    said = ANSWERED.get(answered.answer) if answered and message.about_kind == "inbound" else None
    shared = len(thread.patients) > 1 and message.patient is not None
    return Entry(
        side="ours",
        at=at,
        words=typed.words if typed else said or message.get_purpose_display(),
        by=str(typed.author) if typed else "",
        chip=called or message.get_status_display(),
        tone=tone_of(message.status),
        code=message.end_code,
        automatic=typed is None,
        note=str(message.patient) if shared else "",
    )


def _agreed(consent: Consent) -> Entry:
    return Entry(
        side="note",
        at=consent.at,
        words=_("Agreed to texts") if consent.granted else _("Wants no more texts"),
        by=str(consent.recorded_by or ""),
        note=consent.get_channel_display(),
        tone="calm" if consent.granted else "soon",
    )
