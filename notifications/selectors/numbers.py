"""What is known of a telephone number from what became of its texts."""

from datetime import datetime, timedelta

from django.db.models import Q

from notifications.models import Channel, Inbound, Message, MessageStatus
from notifications.provider_codes import LANDLINE, OUT_OF_ORDER
from notifications.ways import known_of

#: For how long a number counts as one that takes no texts; then one is tried again. Numbers move between carriers.
KNOWN_FOR = timedelta(days=30)


def known_bad(phone: str, *, now: datetime) -> str:
    """Return why no text is tried to a number: a landline, or out of order; empty where it may be texted.

    The last text that was delivered, or of which the provider said so, decides; a number that has written to us since
    takes texts.
    """
    told = Q(status=MessageStatus.DELIVERED) | Q(end_code__in=LANDLINE | OUT_OF_ORDER)
    lately = Message.objects.filter(phone=phone, channel=Channel.SMS, ended_at__gt=now - KNOWN_FOR)
    last = lately.filter(told).order_by("-ended_at", "-id").values_list("status", "end_code", "ended_at").first()
    if last is None or last[0] == MessageStatus.DELIVERED:
        return ""
    wrote = Inbound.objects.filter(phone=phone, received_at__gt=last[2])
    return "" if wrote.exists() else known_of(last[1])
