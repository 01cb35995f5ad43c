"""What a message says now, from the rows that it is about; and whether it is still true."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from clinic import clock
from clinic.models import (
    LIVE_STEP,
    EpisodeStatus,
    Link,
    LinkPurpose,
    Patient,
    Report,
    ResultShare,
    Staff,
    Step,
    StepKind,
    StepStatus,
)
from clinic.phones import national, spoken
from clinic.selectors.identity import ruling_on
from clinic.selectors.patients import staying
from clinic.services import links
from notifications.dates import day_in, moment_in, time_of
from notifications.models import Channel, Inbound, Message, Purpose
from notifications.selectors.questions import chosen_from
from notifications.selectors.results import readable
from notifications.selectors.spoken import call_to, common_values
from notifications.services.rendering_replies import CHOOSE, remember_offered, template_of, typed
from notifications.wording import Rendered, rendered
from scheduling.models import Appointment, Offer, OfferStatus
from scheduling.selectors.search import Slot, local_date
from scheduling.selectors.step_times import times_of
from triage.models import Decision
from triage.selectors import decisions_of

#: For how long a link in a text opens what it is about.
VISIT_LINK_LIFE = timedelta(days=2)
#: After an offer is over its link still says what became of it.
OFFER_LINK_LIFE = timedelta(days=1)
RESULT_LINK_LIFE = timedelta(days=30)
FOLLOW_UP_LINK_LIFE = timedelta(days=21)
#: How many free times are looked at for two of different days.
LOOKED_AT = 60
_AHEAD = ("booked", "confirmed")
_VISIT_STATUSES: dict[str, tuple[str, ...]] = {
    Purpose.BOOKING_CONFIRMATION: (*_AHEAD, "arrived", "in_progress"),
    Purpose.BOOKING_CHANGED: _AHEAD,
    Purpose.VISIT_REMINDER: _AHEAD,
    Purpose.BOOKING_CANCELLED: ("cancelled",),
}


@dataclass(frozen=True)
class NoLongerTrue(Exception):
    """What the message was to say is not so any more; ``code`` says why."""

    code: str


def render(message: Message) -> Rendered:
    """Return the words of a message: of a call to a patient its first. Raises `NoLongerTrue`."""
    about = {
        "appointment": _visit,
        "report": _report,
        "share": _share,
        "step": _step,
        "link": _code,
        "inbound": _reply,
        "typed": typed,
        "decision": _unreached,
        "offer": _offer,
    }
    name, values = about[message.about_kind](message)
    return rendered(name, message.language, common_values(message) | values)


def _address(link: Link, patient: Patient) -> str:
    """What stands for a link in a text: its address, or where nothing opens it the number to call; never a dead link.

    Nothing opens one that is locked, nor one of a patient whose birth date nobody has asked for yet.
    """
    asks = patient.birth_date or staying(patient).birth_date
    return links.url(link) if link.locked_at is None and asks else national(settings.PATIENT_SERVICES_LINE)


def _address_of_result(link: Link) -> str:
    """The address of a link to a result. While it is locked a person is asked to find out who has tried."""
    if link.locked_at is not None:
        raise NoLongerTrue("link_locked")
    return links.url(link)


def _visit(message: Message) -> tuple[str, dict[str, str]]:
    visit = Appointment.objects.select_related("center").get(pk=message.about_id)
    if visit.status not in _VISIT_STATUSES[message.purpose]:
        raise NoLongerTrue(f"visit_{visit.status}")
    if not message.dedupe_key.endswith(f":{visit.sequence}"):
        raise NoLongerTrue("visit_moved")
    if message.channel == Channel.VOICE:
        return call_to(message, visit.center)
    values = {"when": _when(message, visit.starts_at, visit.center.zone), "center": visit.center.short_name}
    if message.purpose != Purpose.BOOKING_CANCELLED:
        values["link"] = _visit_link(message, visit)
    return message.purpose, values


def _visit_link(message: Message, visit: Appointment) -> str:
    link = links.issue(
        purpose=LinkPurpose.VISIT,
        subject_id=visit.pk,
        patient=message.recipient,
        expires_at=visit.ends_at + VISIT_LINK_LIFE,
    )
    return _address(link, message.recipient)


def _report(message: Message) -> tuple[str, dict[str, str]]:
    report = Report.objects.select_related("center").get(pk=message.about_id)
    ask_to_call = message.purpose in (Purpose.PLEASE_CALL, Purpose.SEEK_EMERGENCY_CARE)
    # Whoever knows their result is not asked to call about it, by text or by machine; the link to it they may get.
    asks = ask_to_call or message.purpose == Purpose.RESULT_WAITING or message.channel == Channel.VOICE
    if asks and report.patient_told_at is not None:
        raise NoLongerTrue("told")
    if message.purpose == Purpose.RESULT_TO_READ and not readable(report):
        raise NoLongerTrue("not_told")
    if message.purpose in (Purpose.RESULT_READY, Purpose.RESULT_WAITING) and report.result_sent_at is None:
        raise NoLongerTrue("amended")
    if message.channel == Channel.VOICE:
        return call_to(message, report.center)
    phone = national(report.center.phone)
    if ask_to_call:
        return message.purpose, {"phone": phone}
    link = links.issue(
        purpose=LinkPurpose.RESULT,
        subject_id=report.pk,
        patient=message.recipient,
        expires_at=clock.now() + RESULT_LINK_LIFE,
    )
    return message.purpose, {"link": _address_of_result(link), "phone": phone}


def _share(message: Message) -> tuple[str, dict[str, str]]:
    """The link for who speaks for the patient; nothing where they may not hear it any more."""
    share = ResultShare.objects.select_related("report__center", "representative__patient").get(pk=message.about_id)
    if not readable(share.report):
        raise NoLongerTrue("amended")
    if not ruling_on(share.representative).may_hear:
        raise NoLongerTrue("may_not_hear")
    link = links.issue(
        purpose=LinkPurpose.SHARE,
        subject_id=share.pk,
        patient=message.recipient,
        expires_at=clock.now() + RESULT_LINK_LIFE,
    )
    return message.purpose, {"link": _address_of_result(link), "phone": national(share.report.center.phone)}


def _step(message: Message) -> tuple[str, dict[str, str]]:
    step = Step.objects.select_related("episode__center", "plan__report").get(pk=message.about_id)
    if message.purpose == Purpose.FOLLOW_UP_NEXT:
        return _what_comes_next(message, step)
    if step.status not in LIVE_STEP or step.due_at is None:
        raise NoLongerTrue(f"step_{step.status}")
    if message.staff is not None:
        return _page(message, step, message.staff)
    if step.status == "scheduled" or step.attended_since is not None:
        # Its visit has a reminder of its own.
        raise NoLongerTrue("visit_booked")
    if message.purpose == Purpose.FOLLOW_UP_OFFER:
        return _times(message, step)
    center = step.episode.center
    day = day_in(message.language, step.due_at.astimezone(ZoneInfo(center.zone)))
    if step.kind in ("follow_up_call", "dose_change", "self_care_check"):
        return "follow_up_call", {"day": day, "phone": national(center.phone)}
    return "follow_up_visit", {"day": day, "link": _follow_up_link(message, step)}


def _times(message: Message, step: Step) -> tuple[str, dict[str, str]]:
    """Two times of different days that are free now within the step's window, and the link to choose; or it alone."""
    report = step.plan.report if step.plan is not None else None
    if report is not None and report.patient_told_at is None and report.result_sent_at is None:
        # Asking for another visit would tell that something was found.
        raise NoLongerTrue("not_told")
    slots = _apart(times_of(step, zip=message.recipient.zip, most=LOOKED_AT))
    values = {"link": _follow_up_link(message, step), "phone": national(step.episode.center.phone)}
    if len(slots) < 2:
        return "follow_up_choose", values
    remember_offered(message, step, slots)
    when, then = (_when(message, slot.starts_at, slot.center.zone) for slot in slots)
    return "follow_up_offer", values | {"when": when, "then": then}


