"""What a message says now, from the rows that it is about; and whether it is still true."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from clinic import clock
from clinic.models import LIVE_STEP, Link, LinkPurpose, Report, Step
from clinic.phones import national
from clinic.services import links
from notifications.models import Inbound, Message, Purpose
from notifications.replies import Meaning, meaning_of
from notifications.segments import without_costly_marks
from notifications.wording import NAME_LENGTH, fill
from scheduling.models import Appointment

#: For how long a link in a text opens what it is about.
VISIT_LINK_LIFE = timedelta(days=2)
RESULT_LINK_LIFE = timedelta(days=30)
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


def render(message: Message) -> str:
    """Return the text of a message. Raises `NoLongerTrue`."""
    about = {"appointment": _visit, "report": _report, "step": _step, "link": _code, "inbound": _reply}
    name, values = about[message.about_kind](message)
    common = {
        "clinic": settings.CLINIC_SHORT_NAME,
        "name": without_costly_marks(message.patient.given_name)[:NAME_LENGTH],
        "phone": national(settings.PATIENT_SERVICES_LINE),
    }
    return fill(name, message.language, common | values)


def _visit(message: Message) -> tuple[str, dict[str, str]]:
    visit = Appointment.objects.select_related("center").get(pk=message.about_id)
    if visit.status not in _VISIT_STATUSES[message.purpose]:
        raise NoLongerTrue(f"visit_{visit.status}")
    if not message.dedupe_key.endswith(f":{visit.sequence}"):
        raise NoLongerTrue("visit_moved")
    values = {"when": _when(visit.starts_at, visit.center.zone), "center": visit.center.short_name}
    if message.purpose != Purpose.BOOKING_CANCELLED:
        link = links.issue(
            purpose=LinkPurpose.VISIT,
            subject_id=visit.pk,
            patient=message.patient,
            expires_at=visit.ends_at + VISIT_LINK_LIFE,
        )
        values["link"] = links.url(link)
    return message.purpose, values


def _report(message: Message) -> tuple[str, dict[str, str]]:
    report = Report.objects.select_related("center").get(pk=message.about_id)
    if message.purpose == Purpose.PLEASE_CALL:
        if report.patient_told_at is not None:
            raise NoLongerTrue("told")
        return message.purpose, {"phone": national(report.center.phone)}
    if report.result_sent_at is None:
        raise NoLongerTrue("amended")
    link = links.issue(
        purpose=LinkPurpose.RESULT,
        subject_id=report.pk,
        patient=message.patient,
        expires_at=clock.now() + RESULT_LINK_LIFE,
    )
    return message.purpose, {"link": links.url(link), "phone": national(report.center.phone)}


def _step(message: Message) -> tuple[str, dict[str, str]]:
    step = Step.objects.select_related("episode__center").get(pk=message.about_id)
    if step.status not in LIVE_STEP or step.due_at is None:
        raise NoLongerTrue(f"step_{step.status}")
    called = step.kind in ("follow_up_call", "self_care_check")
    if step.status == "scheduled":
        # Its visit has a reminder of its own.
        raise NoLongerTrue("visit_booked")
    center = step.episode.center
    day = f"{step.due_at.astimezone(ZoneInfo(center.zone)):%a %b} {step.due_at.astimezone(ZoneInfo(center.zone)).day}"
    return ("follow_up_call" if called else "follow_up_visit"), {"day": day, "phone": national(center.phone)}


def _code(message: Message) -> tuple[str, dict[str, str]]:
    link = Link.objects.get(pk=message.about_id)
    current = message.dedupe_key.endswith(f":{link.code_generation}")
    if not current or link.code_expires_at is None or link.code_expires_at <= clock.now():
        raise NoLongerTrue("code_over")
    return message.purpose, {"code": links.current_code(link)}


def _reply(message: Message) -> tuple[str, dict[str, str]]:
    inbound = Inbound.objects.get(pk=message.about_id)
    emergency = meaning_of(inbound.body, inbound.opt_out_type) is Meaning.EMERGENCY
    return ("reply_emergency" if emergency else "reply_received"), {}


def _when(instant: datetime, zone: str) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%a %b} {local.day} {local:%I:%M %p}".replace(" 0", " ")
