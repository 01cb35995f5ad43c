"""What operators look at: the administration's tables, and the senders by which texts and calls leave."""

from django.db import transaction
from django.test import override_settings

from clinic.models import Role, Staff
from notifications.services import circuit
from notifications.services.approving import approve
from notifications.versions import present
from tests.browser.desk import Desk

FIRST, SECOND = "+12025550100", "+12025550155"


def tables(desk: Desk) -> None:
    """The list of tables, a table, somebody who is edited there, and a record that is only read."""
    report = desk.ward.read("positive")
    clinician = desk.ward.people[Role.CLINICIAN]
    Staff.objects.filter(pk=clinician.pk).update(languages=["es", "ht"])
    Staff.objects.filter(role=Role.ADMINISTRATOR).update(is_staff=True, is_superuser=True)
    for name, path in (
        ("tables", ""),
        ("table of people", "clinic/staff/"),
        ("table person", f"clinic/staff/{clinician.pk}/change/"),
        ("table record to read", f"clinic/report/{report.pk}/change/"),
    ):
        desk.go(Role.ADMINISTRATOR, f"/admin/{path}")
        desk.look(name)
    desk.go(Role.ADMINISTRATOR, f"/staff/people/{clinician.pk}/")
    desk.look("person with languages")


def sending(desk: Desk) -> None:
    """One sender stopped by what the provider said, the next in its place."""
    with override_settings(TWILIO_SENDERS=[FIRST, SECOND], TWILIO_VOICE_SENDERS=[FIRST]):
        desk.go(Role.MANAGER, "/staff/sending/")
        desk.look("sending")
        with transaction.atomic():
            circuit.open_circuit("30034", channel="sms", sender=FIRST, by_receipt=True)
        desk.go(Role.MANAGER, "/staff/sending/")
        desk.look("sending with a stopped sender")


def texts(desk: Desk) -> None:
    """The words that we send, as they wait for who approves them; and approved but for one."""
    desk.go(Role.PHYSICIAN, "/staff/texts/")
    desk.look("texts that wait")
    versions = present()
    versions.pop(("visit_reminder", "es"))
    approve(desk.ward.actor(Role.PHYSICIAN), texts=versions)
    desk.go(Role.ADMINISTRATOR, "/staff/texts/")
    desk.look("texts approved but for one")
    desk.go(Role.PHYSICIAN, "/staff/texts/visit_reminder/en/withdraw/")
    desk.look("text whose approval is withdrawn")