def _apart(slots: list[Slot]) -> list[Slot]:
    """The first time, and the first of another day where there is one."""
    first = slots[:1]
    others = [slot for slot in slots[1:] if _day(slot) != _day(first[0])]
    return first + (others or slots[1:])[:1]


def _day(slot: Slot) -> date:
    return local_date(slot.starts_at, slot.center.zone)


def _what_comes_next(message: Message, step: Step) -> tuple[str, dict[str, str]]:
    """After a step that was done: the way to what comes next, as long as the episode goes on."""
    if step.status != StepStatus.DONE or step.episode.status != EpisodeStatus.OPEN:
        raise NoLongerTrue("over")
    return message.purpose, {"link": _follow_up_link(message, step), "phone": national(step.episode.center.phone)}


def _follow_up_link(message: Message, step: Step) -> str:
    """The link to the follow-up: it lives on while there is something to choose."""
    ends = max(filter(None, (step.window_end, step.due_at, clock.now())))
    link = links.issue(
        purpose=LinkPurpose.FOLLOW_UP,
        subject_id=step.episode_id,
        patient=message.recipient,
        expires_at=ends + FOLLOW_UP_LINK_LIFE,
    )
    return _address(link, message.recipient)


def _page(message: Message, step: Step, staff: Staff) -> tuple[str, dict[str, str]]:
    """Somebody on call is told that a step waits: by when, and where it lies; nothing of whom it is about.

    A callback that was taken needs no page any more; a step may have been given to the very person who is paged.
    """
    if step.owner_id is not None and step.owner_id != staff.pk:
        raise NoLongerTrue("taken")
    if step.owner_id is not None and message.purpose == Purpose.URGENT_CALLBACK:
        raise NoLongerTrue("taken")
    if not staff.is_active or not staff.phone:
        raise NoLongerTrue("left")
    if message.channel == Channel.VOICE:
        return f"{message.purpose}_call", {"phone": spoken(settings.PATIENT_SERVICES_LINE)}
    due = (step.due_at or message.expires_at).astimezone(ZoneInfo(step.episode.center.zone))
    where = f"{settings.PUBLIC_BASE_URL}{reverse('staff-step', args=[step.pk])}"
    return message.purpose, {"due": f"{due:%I:%M %p %Z}".lstrip("0"), "link": where}


