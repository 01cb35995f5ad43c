"""What an automated call says to a patient: who we are, whom to call, and by a key a little more. Nothing clinical."""

from dataclasses import dataclass

from django.conf import settings

from clinic.models import Center
from clinic.phones import national, spoken
from notifications.models import Message, Purpose
from notifications.wording import fill, name_in_call, name_in_text
from scheduling.models import Appointment

#: What a key tells beyond the number to call, by why we call.
MORE: dict[str, str] = {
    Purpose.BOOKING_CONFIRMATION: "more_visit",
    Purpose.BOOKING_CHANGED: "more_visit",
    Purpose.BOOKING_CANCELLED: "more_visit",
    Purpose.RESULT_READY: "more_result",
    Purpose.RESULT_WAITING: "more_result",
    Purpose.PLEASE_CALL: "more_now",
    Purpose.SEEK_EMERGENCY_CARE: "more_emergency",
}


@dataclass(frozen=True)
class Script:
    """The parts of one call, in the language of its patient."""

    greeting: str
    keys: str
    more: str
    mailbox: str
    stopped: str
    goodbye: str


def common_values(message: Message) -> dict[str, str]:
    """The values that every text and call may name."""
    return {
        "clinic": settings.CLINIC_SHORT_NAME,
        # A page names nobody: it is read on a telephone that others may see.
        "name": name_in_text(message.patient.given_name) if message.patient else "",
        "phone": national(settings.PATIENT_SERVICES_LINE),
    }


def call_to(message: Message, center: Center) -> tuple[str, dict[str, str]]:
    """The template of a call's first words and its values: the center's number, said digit by digit."""
    name = "greeting_now" if message.purpose == Purpose.SEEK_EMERGENCY_CARE else "greeting"
    values = {"phone": spoken(center.phone or settings.PATIENT_SERVICES_LINE)}
    if message.patient is not None:
        values["name"] = name_in_call(message.patient.given_name)
    return name, values


def script_of(message: Message) -> Script:
    """Return what a call to a patient says. It is asked for while the telephone is at their ear: nothing is refused."""
    name, values = call_to(message, _center(message))
    values = common_values(message) | values

    def part(template: str) -> str:
        return fill(template, message.language, values)

    return Script(
        greeting=part(name),
        keys=part("keys"),
        more=part(MORE.get(message.purpose, "more_now")),
        mailbox=part("mailbox"),
        stopped=part("stopped"),
        goodbye=part("goodbye"),
    )


def _center(message: Message) -> Center:
    """Whom the patient is to call: where the visit is, else where the episode is."""
    if message.about_kind == "appointment":
        return Appointment.objects.select_related("center").get(pk=message.about_id).center
    if message.episode is None:
        raise ValueError("A call is about a visit or an episode.")
    return message.episode.center
