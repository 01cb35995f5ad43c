"""`manage.py messages`: what an operator asks and does about messages, by their ids, and about our senders."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.access import SYSTEM, Actor
from clinic.errors import DomainError
from notifications.models import Circuit, Message, MessageStatus
from notifications.selectors.messages import for_operators
from notifications.selectors.senders import account_stopped, standing_of_senders
from notifications.services import operating

Act = Callable[..., Message]
ACTS: dict[str, Act] = {"retry": operating.retry, "cancel": operating.cancel}
SENDERS: dict[str, Callable[..., Circuit]] = {"stop": operating.stop_sender, "resume": operating.resume}


def as_shown(message: Message) -> dict[str, object]:
    """A message by its ids and codes: no words, no name, and of the number its last two digits."""
    return {
        "id": message.pk,
        "purpose": message.purpose,
        "channel": message.channel,
        "status": message.status,
        "code": message.end_code,
        "urgent": message.urgent,
        "language": message.language,
        "number_ends": message.phone[-2:],
        "patient": message.patient_id,
        "staff": message.staff_id,
        "episode": message.episode_id,
        "about": f"{message.about_kind} {message.about_id}",
        "due_at": _iso(message.due_at),
        "expires_at": _iso(message.expires_at),
        "sent_at": _iso(message.sent_at),
        "ended_at": _iso(message.ended_at),
        "attempts": [
            {
                "number": attempt.number,
                "at": _iso(attempt.at),
                "sender": attempt.sender,
                "template": f"{attempt.template} {attempt.template_version}".strip(),
                "outcomes": [
                    f"{each.kind} {each.provider_sid or each.code}".strip() for each in attempt.outcomes.all()
                ],
                "receipts": [f"{each.status} {each.code}".strip() for each in attempt.receipts.all()],
            }
            for attempt in message.tries.all()
        ],
    }


def senders_as_shown() -> dict[str, object]:
    """Our senders in order, and whether the account or one of them is stopped."""
    return {
        "account": _stopped(account_stopped()),
        "senders": [
            {
                "channel": each.channel,
                "sender": each.sender,
                "in_use": each.in_use,
                "stopped": _stopped(each.stopped),
                "tries_day": each.tries,
                "arrived_day": each.arrived,
                "lost_day": each.lost,
                "segments_per_second": each.rate,
                "seconds_behind": round(each.behind, 1),
            }
            for each in standing_of_senders()
        ],
    }


def _stopped(circuit: Circuit | None) -> dict[str, object] | None:
    if circuit is None:
        return None
    return {"code": circuit.code, "since": _iso(circuit.opened_at), "next_try": _iso(circuit.probe_at)}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


class Command(BaseCommand):
    """Shows messages, sends one again, or has one not sent; shows our senders, stops one, or lets it go on."""

    help = (
        "show: the messages with these ids, or the newest of a status, with their attempts and receipts."
        " retry: sends again what reached nobody, once, or now what waits for another try; consent, the night, the"
        " caps and truth are asked again. cancel: has what is due not sent; where it had to be said, a person is asked"
        " to say it. senders: how our senders stand. stop --sender: lets nothing leave by it; the next takes over."
        " resume: lets what leaves by a --sender, or by our account where none is named, leave again. Prints ids and"
        " codes: no words, no names, no whole telephone number of anybody. Exits with 1 where one was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which messages."""
        parser.add_argument("act", choices=("show", *ACTS, "senders", *SENDERS))
        parser.add_argument("ids", nargs="*", type=int, metavar="id")
        parser.add_argument("--status", choices=MessageStatus.values, default="", help="show: the newest of a status")
        parser.add_argument("--sender", default="", help="stop, resume: a number or messaging service of ours")
        parser.add_argument("--channel", choices=("sms", "voice"), default="sms", help="of the --sender (sms)")
        parser.add_argument("--most", type=int, default=20, help="show: at most so many (20)")

    def handle(self, *_args: Any, act: str, ids: list[int], **options: Any) -> None:
        """Show, or do it to each; refuse the ones that may not be touched, and say why."""
        if act == "show":
            self._show(ids, options["status"], options["most"])
        elif act == "senders":
            self.stdout.write(json.dumps(senders_as_shown(), indent=2))
        elif act in SENDERS:
            self._of_a_sender(act, options["channel"] if options["sender"] else "", options["sender"])
        else:
            if not ids:
                raise CommandError(f"Name the messages to {act} by their ids.")
            refused = [pk for pk in ids if not self._do(ACTS[act], act, SYSTEM, pk)]
            if refused:
                raise CommandError(f"{len(refused)} of {len(ids)} refused.")

    def _show(self, ids: list[int], status: str, most: int) -> None:
        if not ids and not status:
            raise CommandError("Name messages by their ids, or a --status.")
        shown = [as_shown(message) for message in for_operators(ids, status=status, most=max(len(ids), most, 0))]
        self.stdout.write(json.dumps(shown, indent=2))

    def _of_a_sender(self, act: str, channel: str, sender: str) -> None:
        try:
            SENDERS[act](SYSTEM, channel=channel, sender=sender)
        except DomainError as error:
            raise CommandError(f"{error.code}: {' '.join([error.detail, *error.fields.values()])}") from error
        self.stdout.write(f"{sender or 'account'}: {act} done.")

    def _do(self, service: Act, act: str, actor: Actor, pk: int) -> bool:
        try:
            message = service(actor, message_id=pk)
        except DomainError as error:
            self.stderr.write(f"{pk}: {error.code}: {error.detail}")
            return False
        became = f", as message {message.pk}" if message.pk != pk else ""
        self.stdout.write(f"{pk}: {act} done{became}; it is {message.status}.")
        return True
