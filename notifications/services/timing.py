"""When a routine message may leave: by day where the patient is, one a day and three a week for a number."""

from datetime import datetime

from notifications.caps import A_WEEK, MOST_A_WEEK, next_under_caps
from notifications.models import Channel, Message, MessageStatus
from notifications.quiet_hours import end_of_day, next_allowed
from notifications.selectors.zones import zones_of_phone
from notifications.services import settling
from notifications.services.owing import number_of


def goes_elsewhere(message: Message) -> bool:
    """Address a claimed message anew where the patient's number was corrected since it was owed; it is due as before.

    It is claimed anew: consent, the night and the caps are asked of the number that it has then.
    """
    number = number_of(message)
    if message.channel == Channel.PERSON or number == message.phone:
        return False
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.DUE, phone=number)
    return True


def may_arrive_until(message: Message, now: datetime) -> datetime | None:
    """Return until when a message that leaves now is of use and may arrive; None where it was put off, or ended.

    What is not urgent arrives by day: where the provider's own queue is long it is not delivered by night either.
    """
    if message.urgent or message.channel == Channel.PERSON:
        return message.expires_at
    zones = zones_of_phone(message.phone, message.patient)
    if _must_wait(message, now, zones):
        return None
    return min(message.expires_at, end_of_day(now, zones))


def _must_wait(message: Message, now: datetime, zones: tuple[str, ...]) -> bool:
    """Put a routine text or call off until it is day, and until its number may get one more.

    It says so where that is too late. By night the caps are not asked yet: whoever has to take over is asked by day.
    """
    by_day = next_allowed(now, zones)
    may_go = (
        by_day if by_day > now else next_allowed(next_under_caps(now, _routine_of(message.phone, now), zones), zones)
    )
    if may_go <= now:
        tomorrow = next_allowed(next_under_caps(now, [now], zones), zones)
        if not _gives_way(message, tomorrow):
            return False
        may_go = tomorrow
    if by_day <= now and may_go >= message.expires_at:
        settling.not_sent(message, MessageStatus.EXPIRED, "over_the_cap")
    else:
        postpone(message, may_go)
    return True


def postpone(message: Message, until: datetime) -> None:
    """Put a claimed message back until an instant."""
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.DUE, due_at=until)


def _gives_way(message: Message, tomorrow: datetime) -> bool:
    """Whether a text that may as well go tomorrow would take the day's place of one that may not: a reminder, say."""
    if message.expires_at <= tomorrow:
        return False
    others = Message.objects.filter(phone=message.phone, urgent=False, status=MessageStatus.DUE)
    return others.filter(due_at__lt=tomorrow, expires_at__lte=tomorrow).exists()


def _routine_of(phone: str, now: datetime) -> list[datetime]:
    """When the last routine texts and calls of a week left for a number, whoever of those who share it they were for.

    None of them is missing: while one of a number is on its way no other is taken. What did not arrive troubled nobody.
    """
    lately = Message.objects.filter(phone=phone, urgent=False, sent_at__gt=now - A_WEEK)
    lately = lately.exclude(status__in=(MessageStatus.UNDELIVERED, MessageStatus.FAILED))
    found = lately.order_by("-sent_at").values_list("sent_at", flat=True)[:MOST_A_WEEK]
    return [at for at in found if at is not None]