def _unreached(message: Message) -> tuple[str, dict[str, str]]:
    """Somebody whom no call reached is sent to emergency care, as long as that is what was decided last."""
    decision = Decision.objects.select_related("assessment__episode__center").get(pk=message.about_id)
    episode = decision.assessment.episode
    if episode is None or not episode.steps.filter(kind=StepKind.CALLBACK, status__in=LIVE_STEP).exists():
        raise NoLongerTrue("reached")
    if decisions_of(episode)[0] != decision:
        raise NoLongerTrue("decided_anew")
    if message.channel == Channel.VOICE:
        return call_to(message, episode.center)
    return message.purpose, {"phone": national(episode.center.phone)}


def _offer(message: Message) -> tuple[str, dict[str, str]]:
    """A time that is held for them, as long as it is."""
    offer = Offer.objects.select_related("center").get(pk=message.about_id)
    if offer.status != OfferStatus.OPEN or offer.expires_at <= clock.now():
        raise NoLongerTrue(f"offer_{offer.status}")
    link = links.issue(
        purpose=LinkPurpose.OFFER,
        subject_id=offer.pk,
        patient=message.recipient,
        expires_at=offer.expires_at + OFFER_LINK_LIFE,
    )
    zone = offer.center.zone
    until = time_of(offer.expires_at.astimezone(ZoneInfo(zone)))
    when, address = _when(message, offer.starts_at, zone), _address(link, message.recipient)
    return message.purpose, {"when": when, "center": offer.center.short_name, "until": until, "link": address}


def _code(message: Message) -> tuple[str, dict[str, str]]:
    link = Link.objects.get(pk=message.about_id)
    current = message.dedupe_key.endswith(f":{link.code_generation}")
    if not current or link.code_expires_at is None or link.code_expires_at <= clock.now():
        raise NoLongerTrue("code_over")
    return message.purpose, {"code": links.current_code(link)}


def _reply(message: Message) -> tuple[str, dict[str, str]]:
    """An answer to what somebody wrote; where they may choose another time, with the link to their visit."""
    inbound = Inbound.objects.select_related("visit").get(pk=message.about_id)
    name = template_of(inbound)
    if name != CHOOSE:
        return name, {}
    if inbound.visit is not None:
        return name, {"link": _visit_link(message, inbound.visit)}
    step = chosen_from(inbound)
    return (name, {"link": _follow_up_link(message, step)}) if step else ("reply_received", {})


def _when(message: Message, instant: datetime, zone: str) -> str:
    return moment_in(message.language, instant.astimezone(ZoneInfo(zone)))
