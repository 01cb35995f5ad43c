"""What a number was asked last: what a letter or a number in its reply answers."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from clinic.models import Step
from notifications.models import Channel, Inbound, Message, MessageStatus, OfferedTime, Purpose
from notifications.replies import number_in
from scheduling.models import Appointment
from scheduling.selectors.step_times import waits_for_a_time

#: A reply answers a question that we asked this number within so long.
ANSWERS_WITHIN = timedelta(days=7)
#: What we sent is written down so long after it left, at most: an answer may be faster, and is heard later.
WRITTEN_DOWN_WITHIN = timedelta(minutes=5)
ASKS = (Purpose.BOOKING_CONFIRMATION, Purpose.BOOKING_CHANGED, Purpose.VISIT_REMINDER)
#: These ask whether another time will do, and are answered by their link: a letter after them may be meant for them.
OFFERS = (Purpose.SLOT_OFFERED, Purpose.MOVE_ASKED)
#: All that ask something of the patient.
_QUESTIONS = (*ASKS, *OFFERS, Purpose.FOLLOW_UP_OFFER, Purpose.FOLLOW_UP_REMINDER)
#: What is known not to have arrived asked nothing.
_NOT_ASKED = (MessageStatus.UNDELIVERED, MessageStatus.FAILED)
_AHEAD = ("booked", "confirmed")


def visit_asked(inbound: Inbound) -> Appointment | None:
    """Return the visit that this number was asked about last.

    None where there is none or it lies no longer ahead; and where visits of two patients were asked about: who shares
    a telephone may mean either.
    """
    ids = list(dict.fromkeys(_asked(inbound, ASKS).values_list("about_id", flat=True)))
    visits = Appointment.objects.select_related("center", "episode", "visit_type").in_bulk(ids)
    ahead = [visits[pk] for pk in ids if pk in visits and visits[pk].status in _AHEAD]
    if len({visit.patient_id for visit in ahead}) != 1:
        return None
    return ahead[0] if ahead[0].pk == ids[0] else None


def knows_its_time(inbound: Inbound, visit: Appointment) -> bool:
    """Whether what this number was told of a visit last is how it stands: it may have been moved since.

    Whoever answers an older text means the time that stands there.
    """
    last = _asked(inbound, ASKS).filter(about_kind="appointment", about_id=visit.pk).first()
    return last is not None and last.dedupe_key.endswith(f":{visit.sequence}")


def offered_since(inbound: Inbound) -> bool:
    """Whether this number was offered another time after it was told of a visit: it may be answering that."""
    last = _asked(inbound, (*ASKS, *OFFERS)).first()
    return last is not None and last.purpose in OFFERS


def asked_anything(inbound: Inbound) -> bool:
    """Whether this number was told or asked lately about a visit, or about a time for one, in whatever way.

    By a call as well, and by a text of which it is said that it did not arrive: a person asks once too often, rather.
    """
    return _told(inbound, _QUESTIONS).exists()


def time_chosen(inbound: Inbound) -> OfferedTime | None:
    """Return the time that the number in a reply chooses, of those that this number was offered last.

    None where it chooses none, where its step waits for no time any more, and where two patients were offered times.
    """
    number, message = number_in(inbound.body), _offered(inbound)
    if number is None or message is None:
        return None
    times = message.offered_times.select_related("step__episode__patient", "center", "visit_type")
    return times.filter(number=number).first()


def chosen_from(inbound: Inbound) -> Step | None:
    """Return the step whose times a reply was about, or None where nothing waits to be chosen."""
    message = _offered(inbound)
    return Step.objects.select_related("episode").get(pk=message.about_id) if message else None


def _offered(inbound: Inbound) -> Message | None:
    """The last text that offered times of a step which still waits for one, where only one patient got such a text."""
    sent = _asked(inbound, (Purpose.FOLLOW_UP_OFFER,)).filter(offered_times__isnull=False).distinct()
    last: dict[int, Message] = {}
    for message in sent:
        last.setdefault(message.about_id, message)
    steps = Step.objects.in_bulk(list(last))
    open_ = [message for pk, message in last.items() if pk in steps and waits_for_a_time(steps[pk])]
    return open_[0] if len({message.patient_id for message in open_}) == 1 else None


def _asked(inbound: Inbound, purposes: tuple[Purpose, ...]) -> QuerySet[Message]:
    """What this number had been asked when it wrote, the last first. A reply may be faster than the receipt.

    A reply that is heard late answers nothing that was asked since. A call says only whom to call: it asks nothing.
    """
    asked = _told(inbound, purposes).filter(channel=Channel.SMS).exclude(status__in=_NOT_ASKED)
    return asked.order_by(F("sent_at").desc(nulls_first=True), "-id")


def _told(inbound: Inbound, purposes: tuple[Purpose, ...]) -> QuerySet[Message]:
    """What had left for this number when it wrote."""
    at = inbound.received_at
    lately = Q(sent_at__gt=at - ANSWERS_WITHIN, sent_at__lte=at + WRITTEN_DOWN_WITHIN)
    on_its_way = Q(status__in=(MessageStatus.SENDING, MessageStatus.UNKNOWN))
    return Message.objects.filter(lately | on_its_way, phone=inbound.phone, purpose__in=purposes, created_at__lte=at)
