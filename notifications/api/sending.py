"""How sending stands, over the API: our senders, what waits, how messages ended; stop a sender, let it go on."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from notifications.models import Channel, Circuit
from notifications.selectors import approvals, figures
from notifications.selectors.senders import SenderStanding, account_stopped, standing_of_senders
from notifications.services import operating

_CHANNELS = [(each.value, each.label) for each in (Channel.SMS, Channel.VOICE)]


class SenderBody(serializers.Serializer[object]):
    """Which of our senders, and whether for texts or for calls."""

    channel = serializers.ChoiceField(choices=_CHANNELS)
    sender = serializers.CharField(max_length=40)


class ResumeBody(serializers.Serializer[object]):
    """One of our senders, or the account."""

    account = serializers.BooleanField(default=False)
    channel = serializers.ChoiceField(choices=_CHANNELS, required=False)
    sender = serializers.CharField(max_length=40, required=False)

    def validate(self, attrs: object) -> object:
        """Let one thing be named, not two and not none."""
        named = dict(attrs) if isinstance(attrs, dict) else {}
        if named["account"] is ("channel" in named and "sender" in named):
            raise serializers.ValidationError({"sender": "Name a channel and a sender, or the account: one of them."})
        return attrs


def as_stopped(circuit: Circuit | None) -> dict[str, object] | None:
    """Why and since when nothing leaves, and when one message tries again by itself (never, where a person stopped)."""
    if circuit is None or circuit.opened_at is None:
        return None
    return {"code": circuit.code, "since": circuit.opened_at, "tries_again_at": circuit.probe_at}


def as_sender(standing: SenderStanding) -> dict[str, object]:
    """One sender, and what left by it within a day."""
    return {
        "channel": standing.channel,
        "place": standing.place,
        "sender": standing.sender,
        "in_use": standing.in_use,
        "stopped": as_stopped(standing.stopped),
        "tried": standing.tries,
        "arrived": standing.arrived,
        "lost": standing.lost,
        "segments_per_second": standing.rate,
        "seconds_behind": round(standing.behind, 1),
    }


def as_sending() -> dict[str, object]:
    """All of it."""
    depth, age, unknown_age = figures.queue_depth(), figures.queue_age(), figures.unknown_age()
    due = {urgency: {"messages": depth[urgency], "oldest_seconds": age[urgency]} for urgency in depth}
    unknown = {
        status: {"messages": count, "oldest_seconds": unknown_age[status]}
        for status, count in figures.unknowns().items()
    }
    return {
        "account_stopped": as_stopped(account_stopped()),
        "senders": [as_sender(each) for each in standing_of_senders()],
        "due": due,
        "unknown": unknown,
        "ended_within_a_day": figures.ended_by_code(),
        "texts_unapproved": sum(approvals.waiting().values()),
    }


class SendingView(APIView):
    """GET how sending stands."""

    permission = Permission.OPERATE_SENDING

    @documented("Our senders in order, what waits and since when, and how the messages of a day ended, by code.")
    def get(self, request: Request) -> Response:
        """Return counts and codes; nobody's name or number but our own."""
        return Response(as_sending())


class SendingStopView(APIView):
    """POST: let nothing leave by a sender."""

    permission = Permission.OPERATE_SENDING

    @documented("Let nothing leave by one of our senders: the next in order takes its messages.", body=SenderBody)
    @idempotent
    def post(self, request: Request) -> Response:
        """Stop it; 409 where it is stopped already."""
        named = body(SenderBody, request)
        operating.stop_sender(caller(request), channel=named["channel"], sender=named["sender"])
        return Response(as_sending())


class SendingResumeView(APIView):
    """POST: let messages leave again."""

    permission = Permission.OPERATE_SENDING

    @documented("Let messages leave by a sender again, or by any: our account is in order.", body=ResumeBody)
    @idempotent
    def post(self, request: Request) -> Response:
        """Resume it; 409 where nothing is stopped there."""
        named = body(ResumeBody, request)
        which = {} if named["account"] else {"channel": named["channel"], "sender": named["sender"]}
        operating.resume(caller(request), **which)
        return Response(as_sending())
