"""A working center at noon with people, visits and results, for the pages of staff."""

from dataclasses import dataclass, field

from django.test import Client

from clinic import clock
from clinic.access import Actor, staff_actor
from clinic.models import Episode, Report, Role, Staff
from clinic.services.reports import Finding, record_preliminary
from scheduling.models import Appointment
from scheduling.services import visits
from tests.factories import (
    actor_of,
    make_staff,
    make_working_center,
    make_zip,
    noon_tomorrow,
    open_calendar,
    set_clock,
)
from tests.scheduling.conftest import Place


@dataclass
class Ward:
    """The center, and one person of each role who works there."""

    place: Place
    people: dict[str, Staff]
    clients: dict[str, Client] = field(default_factory=dict)

    def browser(self, role: str) -> Client:
        """The browser of the person of a role, logged in."""
        if role not in self.clients:
            self.clients[role] = Client()
            self.clients[role].force_login(self.people[role])
        return self.clients[role]

    def actor(self, role: str) -> Actor:
        """The actor that the person of a role is."""
        return staff_actor(self.people[role])

    def scanned(self, hour: int = 13) -> Appointment:
        """A rule-out scan that was just completed."""
        visit = self.place.booked(hour)
        sonographer = self.actor(Role.SONOGRAPHER)
        visits.check_in(sonographer, appointment_id=visit.pk)
        visits.start(sonographer, appointment_id=visit.pk)
        return visits.complete(sonographer, appointment_id=visit.pk)

    def read(self, impression: str = "negative", hour: int = 13) -> Report:
        """A completed scan with its preliminary."""
        visit = self.scanned(hour)
        assert visit.step_id is not None
        return record_preliminary(
            self.actor(Role.SONOGRAPHER),
            step_id=visit.step_id,
            finding=Finding(impression=impression, side="left"),
            scan_ended_at=clock.now(),
        )

    def suspected(self) -> Episode:
        """An episode that waits for its booking."""
        return self.place.suspected()


def open_ward() -> Ward:
    """Open the center, at noon of a day on which it is open."""
    make_zip()
    center = make_working_center()
    types = open_calendar(days=3)
    set_clock(noon_tomorrow())
    people = {role: make_staff(role, center=center) for role in Role.values}
    return Ward(Place(center, types, actor_of(Role.REPRESENTATIVE)), people)
